package io.guardian.cluster.setup;

import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;

/**
 * How to run.
 *
 * @param server base address of the server, without a path
 * @param codeFile file with the registration code; without one the environment is asked
 * @param data folder of the monitor's own files
 * @param clusterName by which people know the cluster
 * @param api where the Kubernetes API is
 * @param election how replicas agree on one; absent if this is the only one
 * @param kills what may be deleted
 * @param unobservable runtime classes beyond the usual ones whose pods run in virtual machines
 * @param spoolBytes most bytes that wait for the server on disk
 * @param insecureHttp allows plain HTTP to another machine
 * @param healthPort where health is told; absent if nowhere
 * @param debug writes more log lines
 */
public record MonitorOptions(
        URI server,
        Optional<Path> codeFile,
        Path data,
        String clusterName,
        Api api,
        Optional<Election> election,
        Kills kills,
        Set<String> unobservable,
        long spoolBytes,
        boolean insecureHttp,
        Optional<Integer> healthPort,
        boolean debug) {

    public MonitorOptions {
        unobservable = Set.copyOf(unobservable);
    }

    /** Where the Kubernetes API is. */
    public sealed interface Api {
        /** The cluster that the monitor runs in, with its service account. */
        record InCluster() implements Api {}

        /** @param context the one to use; without one, the file's current context */
        record Kubeconfig(Path file, Optional<String> context) implements Api {}
    }

    /**
     * How replicas agree on one.
     *
     * @param namespace where the lease is
     * @param lease its name
     * @param identity of this replica
     */
    public record Election(String namespace, String lease, String identity) {}

    /**
     * What may be deleted.
     *
     * @param readOnly nothing
     * @param protectedNamespaces never pods in these
     * @param ownPod {@code NAMESPACE/NAME} of the monitor, empty outside a cluster
     * @param perMinute most deletions in a minute
     * @param graceSeconds between SIGTERM and SIGKILL
     */
    public record Kills(
            boolean readOnly, Set<String> protectedNamespaces, String ownPod, int perMinute, int graceSeconds) {
        public Kills {
            protectedNamespaces = Set.copyOf(protectedNamespaces);
        }
    }
}
