package io.guardian.agent.setup;

import io.guardian.core.net.IpAddress;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;

/**
 * How to run.
 *
 * @param server base address of the server, without a path
 * @param code where the registration code is
 * @param data folder of the agent's own files
 * @param onlyCgroups folders of the cgroups that are looked at; empty means the whole machine
 * @param pin name of the sensor's state in the kernel
 * @param ringBytes size of the sensor's ring
 * @param spoolBytes most bytes that wait for the server on disk
 * @param host how the host is seen from where the agent runs
 * @param runtimes where container runtimes keep their state, where that isn't the usual place
 * @param clusterName the Kubernetes cluster this machine is a node of, empty outside one
 * @param resolvers DNS servers that are believed besides those of each workload's {@code resolv.conf}
 * @param protectedPids processes that are never signalled, such as the server on this machine
 * @param protectedPidFiles files with the pid and the start time of such processes, read anew each time
 * @param readOnly refuses to signal and renice anything
 * @param insecureHttp allows plain HTTP to another machine
 * @param source which source of events to use
 * @param debug writes more log lines
 */
public record AgentOptions(
        URI server,
        CodeSource code,
        Path data,
        List<Path> onlyCgroups,
        String pin,
        int ringBytes,
        long spoolBytes,
        Host host,
        Runtimes runtimes,
        String clusterName,
        List<IpAddress> resolvers,
        List<Integer> protectedPids,
        List<Path> protectedPidFiles,
        boolean readOnly,
        boolean insecureHttp,
        Source source,
        boolean debug) {

    public AgentOptions {
        onlyCgroups = List.copyOf(onlyCgroups);
        resolvers = List.copyOf(resolvers);
        protectedPids = List.copyOf(protectedPids);
        protectedPidFiles = List.copyOf(protectedPidFiles);
    }

    /** Where the registration code comes from; never the command line, which every user of the machine can read. */
    public sealed interface CodeSource {
        /** The first line of a file. */
        record File(Path path) implements CodeSource {}

        /** The environment variable {@code GUARDIAN_REGISTRATION_CODE}. */
        record Environment() implements CodeSource {}
    }

    /**
     * The machine as an agent in a container must be told it.
     *
     * @param root the host's root folder
     * @param name the machine's name; empty takes the kernel's, which in a container may be the container's
     * @param addresses the machine's addresses; none takes those of the agent's network namespace
     */
    public record Host(Path root, String name, List<String> addresses) {
        public Host {
            addresses = List.copyOf(addresses);
        }
    }

    /**
     * Places of container runtimes besides the usual ones.
     *
     * @param podmanRoots each {@code ROOT:RUNROOT}
     * @param criSockets unix sockets of CRI runtimes
     * @param containerdStates state folders of containerd
     */
    public record Runtimes(List<String> podmanRoots, List<Path> criSockets, List<Path> containerdStates) {
        public Runtimes {
            podmanRoots = List.copyOf(podmanRoots);
            criSockets = List.copyOf(criSockets);
            containerdStates = List.copyOf(containerdStates);
        }
    }

    /** Where events come from. */
    public enum Source {
        /** The kernel sensor if it can run, else the process connector. */
        AUTO,
        /** The kernel sensor or nothing. */
        EBPF,
        /** The process connector and polling. */
        PROC
    }
}
