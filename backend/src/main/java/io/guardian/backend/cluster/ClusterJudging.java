package io.guardian.backend.cluster;

import io.guardian.backend.apply.Projection;
import io.guardian.backend.cluster.ClusterPolicies.Live;
import io.guardian.backend.cluster.Containers.Tracked;
import io.guardian.backend.cluster.Sweeps.Task;
import io.guardian.backend.ingest.Micros;
import io.guardian.backend.ingest.Replay;
import io.guardian.backend.live.Machines;
import io.guardian.backend.meta.MetaStore;
import io.guardian.backend.respond.ContainerConsequences;
import io.guardian.backend.respond.Denied;
import io.guardian.backend.respond.Occasion;
import io.guardian.backend.store.History;
import io.guardian.backend.store.HistoryQuery;
import io.guardian.backend.store.Row;
import io.guardian.backend.store.Window;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/**
 * Follows the clusters: joins containers, and judges each as soon as it or the labels of its namespace change, and all
 * of them when a policy or ruleset does.
 *
 * <p>New and changed containers are judged in the same step that stores them; those that a changed policy is about come
 * after them, a part with every step, so that a new container never waits for a large cluster to be judged again.
 */
public final class ClusterJudging implements Projection {
    /** Containers that are judged again in one step. */
    static final int SWEEP = 2_000;

    private static final long TIDY_EVERY_MICROS = 5_000_000;

    private final History history;
    private final Clock clock;
    private final Reporters reporters;
    private final Pods pods;
    private final ClusterIndex clusters = new ClusterIndex();
    private final JoinedRecords records;
    private final Containers containers;
    private final ClusterPolicies policies;
    private final Verdicts verdicts;
    private final Sweeps sweeps = new Sweeps();
    private final ContainerConsequences consequences;
    private final NamespaceLabels labels;
    private final Inventory inventory;
    private final AtomicLong foreign = new AtomicLong();
    private long lastTidyMicros;
    private Map<String, List<Live>> live = Map.of();
    private volatile int waiting;

    public ClusterJudging(
            MetaStore meta,
            History history,
            Machines machines,
            Pods pods,
            ContainerConsequences consequences,
            NamespaceLabels labels,
            Clock clock) {
        this.history = history;
        this.clock = clock;
        this.reporters = new Reporters(meta.agents(), clock);
        this.pods = pods;
        this.records = new JoinedRecords(history);
        this.containers = new Containers(records);
        this.policies = new ClusterPolicies(meta);
        this.verdicts = new Verdicts(machines);
        this.consequences = consequences;
        this.labels = labels;
        this.inventory = new Inventory(containers, sweeps, labels, new MachineLinks(meta.agents(), history));
    }

    /** Records about a cluster from senders that have no say in it; they are not stored. */
    public long foreign() {
        return foreign.get();
    }

    /** Records of namespaces beyond the limit. */
    public long leftOut() {
        return inventory.leftOut();
    }

    public int size() {
        return containers.size();
    }

    public long unchanged() {
        return containers.unchanged();
    }

    public long untracked() {
        return containers.untracked();
    }

    /** Containers that are still to be judged again. */
    public int waiting() {
        return waiting;
    }

    public Verdicts verdicts() {
        return verdicts;
    }

    /** Brings back what was known when the server stopped; to be called before the first record. */
    public void restore(List<String> organisations) {
        double now = clock.millis() / 1e3;
        for (String org : organisations) {
            var kinds = List.of("model_k8s_namespace", "model_k8s_node");
            history.scan(HistoryQuery.of(org, kinds, new Window(now, now + 3_600)), record -> {
                inventory.restore(clusters.of(org, record.text("cluster_uid")), record);
                return true;
            });
            containers.restore(clusters, org, history, Micros.now(clock));
        }
        clusters.all().forEach(labels::stage);
        labels.publish();
    }

    @Override
    public boolean take(Replay.Item item) {
        var entry = item.entry();
        String schema = entry.text("schema");
        String uid = entry.text("cluster_uid");
        boolean container = schema.startsWith("model_container:");
        if (uid.isEmpty() || !container && !schema.startsWith("model_k8s_")) {
            return true;
        }
        String org = item.sender().org();
        var side = reporters.side(org, item.sender().uid(), uid);
        if (side.isEmpty() || !container && side.get() == Half.Side.RUNTIME) {
            foreign.incrementAndGet();
            return false;
        }
        var cluster = clusters.of(org, uid);
        if (container) {
            return !containers.take(cluster, side.get(), entry);
        }
        if (schema.startsWith("model_k8s_pod:")) {
            pods.seen(org, entry);
        }
        return inventory.take(cluster, item);
    }

    @Override
    public boolean busy() {
        return !sweeps.isEmpty();
    }

    @Override
    public void flush(Instant now, Consumer<Row> out) {
        // Before anything is judged: a change of labels may bring down a thousand pods, and agents must not wait for
        // that.
        // The records are in the log; should this commit fail, the same labels come again.
        labels.publish();
        inventory.settle(clusters.all(), now);
        containers.settle();
        live = livePolicies();
        for (Tracked each : containers.changed()) {
            judge(each, live(each.cluster().org()), Occasion.SEEN);
        }
        if (!sweeps.isEmpty()) {
            sweep(sweeps.next(SWEEP));
        }
        waiting = sweeps.left();
        long nowMicros = Micros.of(now);
        if (nowMicros - lastTidyMicros >= TIDY_EVERY_MICROS) {
            lastTidyMicros = nowMicros;
            containers.tidy(nowMicros);
        }
        var following = new ArrayList<Row>();
        consequences.flush(now, records::all, this::holds, following::add);
        records.flush(out);
        inventory.flush(out);
        following.forEach(out);
    }

    private List<Live> live(String org) {
        return live.getOrDefault(org, List.of());
    }

    /** Policies that are new or changed are taken to all that is alive. */
    private Map<String, List<Live>> livePolicies() {
        var current = new HashMap<String, List<Live>>();
        for (String org : clusters.organisations()) {
            var found = policies.of(org);
            current.put(org, found.live());
            verdicts.keepOnly(org, found.live());
            if (!found.changed().isEmpty()) {
                sweeps.add(
                        containers.all(),
                        each -> each.cluster().org().equals(org),
                        found.changed(),
                        found.occasion(),
                        new Task.Judging());
            }
        }
        return current;
    }

    private void sweep(Sweeps.Part part) {
        inventory.write(part);
        boolean all = part.policies().isEmpty();
        for (Tracked each : part.containers()) {
            judge(each, all ? live(each.cluster().org()) : part.policies(), part.occasion());
        }
    }

    private void judge(Tracked container, List<Live> by, Occasion occasion) {
        for (Live policy : by) {
            verdicts.judge(container, policy).ifPresent(denied -> consequences.denied(denied, occasion));
        }
    }

    /** Whether the container is still there and its policy, in the same mode, still denies it in the same way. */
    private boolean holds(Denied denied) {
        return containers
                .find(denied.org(), denied.containerUid())
                .filter(Tracked::isAlive)
                .filter(container -> live(denied.org()).stream()
                        .filter(live ->
                                live.policy().uid().equals(denied.policy().uid()))
                        .flatMap(live -> verdicts.judge(container, live).stream())
                        .anyMatch(again -> again.uid().equals(denied.uid())))
                .isPresent();
    }

    @Override
    public void committed() {
        containers.committed();
        records.committed();
        inventory.committed();
        consequences.committed();
    }

    @Override
    public void abandoned() {
        containers.abandoned();
        records.abandoned();
        inventory.abandoned(clusters.all());
        consequences.abandoned();
    }
}
