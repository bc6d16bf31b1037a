package io.guardian.backend.api;

import io.guardian.backend.http.Refusal;
import io.guardian.backend.meta.MetaStore;
import java.util.List;
import java.util.Optional;

/** What a {@code src_uid} stands for. */
sealed interface DataSource {
    /** Everything of the organisation. */
    record Global() implements DataSource {}

    record Machine(String uid) implements DataSource {}

    /** @param schemas the part of the cluster's records that the suffix names */
    record OfCluster(String uid, List<String> schemas) implements DataSource {
        public OfCluster {
            schemas = List.copyOf(schemas);
        }
    }

    record Policy(String uid) implements DataSource {}

    /** Unknown sources are a 404, which older clients read as "no data". */
    static DataSource parse(MetaStore meta, String org, String text) {
        if (text.equals("global:" + org)) {
            return new Global();
        }
        if (text.startsWith("clus:")) {
            return cluster(meta, org, text);
        }
        if (text.startsWith("pol:") || text.startsWith("rs:")) {
            return new Policy(text);
        }
        if (meta.sources().get(org, text).isPresent()
                || meta.agents().list(org).stream()
                        .anyMatch(agent -> agent.muid().equals(text))) {
            return new Machine(text);
        }
        throw unknown(text);
    }

    private static DataSource cluster(MetaStore meta, String org, String text) {
        var uid = meta.clusters().list(org).stream()
                .map(io.guardian.backend.meta.Cluster::uid)
                .filter(known -> text.equals(known) || text.startsWith(known + "_"))
                .findFirst()
                .orElseThrow(() -> unknown(text));
        var schemas = ofSuffix(text.substring(uid.length())).orElseThrow(() -> unknown(text));
        return new OfCluster(uid, schemas);
    }

    private static Optional<List<String>> ofSuffix(String suffix) {
        return switch (suffix) {
            case "" -> Optional.of(DataType.K8S.schemas());
            case "_base" ->
                Optional.of(List.of(
                        "model_k8s_cluster",
                        "model_k8s_namespace",
                        "model_k8s_node",
                        "model_k8s_deployment",
                        "model_k8s_replicaset",
                        "model_k8s_daemonset",
                        "model_k8s_statefulset",
                        "model_k8s_job",
                        "model_k8s_cronjob",
                        "model_k8s_service",
                        "model_k8s_endpoint",
                        "model_k8s_serviceaccount",
                        "model_k8s_role",
                        "model_k8s_clusterrole"));
            case "_poco" -> Optional.of(List.of("model_k8s_pod", "model_container"));
            case "_cbun" -> Optional.of(List.of("model_bundled_connection"));
            case "_flag" -> Optional.of(List.of("event_redflag", "event_opsflag"));
            default -> Optional.empty();
        };
    }

    private static Refusal unknown(String text) {
        return Refusal.notFound("unknown source `" + text + "`");
    }
}
