package io.guardian.cluster.run;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.guardian.agent.log.Log;
import io.guardian.agent.send.Backoff;
import io.guardian.cluster.setup.MonitorOptions;
import java.io.IOException;
import java.nio.file.Files;

/** The way to the Kubernetes API. */
final class KubernetesAccess {
    private static final int CONNECT_MILLIS = 10_000;
    private static final int REQUEST_MILLIS = 30_000;

    private KubernetesAccess() {}

    /** @throws IOException when there is no cluster to be found, with what to do about it */
    static KubernetesClient open(MonitorOptions.Api api) throws IOException {
        var config = config(api);
        config.setConnectionTimeout(CONNECT_MILLIS);
        config.setRequestTimeout(REQUEST_MILLIS);
        // Plain HTTP passes more proxies than WebSockets do, and one kind of watch is enough to know well.
        config.setOnlyHttpWatches(true);
        config.setUserAgent("guardian-cluster-monitor");
        return new KubernetesClientBuilder().withConfig(config).build();
    }

    private static Config config(MonitorOptions.Api api) throws IOException {
        return switch (api) {
            case MonitorOptions.Api.InCluster() -> {
                var config = new ConfigBuilder().build();
                if (System.getenv("KUBERNETES_SERVICE_HOST") == null) {
                    throw new IOException(
                            "this is not a pod of a cluster, so there is no service account; give --kubeconfig FILE");
                }
                yield config;
            }
            case MonitorOptions.Api.Kubeconfig(var file, var context) -> {
                if (!Files.isReadable(file)) {
                    throw new IOException("kubeconfig `" + file + "` can't be read");
                }
                var config = Config.fromKubeconfig(file.toFile());
                if (context.isEmpty()) {
                    yield config;
                }
                var chosen = config.getContexts().stream()
                        .filter(known -> known.getName().equals(context.get()))
                        .findFirst();
                if (chosen.isEmpty()) {
                    throw new IOException("kubeconfig `" + file + "` has no context `" + context.get() + "`");
                }
                yield Config.fromKubeconfig(context.get(), file.toFile());
            }
        };
    }

    /** Asks for the uid of {@code kube-system} until there is an answer: it is the cluster's identity. */
    static io.fabric8.kubernetes.api.model.Namespace root(KubernetesClient client, Backoff backoff, Log log)
            throws InterruptedException {
        while (true) {
            try {
                var namespace = client.namespaces().withName("kube-system").get();
                if (namespace != null && namespace.getMetadata().getUid() != null) {
                    return namespace;
                }
                log.warnLimited("cluster", "there is no namespace `kube-system`, whose uid names the cluster");
            } catch (KubernetesClientException away) {
                log.warnLimited("cluster", "no answer from the API server", "error", String.valueOf(away.getMessage()));
            }
            Thread.sleep(backoff.afterFailureMillis(-1));
        }
    }
}
