package io.guardian.cluster.state;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.guardian.cluster.model.Drafts;
import io.guardian.cluster.model.Kind;
import io.guardian.cluster.model.Links;
import io.guardian.cluster.model.ObjectKey;
import io.guardian.cluster.model.RecordDraft;
import io.guardian.core.text.Json;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * All objects that are there now, and their records. Every change, whether it comes by a watch or by comparing with a
 * fresh list, takes the same path: the object's records are made anew and compared with those held; what differs is
 * published, what vanished is published as ended. So a list that was read twice or an event that came twice changes
 * nothing, and a lost event is made good by the next list.
 *
 * <p>Safe for all threads; one lock guards it, and publishing happens under it, so that records leave in the order of
 * the changes.
 */
public final class ClusterState {
    private final Drafts drafts;
    private final Publisher publisher;
    private final LongSupplier nowMicros;
    private final StateLimits limits;
    private final Map<Kind, Map<String, HeldObject>> objects = new EnumMap<>(Kind.class);
    private final Map<String, HeldObject> owners = new HashMap<>();
    private final Map<Links.Wanted, Set<ObjectKey>> waiting = new HashMap<>();
    private final AtomicLong overLimit = new AtomicLong();
    private final AtomicLong malformed = new AtomicLong();
    private boolean publishing;

    /** @param publisher gets the changes while {@link #startPublishing} is in force */
    public ClusterState(Drafts drafts, Publisher publisher, LongSupplier nowMicros, StateLimits limits) {
        this.drafts = drafts;
        this.publisher = publisher;
        this.nowMicros = nowMicros;
        this.limits = limits;
        for (var kind : Kind.values()) {
            objects.put(kind, new LinkedHashMap<>());
        }
    }

    /** An object is there, in this form. */
    public synchronized void put(Kind kind, HasMetadata object) {
        var key = ObjectKey.of(kind, object);
        String kuid = text(object.getMetadata().getUid());
        if (key.name().isEmpty() || kuid.isEmpty()) {
            malformed.incrementAndGet();
            return;
        }
        var held = of(kind).get(key.path());
        var changed = new ArrayList<Json.Obj>();
        if (held != null && !held.kuid().equals(kuid)) {
            // Another object took the place while nobody looked.
            drop(held, changed);
            held = null;
        }
        String resourceVersion = text(object.getMetadata().getResourceVersion());
        if (held != null && !resourceVersion.isEmpty() && held.resourceVersion().equals(resourceVersion)) {
            return;
        }
        if (held == null) {
            if (of(kind).size() >= limits.objectsOfAKind()) {
                overLimit.incrementAndGet();
                publish(changed);
                return;
            }
            held = new HeldObject(key, kuid, resourceVersion);
        }
        update(held, object, resourceVersion, changed);
        publish(changed);
    }

    private void update(HeldObject held, HasMetadata object, String resourceVersion, List<Json.Obj> changed) {
        var key = held.key();
        boolean fresh = of(key.kind()).put(key.path(), held) == null;
        var labelsBefore = held.labels();
        held.resourceVersion(resourceVersion);
        var made = drafts.of(object);
        if (key.kind() == Kind.NAMESPACE) {
            held.labels(made.getFirst().labels());
        }
        if (key.kind().isOwner()) {
            owners.put(held.kuid(), held);
            held.controller(made.getFirst().controller());
        }
        link(held, made, changed);
        if (fresh) {
            arrived(held, changed);
        } else if (!labelsBefore.equals(held.labels())) {
            relinkPodsOf(key.name(), changed);
        }
    }

    /** Gives the object these records; what it had beyond them has ended. */
    private void link(HeldObject held, List<RecordDraft> made, List<Json.Obj> changed) {
        var missing = new HashSet<Links.Wanted>();
        var gone = new HashMap<>(held.records());
        for (var draft : made) {
            var linked = Links.link(draft, this::find);
            missing.addAll(linked.missing());
            gone.remove(draft.id());
            var before = held.records().get(draft.id());
            if (before == null) {
                var record = new HeldRecord(linked.draft());
                held.records().put(draft.id(), record);
                tell(record, record.draft(), changed);
            } else if (before.update(linked.draft())) {
                tell(before, before.draft(), changed);
            }
        }
        for (var record : gone.values()) {
            held.records().remove(record.id());
            end(record, changed);
        }
        await(held, missing);
    }

    private void end(HeldRecord record, List<Json.Obj> changed) {
        if (record.isAlive()) {
            tell(record, record.ended(nowMicros.getAsLong()), changed);
        }
    }

    private void tell(HeldRecord record, RecordDraft draft, List<Json.Obj> changed) {
        if (publishing) {
            long now = nowMicros.getAsLong();
            changed.add(draft.record(record.nextVersion(now), now));
        }
    }

    private void await(HeldObject held, Set<Links.Wanted> missing) {
        forget(held);
        held.missing(missing);
        for (var wanted : missing) {
            waiting.computeIfAbsent(wanted, key -> new HashSet<>()).add(held.key());
        }
    }

    private void forget(HeldObject held) {
        for (var wanted : held.missing()) {
            var others = waiting.get(wanted);
            if (others != null) {
                others.remove(held.key());
                if (others.isEmpty()) {
                    waiting.remove(wanted);
                }
            }
        }
    }

    private Optional<Links.Target> find(Links.Wanted wanted) {
        var held = switch (wanted) {
            case Links.Wanted.ByUid(var kuid) -> Optional.ofNullable(owners.get(kuid));
            case Links.Wanted.ByName(var key) ->
                Optional.ofNullable(of(key.kind()).get(key.path()));
        };
        return held.map(HeldObject::target);
    }

    /** Links the records that were waiting for this object. */
    private void arrived(HeldObject held, List<Json.Obj> changed) {
        var waiters = new HashSet<ObjectKey>();
        waiters.addAll(waiting.getOrDefault(new Links.Wanted.ByUid(held.kuid()), Set.of()));
        waiters.addAll(waiting.getOrDefault(new Links.Wanted.ByName(held.key()), Set.of()));
        for (var waiter : waiters) {
            relink(waiter, changed);
        }
    }

    private void relink(ObjectKey key, List<Json.Obj> changed) {
        var held = of(key.kind()).get(key.path());
        if (held != null) {
            var made = held.records().values().stream().map(HeldRecord::draft).toList();
            link(held, made, changed);
        }
    }

    private void relinkPodsOf(String namespace, List<Json.Obj> changed) {
        for (var pod : List.copyOf(of(Kind.POD).values())) {
            if (pod.key().namespace().equals(namespace)) {
                relink(pod.key(), changed);
            }
        }
    }

    /** The object at this place is gone. */
    public synchronized boolean remove(ObjectKey key) {
        var held = of(key.kind()).get(key.path());
        if (held == null) {
            return false;
        }
        var changed = new ArrayList<Json.Obj>();
        drop(held, changed);
        publish(changed);
        return true;
    }

    private void drop(HeldObject held, List<Json.Obj> changed) {
        of(held.key().kind()).remove(held.key().path());
        owners.remove(held.kuid(), held);
        forget(held);
        // The parts end before the whole: a pod's containers before the pod.
        var records = new ArrayList<>(held.records().values()).reversed();
        records.forEach(record -> end(record, changed));
    }

    private Map<String, HeldObject> of(Kind kind) {
        var all = objects.get(kind);
        if (all == null) {
            throw new IllegalStateException("every kind has a map");
        }
        return all;
    }

    private void publish(List<Json.Obj> changed) {
        if (!changed.isEmpty()) {
            publisher.publish(changed);
        }
    }

    /** From now on changes are published; what is held already is published now. */
    public synchronized void startPublishing() {
        publishing = true;
        publishAll();
    }

    /** Publishes every record again, as after a loss on the way. */
    public synchronized void publishAll() {
        for (var kind : Kind.values()) {
            for (var held : of(kind).values()) {
                var records = new ArrayList<Json.Obj>();
                held.records().values().forEach(record -> tell(record, record.draft(), records));
                publish(records);
            }
        }
    }

    /**
     * Which of these records live; those that do are from now on written in newer versions than these.
     *
     * @param versions of the records that the server holds for alive, by id
     */
    public synchronized Set<String> confirm(Map<String, Long> versions) {
        var alive = new HashSet<String>();
        for (var all : objects.values()) {
            for (var held : all.values()) {
                for (var record : held.records().values()) {
                    Long known = versions.get(record.id());
                    if (known != null && record.isAlive()) {
                        alive.add(record.id());
                        record.atLeast(known);
                    }
                }
            }
        }
        return alive;
    }

    /** Whether this very pod is one that its node runs by itself. */
    public synchronized boolean isStaticPod(String namespace, String name, String kuid) {
        var held = of(Kind.POD).get(namespace + "/" + name);
        return held != null
                && held.kuid().equals(kuid)
                && held.records().values().stream()
                        .findFirst()
                        .map(record -> record.draft().body().bool("static_pod").orElse(false))
                        .orElse(false);
    }

    /** Kubernetes uids of the objects of a kind, by {@code NAMESPACE/NAME}. */
    public synchronized Map<String, String> uids(Kind kind) {
        var uids = new HashMap<String, String>();
        of(kind).forEach((path, held) -> uids.put(path, held.kuid()));
        return uids;
    }

    /** How many objects of the kind are there. */
    public synchronized int count(Kind kind) {
        return of(kind).size();
    }

    /** Objects beyond the limit of their kind, since the start. */
    public long overLimit() {
        return overLimit.get();
    }

    /** Objects without a name or uid, since the start. */
    public long malformed() {
        return malformed.get();
    }

    private static String text(@org.jspecify.annotations.Nullable String text) {
        return text == null ? "" : text;
    }
}
