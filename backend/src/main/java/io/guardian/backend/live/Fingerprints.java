package io.guardian.backend.live;

import io.guardian.backend.apply.Projection;
import io.guardian.backend.ingest.Micros;
import io.guardian.backend.ingest.Replay;
import io.guardian.backend.store.Row;
import io.guardian.core.event.ContainerModel;
import io.guardian.core.event.Event;
import io.guardian.core.event.EventReading;
import io.guardian.core.text.Json;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/**
 * Makes the fingerprint of each workload instance: the first as soon as the workload is known, a new version when its
 * behaviour changed, at most every {@link #CHANGE_EVERY}, and at least every {@link #ALIVE_EVERY} while it lives.
 *
 * <p>One that is over is kept for a while, for records that come late.
 */
public final class Fingerprints implements Projection {
    static final Duration CHANGE_EVERY = Duration.ofSeconds(5);
    static final Duration ALIVE_EVERY = Duration.ofMinutes(15);
    private static final Duration KEPT_AFTER_END = Duration.ofMinutes(10);
    /** A parent that didn't come in this time won't come. */
    private static final Duration ORPHAN_WAIT = Duration.ofSeconds(30);

    private static final int MAX_WORKLOADS = 50_000;
    /** So many are looked at with every commit; more only every {@link #LOOK_EVERY_MICROS}. */
    private static final int SMALL = 500;

    private static final long LOOK_EVERY_MICROS = 250_000;

    private final Machines machines;
    private final Restoring restoring;
    private final Map<String, Tracked> workloads = new LinkedHashMap<>();
    private final List<Tracked> uncommitted = new ArrayList<>();
    /** Workloads of which something was taken since the last commit, as keys. */
    private final Set<String> touched = new HashSet<>();

    private final AtomicLong untracked = new AtomicLong();
    private long lastLookMicros;
    private volatile int size;

    public Fingerprints(Machines machines, Restoring restoring) {
        this.machines = machines;
        this.restoring = restoring;
    }

    /** What was stored of a workload last. */
    private static final class Tracked {
        private final Workload workload;
        private long storedMicros;
        private long storedRevision = -1;
        private boolean storedOver;
        private long storedContainer = -1;

        Tracked(Workload workload) {
            this.workload = workload;
        }
    }

    /** Brings back the workloads that were alive when the server stopped; to be called before the first record. */
    public void restore() {
        restoring.alive().forEach((uid, org) -> tracked(org, uid));
    }

    /** Records of workloads that were not tracked because there are too many. */
    public long untracked() {
        return untracked.get();
    }

    public int size() {
        return size;
    }

    @Override
    public boolean take(Replay.Item item) {
        String uid = item.entry().text("fingerprint_uid");
        if (!uid.isEmpty()
                && item.entry().text("schema").startsWith("model_")
                && EventReading.of(item.entry()) instanceof EventReading.Read(Event event)) {
            String key = key(item.sender().org(), uid);
            if (workloads.containsKey(key) || workloads.size() < MAX_WORKLOADS) {
                touched.add(key);
                tracked(item.sender().org(), uid).workload.take(event);
            } else {
                untracked.incrementAndGet();
            }
        }
        return true;
    }

    private static String key(String org, String uid) {
        return org + " " + uid;
    }

    /** A workload that was known before this start, or was forgotten since, is made again from its records. */
    private Tracked tracked(String org, String uid) {
        return workloads.computeIfAbsent(key(org, uid), _ -> {
            var workload = new Workload(org, uid);
            restoring.records(org, uid, workload::take);
            return new Tracked(workload);
        });
    }

    @Override
    public void flush(Instant now, Consumer<Row> out) {
        long nowMicros = Micros.of(now);
        if (size > SMALL && nowMicros - lastLookMicros < LOOK_EVERY_MICROS) {
            return;
        }
        lastLookMicros = nowMicros;
        for (Iterator<Tracked> each = workloads.values().iterator(); each.hasNext(); ) {
            var tracked = each.next();
            if (isDue(tracked, nowMicros)) {
                store(tracked, nowMicros, out);
            }
            if (tracked.storedOver && nowMicros - tracked.storedMicros > micros(KEPT_AFTER_END)) {
                restoring.over(tracked.workload.uid());
                each.remove();
            }
        }
        size = workloads.size();
    }

    private static boolean isDue(Tracked tracked, long nowMicros) {
        var workload = tracked.workload;
        if (!workload.isKnown()) {
            return false;
        }
        if (workload.behaving().waits() && nowMicros - workload.latestMicros() > micros(ORPHAN_WAIT)) {
            workload.behaving().giveUp();
        }
        boolean changed = workload.behaving().builder().revision() != tracked.storedRevision
                || workload.isOver() != tracked.storedOver
                || containerVersion(workload) != tracked.storedContainer;
        long age = nowMicros - tracked.storedMicros;
        return changed && age >= micros(CHANGE_EVERY) || !workload.isOver() && age >= micros(ALIVE_EVERY);
    }

    private void store(Tracked tracked, long nowMicros, Consumer<Row> out) {
        var workload = tracked.workload;
        Json.Obj entry = FingerprintRecord.of(workload, machines.of(workload.org(), workload.muid()), nowMicros);
        out.accept(Row.of(workload.org(), entry));
        uncommitted.add(tracked);
        tracked.storedMicros = nowMicros;
        tracked.storedRevision = workload.behaving().builder().revision();
        tracked.storedOver = workload.isOver();
        tracked.storedContainer = containerVersion(workload);
    }

    private static long containerVersion(Workload workload) {
        return workload.container().map(ContainerModel::version).orElse(0L);
    }

    @Override
    public void committed() {
        uncommitted.clear();
        touched.clear();
    }

    /** What was taken comes again and would count twice, so these are made again from what is committed. */
    @Override
    public void abandoned() {
        for (Tracked tracked : uncommitted) {
            tracked.storedMicros = 0;
            tracked.storedRevision = -1;
            tracked.storedOver = false;
        }
        uncommitted.clear();
        for (String key : touched) {
            var tracked = workloads.remove(key);
            if (tracked != null) {
                restoring.again(tracked.workload.uid());
            }
        }
        touched.clear();
    }

    private static long micros(Duration duration) {
        return duration.toMillis() * 1_000;
    }
}
