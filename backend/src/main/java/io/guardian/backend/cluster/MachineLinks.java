package io.guardian.backend.cluster;

import io.guardian.backend.ingest.Replay;
import io.guardian.backend.meta.Agents;
import io.guardian.backend.store.Column;
import io.guardian.backend.store.History;
import io.guardian.backend.store.HistoryQuery;
import io.guardian.backend.store.Row;
import io.guardian.backend.store.Window;
import io.guardian.core.text.Json;
import io.guardian.core.text.JsonReader;
import io.guardian.core.text.JsonSyntaxException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Writes the machine of the node into the records of nodes and pods, in whatever order node, pod and agent become
 * known. A monitor can't know it, and its word on a machine would count for nothing.
 *
 * <p>A pod whose node is not known (any more) keeps the machine that its stored record has. When the agent of a node
 * takes its leave, what is on the node gets newer versions without the machine.
 */
final class MachineLinks {
    private static final int MAX_NOTED = 20_000;

    private final Agents agents;
    private final History history;
    /** Versions that were given here, above the monitor's own. */
    private final Map<Key, Long> versions = new LinkedHashMap<>(16, 0.75f, true);
    /** Pods of nodes whose machine is not known, with the node: their containers may come later than the machine. */
    private final Map<Key, String> unlinked = new LinkedHashMap<>();
    /** What was taken since the last commit, and so is not in the history yet. */
    private final Map<Key, String> fresh = new HashMap<>();

    private final List<Row> rows = new ArrayList<>();
    private final List<Waiting> waiting = new ArrayList<>();
    private final List<Finished> finished = new ArrayList<>();

    MachineLinks(Agents agents, History history) {
        this.agents = agents;
        this.history = history;
    }

    private record Key(String org, String id) {}

    /** A pod of which only the history may know the machine. */
    private record Waiting(ClusterState cluster, Json.Obj pod) {}

    /** A node that is linked as soon as what was given is stored. */
    private record Finished(ClusterState cluster, String nodeUid, String muid) {}

    /**
     * Looks which machines are registered now.
     *
     * @return uids of the nodes whose machine is news
     */
    List<String> look(ClusterState cluster) {
        return cluster.nodes().registered(agents.machines(cluster.org(), cluster.uid()));
    }

    /**
     * The node itself names its machine once all that is on it does, so that a restart in between finds what is left to
     * do.
     *
     * @param stored the machine that its records named so far
     * @return false when the record is stored by this class
     */
    boolean takeNode(ClusterState cluster, Replay.Item item, String stored) {
        return take(cluster, item, stored);
    }

    /** @return false when the record is stored by this class */
    boolean takePod(ClusterState cluster, Replay.Item item) {
        var pod = item.entry();
        String node = pod.text("node_uid");
        boolean placed = !pod.object("spec").text("nodeName").isEmpty();
        if (placed && cluster.nodes().hasLinks() && !cluster.nodes().isKnown(node)) {
            waiting.add(new Waiting(cluster, pod));
            return false;
        }
        String muid = cluster.nodes().muid(node);
        var key = new Key(cluster.org(), pod.text("id"));
        unlinked.remove(key);
        if (muid.isEmpty() && placed && !pod.text("status").equals("closed")) {
            unlinked.put(key, node);
            trim(unlinked);
        }
        return take(cluster, item, muid);
    }

    private boolean take(ClusterState cluster, Replay.Item item, String muid) {
        var entry = item.entry();
        var key = new Key(cluster.org(), entry.text("id"));
        var stored = above(key, linked(entry, muid));
        if (stored.equals(entry)) {
            fresh.put(key, item.line());
            return true;
        }
        put(key, stored);
        return false;
    }

    /** In a version that is newer than any that was given here. */
    private Json.Obj above(Key key, Json.Obj record) {
        long given = versions.getOrDefault(key, 0L);
        return JoinedRecord.version(record) > given ? record : version(key, record, given + 1);
    }

    private Json.Obj version(Key key, Json.Obj record, long version) {
        versions.put(key, version);
        trim(versions);
        return record.with("version", Json.of(version));
    }

    private static Json.Obj linked(Json.Obj record, String muid) {
        return muid.isEmpty() ? record.without("muid") : record.with("muid", Json.of(muid));
    }

    private void put(Key key, Json.Obj record) {
        var row = Row.of(key.org(), record);
        rows.add(row);
        fresh.put(key, row.text());
    }

    /** Gives the pods that these containers are of the machine of the node, or takes it from them if it has none. */
    void relinkPods(ClusterState cluster, String nodeUid, Collection<Json.Obj> containers) {
        var ids = new HashSet<String>();
        containers.forEach(container -> ids.add(container.text("pod_uid")));
        relink(cluster, "model_k8s_pod", ids, cluster.nodes().muid(nodeUid));
    }

    /** The pods that are left, and the node itself. */
    void finish(ClusterState cluster, String nodeUid) {
        var left = new HashSet<String>();
        unlinked.forEach((key, node) -> {
            if (key.org().equals(cluster.org()) && node.equals(nodeUid)) {
                left.add(key.id());
            }
        });
        left.forEach(id -> unlinked.remove(new Key(cluster.org(), id)));
        String muid = cluster.nodes().muid(nodeUid);
        relink(cluster, "model_k8s_pod", left, muid);
        relink(cluster, "model_k8s_node", Set.of(nodeUid), muid);
        finished.add(new Finished(cluster, nodeUid, muid));
    }

    private void relink(ClusterState cluster, String schema, Set<String> ids, String muid) {
        if (ids.isEmpty()) {
            return;
        }
        for (Json.Obj record : newest(cluster.org(), schema, ids).values()) {
            var linked = linked(record, muid);
            if (!linked.equals(record) && !record.text("status").equals("closed")) {
                var key = new Key(cluster.org(), record.text("id"));
                long above = Math.max(JoinedRecord.version(record), versions.getOrDefault(key, 0L));
                put(key, version(key, linked, above + 1));
            }
        }
    }

    private Map<String, Json.Obj> newest(String org, String schema, Collection<String> ids) {
        var found = new HashMap<String, Json.Obj>();
        var missing = new ArrayList<String>();
        for (String id : ids) {
            var text = fresh.get(new Key(org, id));
            if (text == null) {
                missing.add(id);
            } else {
                found.put(id, parse(text));
            }
        }
        if (!missing.isEmpty()) {
            history.scan(HistoryQuery.of(org, schema, Window.ALL).with(Column.ID, missing), record -> {
                found.put(record.text("id"), record);
                return true;
            });
        }
        return found;
    }

    /** Stores the pods of which only the history may know the machine. */
    void settle() {
        var byOrg = new HashMap<String, Set<String>>();
        waiting.forEach(each -> byOrg.computeIfAbsent(each.cluster().org(), _ -> new HashSet<>())
                .add(each.pod().text("id")));
        var stored = new HashMap<Key, String>();
        byOrg.forEach((org, ids) -> newest(org, "model_k8s_pod", ids)
                .forEach((id, record) -> stored.put(new Key(org, id), record.text("muid"))));
        for (Waiting each : waiting) {
            var key = new Key(each.cluster().org(), each.pod().text("id"));
            String muid = each.cluster().nodes().muid(each.pod().text("node_uid"));
            put(key, above(key, linked(each.pod(), muid.isEmpty() ? stored.getOrDefault(key, "") : muid)));
        }
        waiting.clear();
    }

    void flush(Consumer<Row> out) {
        rows.forEach(out);
        rows.clear();
    }

    /** What was given is in the history. */
    void committed() {
        finished.forEach(each -> each.cluster().nodes().stored(each.nodeUid(), each.muid()));
        finished.clear();
        fresh.clear();
    }

    void abandoned() {
        fresh.clear();
        rows.clear();
        waiting.clear();
        finished.clear();
    }

    private static <K, V> void trim(Map<K, V> map) {
        if (map.size() > MAX_NOTED) {
            map.remove(map.keySet().iterator().next());
        }
    }

    private static Json.Obj parse(String text) {
        try {
            return JsonReader.readObject(text);
        } catch (JsonSyntaxException impossible) {
            throw new IllegalStateException("a record that was read before is not JSON", impossible);
        }
    }
}
