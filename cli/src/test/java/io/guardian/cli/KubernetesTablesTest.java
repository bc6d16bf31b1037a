package io.guardian.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** The tables of what a cluster holds: their columns, cells and order. The time is 15:22:51. */
class KubernetesTablesTest extends AgainstApi {
    private static final String DAYS_AGO = "2026-11-17T15:00:00Z";
    private static final String HOURS_AGO = "2026-11-20T10:22:51Z";
    private static final String MINUTES_AGO = "2026-11-20T15:10:00Z";

    private String get(String resource, String... records) {
        found(records);
        return spyctl().run("get", resource).out();
    }

    /** An object seen last at 15:20:00, as a cluster monitor records it. */
    private static String object(
            String id, String cluster, String namespace, String name, String created, String more) {
        return "{\"id\":\"" + id + "\",\"cluster_name\":\"" + cluster + "\",\"status\":\"active\",\"time\":1795188000,"
                + "\"valid_from\":1795000000,\"metadata\":{\"name\":\"" + name + "\""
                + (namespace.isEmpty() ? "" : ",\"namespace\":\"" + namespace + "\"")
                + ",\"creationTimestamp\":\"" + created + "\"}" + more + "}";
    }

    @Test
    void namespaces() {
        assertThat(get(
                        "namespaces",
                        object("ns:3", "shop", "", "web", MINUTES_AGO, ",\"k8s_status\":{\"phase\":\"Terminating\"}"),
                        object("ns:2", "shop", "", "db", DAYS_AGO, ",\"k8s_status\":{\"phase\":\"Active\"}"),
                        object("ns:1", "blue", "", "web", HOURS_AGO, "")))
                .isEqualTo("""
                        NAME  LAST_SEEN_STATUS  AGE  CLUSTER
                        web   N/A               5h   blue
                        db    Active            3d   shop
                        web   Terminating       12m  shop
                        """);
    }

    @Test
    void nodes_name_the_machine_when_it_is_known() {
        String info = ",\"k8s_status\":{\"nodeInfo\":{\"kubeletVersion\":\"v1.34.1\"}}";
        assertThat(get(
                        "nodes",
                        object("node:2", "shop", "", "worker-2", DAYS_AGO, info),
                        object("node:1", "shop", "", "worker-1", DAYS_AGO, info + ",\"muid\":\"mach:WhfD6bTSCB8\"")))
                .isEqualTo("""
                        NAME      STATUS  AGE  VERSION  CLUSTER  MUID
                        worker-1  active  3d   v1.34.1  shop     mach:WhfD6bTSCB8
                        worker-2  active  3d   v1.34.1  shop     N/A
                        """);
    }

    @Test
    void pods_count_ready_containers_and_restarts() {
        String statuses = ",\"k8s_status\":{\"phase\":\"Running\",\"containerStatuses\":["
                + "{\"name\":\"a\",\"ready\":true,\"restartCount\":2},{\"name\":\"b\",\"ready\":false,\"restartCount\":11}]}";
        assertThat(get(
                        "pods",
                        object(
                                "pod:2",
                                "shop",
                                "web",
                                "front-2",
                                MINUTES_AGO,
                                ",\"k8s_status\":{\"phase\":\"Pending\"}"),
                        object("pod:1", "shop", "db", "store-0", HOURS_AGO, statuses)))
                .isEqualTo("""
                        NAME     READY  LAST_STATUS_SEEN  LAST_SEEN             RESTARTS  AGE  NAMESPACE  CLUSTER
                        store-0  1/2    Running           2026-11-20T15:20:00Z        13  5h   db         shop
                        front-2  0/0    Pending           2026-11-20T15:20:00Z         0  12m  web        shop
                        """);
    }

    @Test
    void what_is_gone_grows_no_older() {
        assertThat(get(
                        "pods",
                        object("pod:1", "shop", "db", "store-0", "2026-11-20T10:20:00Z", ",\"valid_to\":1795175999")
                                .replace("active", "closed")))
                .contains("store-0  0/0    N/A               2026-11-20T15:20:00Z         0  1h   db         shop");
    }

    @Test
    void deployments() {
        assertThat(get(
                        "deployments",
                        object(
                                "deployment:1",
                                "shop",
                                "web",
                                "front",
                                DAYS_AGO,
                                ",\"spec\":{\"replicas\":3},\"k8s_status\":{\"replicas\":3,\"readyReplicas\":2,"
                                        + "\"updatedReplicas\":3,\"availableReplicas\":1}"),
                        object("deployment:2", "shop", "db", "idle", DAYS_AGO, ",\"spec\":{\"replicas\":0}")))
                .isEqualTo("""
                        NAME   READY  UP-TO-DATE  AVAILABLE  AGE  NAMESPACE  CLUSTER
                        idle   0/0             0          0  3d   db         shop
                        front  2/3             3          1  3d   web        shop
                        """);
    }

    @Test
    void replica_sets_and_daemon_sets_tell_desired_current_and_ready() {
        assertThat(get(
                        "replicasets",
                        object(
                                "replicaset:1",
                                "shop",
                                "web",
                                "front-5d9c",
                                DAYS_AGO,
                                ",\"spec\":{\"replicas\":3},\"k8s_status\":{\"replicas\":2,\"readyReplicas\":1,"
                                        + "\"availableReplicas\":1}")))
                .isEqualTo("""
                        NAME        D/C/R  AVAILABLE  LAST_STATUS_SEEN  LAST_SEEN             AGE  NAMESPACE  CLUSTER
                        front-5d9c  3/2/1          1  active            2026-11-20T15:20:00Z  3d   web        shop
                        """);
        assertThat(get(
                        "daemonsets",
                        object(
                                "daemonset:1",
                                "shop",
                                "kube-system",
                                "proxy",
                                DAYS_AGO,
                                ",\"k8s_status\":{\"desiredNumberScheduled\":5,\"currentNumberScheduled\":5,"
                                        + "\"numberReady\":4,\"numberAvailable\":4}")))
                .isEqualTo("""
                        NAME   D/C/R  AVAILABLE  LAST_STATUS_SEEN  LAST_SEEN             AGE  NAMESPACE    CLUSTER
                        proxy  5/5/4          4  active            2026-11-20T15:20:00Z  3d   kube-system  shop
                        """);
    }

    @Test
    void roles_and_bindings_come_by_name() {
        assertThat(get(
                        "roles",
                        object("role:2", "blue", "web", "writer", DAYS_AGO, ""),
                        object("role:1", "shop", "db", "reader", HOURS_AGO, "")))
                .isEqualTo("""
                        NAME    CREATED_AT            STATUS  AGE  NAMESPACE  CLUSTER
                        reader  2026-11-20T10:22:51Z  active  5h   db         shop
                        writer  2026-11-17T15:00:00Z  active  3d   web        blue
                        """);
        String reference = ",\"roleRef\":{\"kind\":\"ClusterRole\",\"name\":\"view\"}";
        assertThat(get("rolebindings", object("rolebinding:1", "shop", "db", "viewers", DAYS_AGO, reference)))
                .isEqualTo("""
                        NAME     KIND/ROLE         CREATED_AT            STATUS  AGE  NAMESPACE  CLUSTER
                        viewers  ClusterRole/view  2026-11-17T15:00:00Z  active  3d   db         shop
                        """);
        assertThat(get("clusterroles", object("clusterrole:1", "shop", "", "view", DAYS_AGO, "")))
                .isEqualTo("""
                        NAME  CREATED_AT            STATUS  AGE  CLUSTER
                        view  2026-11-17T15:00:00Z  active  3d   shop
                        """);
        assertThat(get("clusterrolebindings", object("crb:1", "shop", "", "viewers", DAYS_AGO, reference)))
                .isEqualTo("""
                        NAME     KIND/ROLE         CREATED_AT            STATUS  AGE  CLUSTER
                        viewers  ClusterRole/view  2026-11-17T15:00:00Z  active  3d   shop
                        """);
    }

    @Test
    void containers_are_grouped_by_image_namespace_and_cluster() {
        String container = "{\"id\":\"ID\",\"image\":\"IMAGE\",\"image_id\":\"sha256:68248f2793e0ab\","
                + "\"pod_namespace\":\"web\",\"clustername\":\"shop\",\"time\":TIME,\"valid_from\":1795180000}";
        String front = container.replace("IMAGE", "docker.io/library/nginx:1");
        assertThat(get(
                        "containers",
                        front.replace("ID", "cont:1").replace("TIME", "1795188000"),
                        front.replace("ID", "cont:2").replace("TIME", "1795187000"),
                        front.replace("ID", "cont:3")
                                .replace("TIME", "1795187000")
                                .replace("\"image_id\":\"sha256:68248f2793e0ab\",", "")))
                .isEqualTo("""
                        IMAGE                      IMAGE_ID      LATEST_TIMESTAMP      COUNT  NAMESPACE  CLUSTER
                        docker.io/library/nginx:1  68248f2793e0  2026-11-20T15:20:00Z      2  web        shop
                        docker.io/library/nginx:1  N/A           2026-11-20T15:03:20Z      1  web        shop
                        """);
    }

    @Test
    void an_empty_table_keeps_its_header() {
        assertThat(get("nodes")).isEqualTo("NAME  STATUS  AGE  VERSION  CLUSTER  MUID\n");
    }
}
