package io.guardian.cli.get;

import static io.guardian.cli.get.DataResource.orderBy;
import static io.guardian.cli.get.DataResource.text;

import io.guardian.cli.output.Moments;
import io.guardian.core.text.Json;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** Objects of Kubernetes clusters. */
final class KubernetesResources {
    private static final List<String> NAMES = List.of("metadata.name", "metadata.uid");

    private KubernetesResources() {}

    private static Column<Records> name() {
        return text("NAME", "metadata.name");
    }

    private static Column<Records> age() {
        return Column.text("AGE", row -> Moments.age(created(row), now(row)));
    }

    private static java.util.Optional<Instant> created(Records row) {
        return Records.instant(row.last(), "metadata.creationTimestamp")
                .or(() -> Records.instant(row.first(), "valid_from"));
    }

    /** What is gone grows no older. */
    private static Instant now(Records row) {
        return Records.instant(row.last(), "valid_to").orElse(row.asOf());
    }

    private static final Column<Records> NAMESPACE = text("NAMESPACE", "metadata.namespace");
    private static final Column<Records> CLUSTER = text("CLUSTER", "cluster_name");

    private static DataResource resource(
            String name, String schema, boolean namespaced, List<Column<Records>> columns) {
        var all = new ArrayList<>(List.of(name()));
        all.addAll(columns);
        if (namespaced) {
            all.add(NAMESPACE);
        }
        all.add(CLUSTER);
        var order = orderBy("cluster_name", "metadata.namespace", "metadata.name");
        return new DataResource(name, schema, NAMES, "", DataResource::each, all, order);
    }

    static DataResource namespaces() {
        return new DataResource(
                "namespaces",
                "model_k8s_namespace",
                List.of("metadata.name"),
                "",
                DataResource::each,
                List.of(name(), text("LAST_SEEN_STATUS", "k8s_status.phase"), age(), CLUSTER),
                orderBy("cluster_name", "metadata.name"));
    }

    private static DataResource nodes() {
        return new DataResource(
                "nodes",
                "model_k8s_node",
                NAMES,
                "",
                DataResource::each,
                List.of(
                        name(),
                        text("STATUS", "status"),
                        age(),
                        text("VERSION", "k8s_status.nodeInfo.kubeletVersion"),
                        CLUSTER,
                        text("MUID", "muid")),
                orderBy("cluster_name", "metadata.name"));
    }

    private static DataResource pods() {
        return resource(
                "pods",
                "model_k8s_pod",
                true,
                List.of(
                        Column.text("READY", row -> ready(row.last())),
                        text("LAST_STATUS_SEEN", "k8s_status.phase"),
                        Column.text("LAST_SEEN", Records::latest),
                        Column.number("RESTARTS", row -> restarts(row.last())),
                        age()));
    }

    private static List<Json.Obj> containerStatuses(Json.Obj pod) {
        return pod.object("k8s_status").array("containerStatuses").objects();
    }

    private static String ready(Json.Obj pod) {
        var statuses = containerStatuses(pod);
        long ready = statuses.stream()
                .filter(status -> status.bool("ready").orElse(false))
                .count();
        return ready + "/" + statuses.size();
    }

    private static String restarts(Json.Obj pod) {
        return Long.toString(containerStatuses(pod).stream()
                .mapToLong(status ->
                        status.number("restartCount").map(Json.Num::asLong).orElse(0L))
                .sum());
    }

    private static DataResource deployments() {
        return resource(
                "deployments",
                "model_k8s_deployment",
                true,
                List.of(
                        Column.text(
                                "READY",
                                row -> number(row, "k8s_status.readyReplicas") + "/" + number(row, "spec.replicas")),
                        Column.number("UP-TO-DATE", row -> number(row, "k8s_status.updatedReplicas")),
                        Column.number("AVAILABLE", row -> number(row, "k8s_status.availableReplicas")),
                        age()));
    }

    /** A count, which Kubernetes leaves out when it is 0. */
    private static String number(Records row, String path) {
        return row.last().at(path).map(Json::toText).orElse("0");
    }

    private static DataResource replicated(
            String name, String schema, String desired, String current, String ready, String available) {
        return resource(
                name,
                schema,
                true,
                List.of(
                        Column.text(
                                "D/C/R",
                                row -> number(row, desired) + "/" + number(row, current) + "/" + number(row, ready)),
                        Column.number("AVAILABLE", row -> number(row, available)),
                        text("LAST_STATUS_SEEN", "status"),
                        Column.text("LAST_SEEN", Records::latest),
                        age()));
    }

    private static DataResource role(String name, String schema, boolean namespaced) {
        var columns = new ArrayList<Column<Records>>();
        if (name.endsWith("bindings")) {
            columns.add(Column.text("KIND/ROLE", row -> row.text("roleRef.kind") + "/" + row.text("roleRef.name")));
        }
        columns.add(Column.text("CREATED_AT", row -> Moments.text(created(row))));
        columns.add(text("STATUS", "status"));
        columns.add(age());
        return resource(name, schema, namespaced, columns)
                .orderedBy(orderBy("metadata.name", "cluster_name", "metadata.namespace"));
    }

    static List<DataListing> all() {
        return List.of(
                listing("namespaces", List.of("namespace", "ns", "name", "names"), KubernetesResources::namespaces),
                listing("nodes", List.of("node"), KubernetesResources::nodes),
                listing("pods", List.of("pod"), KubernetesResources::pods),
                listing("deployments", List.of("deployment", "deploy", "deploys"), KubernetesResources::deployments),
                listing(
                        "replicasets",
                        List.of("replicaset", "rs", "replica"),
                        () -> replicated(
                                "replicasets",
                                "model_k8s_replicaset",
                                "spec.replicas",
                                "k8s_status.replicas",
                                "k8s_status.readyReplicas",
                                "k8s_status.availableReplicas")),
                listing(
                        "daemonsets",
                        List.of("daemonset", "ds"),
                        () -> replicated(
                                "daemonsets",
                                "model_k8s_daemonset",
                                "k8s_status.desiredNumberScheduled",
                                "k8s_status.currentNumberScheduled",
                                "k8s_status.numberReady",
                                "k8s_status.numberAvailable")),
                listing("roles", List.of("role"), () -> role("roles", "model_k8s_role", true)),
                listing(
                        "rolebindings",
                        List.of("rolebinding", "rb"),
                        () -> role("rolebindings", "model_k8s_rolebinding", true)),
                listing(
                        "clusterroles",
                        List.of("clusterrole"),
                        () -> role("clusterroles", "model_k8s_clusterrole", false)),
                listing(
                        "clusterrolebindings",
                        List.of("clusterrolebinding", "crb", "cluster-role-binding"),
                        () -> role("clusterrolebindings", "model_k8s_clusterrolebinding", false)));
    }

    private static DataListing listing(String name, List<String> aliases, Supplier<DataResource> resource) {
        return new DataListing(name, aliases, "Kubernetes " + name + ".", resource);
    }
}
