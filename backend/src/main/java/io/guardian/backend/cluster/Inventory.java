package io.guardian.backend.cluster;

import io.guardian.backend.cluster.Containers.Tracked;
import io.guardian.backend.cluster.Sweeps.Task;
import io.guardian.backend.ingest.Micros;
import io.guardian.backend.ingest.Replay;
import io.guardian.backend.respond.Occasion;
import io.guardian.backend.store.Row;
import io.guardian.core.text.Json;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/**
 * Follows what containers are judged by besides themselves: the labels of namespaces and the nodes with their machines.
 * When one changes, the containers that it is about get it and are judged again.
 */
final class Inventory {
    /** How soon after an agent's registration its node is linked, at the latest. */
    private static final long LOOK_EVERY_MICROS = 2_000_000;

    private final Containers containers;
    private final Sweeps sweeps;
    private final NamespaceLabels labels;
    private final MachineLinks links;
    private final AtomicLong leftOut = new AtomicLong();
    private long lastLookMicros;

    Inventory(Containers containers, Sweeps sweeps, NamespaceLabels labels, MachineLinks links) {
        this.containers = containers;
        this.sweeps = sweeps;
        this.labels = labels;
        this.links = links;
    }

    /** Records of namespaces beyond the limit. */
    long leftOut() {
        return leftOut.get();
    }

    /** A record of the history, before the first record is taken. */
    void restore(ClusterState cluster, Json.Obj record) {
        if (record.text("schema").startsWith("model_k8s_node:")) {
            cluster.nodes().told(record, record.text("muid"));
        } else {
            cluster.namespace(record, containers.pool());
        }
    }

    /** @return whether the record is stored as it came */
    boolean take(ClusterState cluster, Replay.Item item) {
        String schema = item.entry().text("schema");
        return switch (schema.substring(0, schema.indexOf(':'))) {
            case "model_k8s_namespace" -> namespace(cluster, item.entry());
            case "model_k8s_node" -> node(cluster, item);
            case "model_k8s_pod" -> links.takePod(cluster, item);
            default -> true;
        };
    }

    private boolean namespace(ClusterState cluster, Json.Obj record) {
        switch (cluster.namespace(record, containers.pool())) {
            case CHANGED -> {
                labels.stage(cluster);
                String name = ClusterState.nameOf(record);
                sweeps.add(
                        containers.all(),
                        each -> each.cluster() == cluster && isIn(each, name),
                        List.of(),
                        Occasion.SEEN,
                        new Task.Labelling());
            }
            case SAME -> {}
            case LEFT_OUT -> leftOut.incrementAndGet();
        }
        return true;
    }

    private static boolean isIn(Tracked container, String namespace) {
        return container
                .facts()
                .filter(facts -> facts.namespace().equals(namespace))
                .isPresent();
    }

    private boolean node(ClusterState cluster, Replay.Item item) {
        if (cluster.nodes().isEmpty()) {
            links.look(cluster);
        }
        String id = item.entry().text("id");
        String stored = cluster.nodes().stored(id);
        switch (cluster.nodes().told(item.entry(), "")) {
            case MACHINE -> link(cluster, id);
            case NAME -> sweepNode(cluster, id, new Task.Judging());
            case NONE -> {}
        }
        return links.takeNode(cluster, item, stored);
    }

    private void link(ClusterState cluster, String nodeUid) {
        sweepNode(cluster, nodeUid, new Task.Linking(cluster, nodeUid));
    }

    private void sweepNode(ClusterState cluster, String nodeUid, Task task) {
        sweeps.add(
                containers.all(),
                each -> each.cluster() == cluster && isOn(each, nodeUid),
                List.of(),
                Occasion.SEEN,
                task);
    }

    private static boolean isOn(Tracked container, String nodeUid) {
        return container
                .facts()
                .filter(facts -> facts.nodeUid().equals(nodeUid))
                .isPresent();
    }

    /** To be called in each step, before anything is judged. */
    void settle(Collection<ClusterState> clusters, Instant now) {
        links.settle();
        long nowMicros = Micros.of(now);
        if (nowMicros - lastLookMicros < LOOK_EVERY_MICROS) {
            return;
        }
        lastLookMicros = nowMicros;
        for (ClusterState cluster : clusters) {
            if (!cluster.nodes().isEmpty()) {
                links.look(cluster).forEach(node -> link(cluster, node));
            }
        }
    }

    /** Writes what has changed into the records of these containers. */
    void write(Sweeps.Part part) {
        switch (part.task()) {
            case Task.Judging() -> {}
            case Task.Labelling() -> containers.complete(part.containers());
            case Task.Linking(var cluster, var node) -> {
                links.relinkPods(cluster, node, containers.complete(part.containers()));
                if (part.last()) {
                    links.finish(cluster, node);
                }
            }
        }
    }

    void flush(Consumer<Row> out) {
        links.flush(out);
    }

    void committed() {
        links.committed();
    }

    /** Links that were under way begin anew. */
    void abandoned(Collection<ClusterState> clusters) {
        links.abandoned();
        sweeps.forgetLinks();
        for (ClusterState cluster : clusters) {
            cluster.nodes().unstored().forEach(node -> link(cluster, node));
        }
    }
}
