package io.guardian.backend.query.spyql;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A way from the records of one schema to those of another.
 *
 * @param many whether a record may have several of them
 * @param link how the records belong together
 */
public record Join(String from, String name, String to, boolean many, Link link) {

    /** How two records belong together. */
    public sealed interface Link {
        /** A field of this record holds the other's id, or a list of ids. */
        record Holds(String field) implements Link {}

        /** A field of the other record holds this one's id, or a list with it. */
        record HeldBy(String field) implements Link {}
    }

    /** As clients are told: lists that the record itself carries count as one step. */
    public boolean oneToMany() {
        return many && link instanceof Link.HeldBy;
    }

    /** From, name, target, {@code *} for several, and the field: {@code >field} is ours, {@code <field} theirs. */
    private static final String TABLE = """
            model_process machine model_machine 1 >muid
            model_process parent model_process 1 >ppuid
            model_process children model_process * <ppuid
            model_process ancestor_processes model_process * >ancestor_uids
            model_process descendant_processes model_process * <ancestor_uids
            model_process connections model_connection * <puids
            model_process connections_as_peer model_connection * <peer_puid
            model_process container model_container 1 >container_uid
            model_process container_as_root model_container 1 <root_puid
            model_process listening_sockets model_listening_socket * <puids
            model_process commands event_bash_cmd * <puid
            model_connection machine model_machine 1 >muid
            model_connection peer_machine model_machine 1 >peer_muid
            model_connection processes model_process * >puids
            model_connection peer_process model_process 1 >peer_puid
            model_connection peer_connection model_connection 1 >peer_cuid
            model_connection container model_container 1 >container_uid
            model_listening_socket machine model_machine 1 >muid
            model_listening_socket processes model_process * >puids
            event_bash_cmd process model_process 1 >puid
            event_bash_cmd machine model_machine 1 >muid
            model_machine processes model_process * <muid
            model_machine connections model_connection * <muid
            model_machine connections_as_peer model_connection * <peer_muid
            model_machine commands event_bash_cmd * <muid
            model_machine listening_sockets model_listening_socket * <muid
            model_container cluster model_k8s_cluster 1 >cluster_uid
            model_container node model_k8s_node 1 >node_uid
            model_container pod model_k8s_pod 1 >pod_uid
            model_container machine model_machine 1 >muid
            model_container processes model_process * <container_uid
            model_container root_process model_process 1 >root_puid
            model_container connections model_connection * <container_uid
            model_k8s_cluster pods model_k8s_pod * <cluster_uid
            model_k8s_cluster services model_k8s_service * <cluster_uid
            model_k8s_cluster deployments model_k8s_deployment * <cluster_uid
            model_k8s_cluster replicasets model_k8s_replicaset * <cluster_uid
            model_k8s_cluster daemonsets model_k8s_daemonset * <cluster_uid
            model_k8s_cluster statefulsets model_k8s_statefulset * <cluster_uid
            model_k8s_cluster jobs model_k8s_job * <cluster_uid
            model_k8s_cluster cronjobs model_k8s_cronjob * <cluster_uid
            model_k8s_cluster nodes model_k8s_node * <cluster_uid
            model_k8s_cluster containers model_container * <cluster_uid
            model_k8s_node cluster model_k8s_cluster 1 >cluster_uid
            model_k8s_node pods model_k8s_pod * <node_uid
            model_k8s_pod cluster model_k8s_cluster 1 >cluster_uid
            model_k8s_pod node model_k8s_node 1 >node_uid
            model_k8s_pod deployment model_k8s_deployment 1 >deployment_uid
            model_k8s_pod machine model_machine 1 >muid
            model_k8s_pod replicaset model_k8s_replicaset 1 >owner_uid
            model_k8s_pod daemonset model_k8s_daemonset 1 >owner_uid
            model_k8s_pod statefulset model_k8s_statefulset 1 >owner_uid
            model_k8s_pod job model_k8s_job 1 >owner_uid
            model_k8s_pod containers model_container * <pod_uid
            model_k8s_deployment cluster model_k8s_cluster 1 >cluster_uid
            model_k8s_deployment replicasets model_k8s_replicaset * <owner_uid
            model_k8s_deployment pods model_k8s_pod * <deployment_uid
            model_k8s_replicaset cluster model_k8s_cluster 1 >cluster_uid
            model_k8s_replicaset deployment model_k8s_deployment 1 >owner_uid
            model_k8s_replicaset pods model_k8s_pod * <owner_uid
            model_k8s_daemonset cluster model_k8s_cluster 1 >cluster_uid
            model_k8s_daemonset pods model_k8s_pod * <owner_uid
            model_k8s_statefulset cluster model_k8s_cluster 1 >cluster_uid
            model_k8s_statefulset pods model_k8s_pod * <owner_uid
            model_k8s_job cluster model_k8s_cluster 1 >cluster_uid
            model_k8s_job pods model_k8s_pod * <owner_uid
            model_k8s_cronjob cluster model_k8s_cluster 1 >cluster_uid
            model_k8s_service cluster model_k8s_cluster 1 >cluster_uid
            event_redflag machine model_machine 1 >muid
            event_redflag container model_container 1 >container_uid
            event_redflag process model_process 1 >ref
            event_opsflag machine model_machine 1 >muid
            event_opsflag container model_container 1 >container_uid
            event_opsflag process model_process 1 >ref
            model_spydertrace machine model_machine 1 >muid
            model_spydertrace container model_container 1 >container_uid
            model_fingerprint machine model_machine 1 >muid
            event_deviation container model_container 1 >container_uid
            event_deviation process model_process 1 >ref
            """;

    private static final Map<String, Map<String, Join>> BY_SCHEMA = read();

    private static Map<String, Map<String, Join>> read() {
        var all = new LinkedHashMap<String, Map<String, Join>>();
        TABLE.lines().map(line -> List.of(line.split(" "))).forEach(cells -> {
            String field = cells.get(4).substring(1);
            Link link = cells.get(4).startsWith(">") ? new Link.Holds(field) : new Link.HeldBy(field);
            var join = new Join(
                    cells.get(0), cells.get(1), cells.get(2), cells.get(3).equals("*"), link);
            all.computeIfAbsent(join.from(), _ -> new LinkedHashMap<>()).put(join.name(), join);
        });
        return all;
    }

    /** The joins of a schema, by name. */
    public static Map<String, Join> of(String schema) {
        return BY_SCHEMA.getOrDefault(schema, Map.of());
    }

    static Optional<Join> find(String schema, String name) {
        return Optional.ofNullable(of(schema).get(name));
    }
}
