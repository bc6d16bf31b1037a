package io.guardian.backend.cluster;

import io.guardian.backend.cluster.Half.Side;
import io.guardian.backend.cluster.JoinedRecord.Halves;
import io.guardian.backend.store.History;
import io.guardian.backend.store.HistoryQuery;
import io.guardian.backend.store.Window;
import io.guardian.core.event.Seconds;
import io.guardian.core.text.Json;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiFunction;

/**
 * The containers of all clusters: joins the two sides of each, in whatever order they come, and keeps of each what
 * verdicts look at. One that is over is kept for a while, for a word that comes late; later words are joined with what
 * the history has.
 */
final class Containers {
    static final int MAX_CONTAINERS = 400_000;
    /** The cluster said that it is over, and its machine, which should say so too, is silent. */
    static final long SILENT_RUNTIME_MICROS = 120_000_000L;

    private static final long KEPT_AFTER_END_MICROS = 600_000_000L;
    private static final int MAX_OVER = 200_000;
    private static final int LOOK_UP = 1_000;

    private final JoinedRecords records;
    private final ContainerFacts.Pool pool = new ContainerFacts.Pool();
    private final Map<String, Tracked> tracked = new LinkedHashMap<>();
    private final Set<String> over = new LinkedHashSet<>();
    private final List<Word> waiting = new ArrayList<>();
    private final Set<Tracked> changed = new LinkedHashSet<>();
    private final Set<Tracked> uncommitted = new HashSet<>();
    private final AtomicLong unchanged = new AtomicLong();
    private final AtomicLong refused = new AtomicLong();
    private final AtomicLong untracked = new AtomicLong();
    private volatile int size;

    Containers(JoinedRecords records) {
        this.records = records;
    }

    /** A container with what is known of it now. */
    static final class Tracked {
        private final ClusterState cluster;
        private final String id;
        private Halves halves = Halves.NONE;
        private Optional<ContainerFacts> facts = Optional.empty();
        private boolean stored;
        private long declaredEndMicros = -1;
        private long endMicros = -1;

        private Tracked(ClusterState cluster, String id) {
            this.cluster = cluster;
            this.id = id;
        }

        ClusterState cluster() {
            return cluster;
        }

        String id() {
            return id;
        }

        /** Empty only before its first record is joined. */
        Optional<ContainerFacts> facts() {
            return facts;
        }

        /** Whether the history has a record of it. */
        boolean isStored() {
            return stored;
        }

        boolean isAlive() {
            return facts.isPresent() && endMicros < 0;
        }
    }

    /** What one side says, before it is joined. */
    private record Word(Tracked container, Side side, Half half, Json.Obj entry) {}

    /** Records that said nothing new; they are not stored again. */
    long unchanged() {
        return unchanged.get();
    }

    /** Records of a machine about a container that another machine runs. */
    long refused() {
        return refused.get();
    }

    /** Records beyond {@link #MAX_CONTAINERS}; they are stored as they came and not judged. */
    long untracked() {
        return untracked.get();
    }

    int size() {
        return size;
    }

    ContainerFacts.Pool pool() {
        return pool;
    }

    /** Brings back what was alive or has ended lately; to be called before the first record. */
    void restore(ClusterIndex clusters, String org, History history, long nowMicros) {
        double now = nowMicros / 1e6;
        history.scan(HistoryQuery.of(org, "model_container", new Window(now - 3_600, now + 3_600)), joined -> {
            String cluster = joined.text("cluster_uid");
            if (!cluster.isEmpty() && tracked.size() < MAX_CONTAINERS) {
                var container = new Tracked(clusters.of(org, cluster), joined.text("id"));
                adopt(container, joined, Halves.read(joined));
                container.stored = true;
                tracked.put(key(org, container.id), container);
            }
            return true;
        });
        size = tracked.size();
    }

    /** @return false when the record is stored as it came */
    boolean take(ClusterState cluster, Side side, Json.Obj entry) {
        String key = key(cluster.org(), entry.text("id"));
        var container = tracked.get(key);
        if (container == null) {
            if (tracked.size() >= MAX_CONTAINERS) {
                untracked.incrementAndGet();
                return false;
            }
            container = new Tracked(cluster, entry.text("id"));
            tracked.put(key, container);
        }
        var half = Half.of(entry);
        if (isNews(container, side, half, entry)) {
            hear(new Word(container, side, half, entry));
        }
        return true;
    }

    private boolean isNews(Tracked container, Side side, Half half, Json.Obj entry) {
        var known = container.halves.of(side);
        if (known.isPresent() && (half.version() <= known.version() || half.content() == known.content())) {
            if (half.version() > known.version()) {
                container.halves = container.halves.with(side, half);
            }
            unchanged.incrementAndGet();
            return false;
        }
        String muid = container.facts.map(ContainerFacts::muid).orElse("");
        boolean runs = side == Side.RUNTIME && known.isPresent() && !known.closed();
        if (runs && !muid.isEmpty() && !muid.equals(entry.text("muid"))) {
            refused.incrementAndGet();
            return false;
        }
        return true;
    }

    private void hear(Word word) {
        var container = word.container();
        if (over.contains(key(container))) {
            waiting.add(word);
        } else if (container.facts.isEmpty()) {
            join(word, Optional.empty());
        } else {
            records.atHand(container.cluster.org(), container.id)
                    .ifPresentOrElse(before -> join(word, Optional.of(before)), () -> waiting.add(word));
        }
    }

    /** Joins what waited for a look into the history. */
    void settle() {
        for (int from = 0; from < waiting.size(); from += LOOK_UP) {
            var some = waiting.subList(from, Math.min(from + LOOK_UP, waiting.size()));
            var byOrg = new HashMap<String, Set<String>>();
            some.forEach(word -> byOrg.computeIfAbsent(word.container().cluster.org(), _ -> new LinkedHashSet<>())
                    .add(word.container().id));
            byOrg.forEach((org, ids) -> {
                var found = new HashMap<>(records.all(org, ids));
                some.stream()
                        .filter(word -> word.container().cluster.org().equals(org))
                        .forEach(word -> {
                            var before = Optional.ofNullable(found.get(word.container().id));
                            found.put(word.container().id, join(remembered(word, before), before));
                        });
            });
        }
        waiting.clear();
        size = tracked.size();
    }

    /** A container that was forgotten, or is known by its record only, has the sides that its record tells. */
    private Word remembered(Word word, Optional<Json.Obj> before) {
        over.remove(key(word.container()));
        if (word.container().facts.isEmpty() && before.isPresent()) {
            word.container().stored = true;
            adopt(word.container(), before.get(), Halves.read(before.get()));
        }
        return word;
    }

    private Json.Obj join(Word word, Optional<Json.Obj> before) {
        var container = word.container();
        var known = container.halves.of(word.side());
        if (known.isPresent() && word.half().version() <= known.version()) {
            return before.orElseThrow();
        }
        var facts = container.facts;
        var halves = container.halves.with(word.side(), word.half());
        var joined = completed(container.cluster, JoinedRecord.of(before, word.entry(), word.side(), halves), halves);
        adopt(container, joined, halves);
        store(container, joined);
        if (!container.facts.equals(facts) || halves.closed()) {
            changed.add(container);
        }
        return joined;
    }

    private void store(Tracked container, Json.Obj joined) {
        records.put(container.cluster.org(), joined);
        uncommitted.add(container);
    }

    /**
     * With what only the server can add: the labels of the namespace, of which the cluster's word is newer than what a
     * container's record carries, and, until its runtime is heard of, the machine that its node is.
     */
    private static Json.Obj completed(ClusterState cluster, Json.Obj joined, Halves halves) {
        var labelled = cluster.labels(joined.text("pod_namespace"))
                .map(labels -> {
                    var map = Json.object();
                    new java.util.TreeMap<>(labels).forEach((key, values) -> map.put(key, values.getFirst()));
                    return joined.with("pod_namespace_labels", map.build());
                })
                .orElse(joined);
        String node = joined.text("node_uid");
        if (halves.runtime().isPresent() || !cluster.nodes().isKnown(node)) {
            return labelled;
        }
        String muid = cluster.nodes().muid(node);
        return muid.isEmpty() ? labelled.without("muid") : labelled.with("muid", Json.of(muid));
    }

    private void adopt(Tracked container, Json.Obj joined, Halves halves) {
        container.halves = halves;
        container.facts =
                Optional.of(ContainerFacts.of(joined, halves.declared().isPresent(), pool));
        long time = joined.number("time").map(Seconds::micros).orElse(0L);
        if (halves.declared().closed() && container.declaredEndMicros < 0) {
            container.declaredEndMicros = time;
        }
        boolean closed = joined.text("status").equals("closed");
        container.endMicros = !closed ? -1 : container.endMicros < 0 ? time : container.endMicros;
    }

    /** Writes the labels of their namespaces and the machines of their nodes into the records of these. */
    Collection<Json.Obj> complete(Collection<Tracked> containers) {
        return rewrite(containers, (container, joined) -> completed(container.cluster, joined, container.halves));
    }

    /** @return the records of those that are alive, as they are now */
    private List<Json.Obj> rewrite(Collection<Tracked> containers, BiFunction<Tracked, Json.Obj, Json.Obj> change) {
        var alive = new ArrayList<Json.Obj>();
        var byOrg = new HashMap<String, List<Tracked>>();
        containers.forEach(container -> byOrg.computeIfAbsent(container.cluster.org(), _ -> new ArrayList<>())
                .add(container));
        byOrg.forEach((org, some) -> {
            var found = records.all(org, some.stream().map(Tracked::id).toList());
            for (Tracked container : some) {
                var before = found.getOrDefault(container.id, Json.Obj.EMPTY);
                var after = change.apply(container, before);
                if (!container.isAlive() || before.equals(Json.Obj.EMPTY)) {
                    continue;
                }
                if (!after.equals(before)) {
                    after = after.with("version", Json.of(JoinedRecord.version(before) + 1));
                    adopt(container, after, container.halves);
                    store(container, after);
                }
                alive.add(after);
            }
        });
        return alive;
    }

    /** Those that became others, or ended, since the last call. */
    Collection<Tracked> changed() {
        var all = List.copyOf(changed);
        changed.clear();
        return all;
    }

    Optional<Tracked> find(String org, String id) {
        return Optional.ofNullable(tracked.get(key(org, id)));
    }

    Collection<Tracked> all() {
        return Collections.unmodifiableCollection(tracked.values());
    }

    /** Ends containers whose machine fell silent, and forgets those that ended long ago. */
    void tidy(long nowMicros) {
        var silent = new ArrayList<Tracked>();
        for (var each = tracked.entrySet().iterator(); each.hasNext(); ) {
            var container = each.next().getValue();
            if (isSilent(container, nowMicros) && silent.size() < LOOK_UP) {
                silent.add(container);
            } else if (container.endMicros >= 0 && nowMicros - container.endMicros > KEPT_AFTER_END_MICROS) {
                remember(key(container));
                each.remove();
            }
        }
        rewrite(silent, (_, joined) -> JoinedRecord.ended(joined, nowMicros));
        changed.addAll(silent);
        size = tracked.size();
    }

    private static boolean isSilent(Tracked container, long nowMicros) {
        return container.isAlive()
                && container.declaredEndMicros >= 0
                && nowMicros - container.declaredEndMicros > SILENT_RUNTIME_MICROS;
    }

    private void remember(String key) {
        over.add(key);
        if (over.size() > MAX_OVER) {
            over.remove(over.iterator().next());
        }
    }

    void committed() {
        uncommitted.forEach(container -> container.stored = true);
        uncommitted.clear();
    }

    /** What was joined since the last commit is not in the history: it is read again from there when it comes again. */
    void abandoned() {
        for (Tracked container : uncommitted) {
            tracked.remove(key(container));
            remember(key(container));
        }
        uncommitted.clear();
        changed.clear();
        waiting.clear();
    }

    private static String key(Tracked container) {
        return key(container.cluster.org(), container.id);
    }

    private static String key(String org, String id) {
        return org + " " + id;
    }
}
