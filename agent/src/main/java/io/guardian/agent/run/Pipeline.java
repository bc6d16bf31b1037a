package io.guardian.agent.run;

import io.guardian.agent.attribute.Doubt;
import io.guardian.agent.decode.RecordSource;
import io.guardian.agent.decode.RecordWindow;
import io.guardian.agent.decode.SequenceWatch;
import io.guardian.agent.log.Log;
import io.guardian.agent.send.Outbox;
import io.guardian.ebpf.KernelRecord;
import java.io.IOException;
import java.time.Duration;
import java.util.function.Function;

/**
 * The one thread that all state of the agent belongs to. In a circle: messages of other threads, records of the kernel
 * in the order of its clock, the work of each second, and then what came of it goes to disk, after which the ring gets
 * its space back. Whatever was not written when the agent is killed is still in the ring, and comes out the same again.
 */
final class Pipeline implements Runnable {
    private static final long WINDOW_NANOS = 1_000_000L;
    private static final Duration SHORT_WAIT = Duration.ofMillis(1);
    private static final Duration BUSY_WAIT = Duration.ofMillis(20);
    private static final Duration IDLE_WAIT = Duration.ofMillis(50);
    private static final long TICK_NANOS = 1_000_000_000L;
    private static final long LOOK_PAUSE_NANOS = 2_000_000_000L;
    private static final long LOOK_PAUSE_NANOS_MAX = 60_000_000_000L;
    private static final long LOOK_SHARE = 4;

    private final RecordSource source;
    private final RecordHandler handler;
    private final Outbox outbox;
    private final Inbox inbox;
    private final SequenceWatch sequences;
    private final Journal journal;
    private final Doubt doubt;
    private final Counters counters;
    private final Time time;
    private final Log log;
    private final Look look;
    private final RecordWindow window = new RecordWindow(WINDOW_NANOS);
    private volatile boolean stopping;
    private long nextTickNanos;
    private long releasedPosition = -1;
    private long committedNanos;
    private long nextLookNanos;
    private long lostNames;
    private long newestBootNanos;

    /** Keeps the state on disk. */
    public interface Journal {
        /** Puts back what an earlier run wrote; called once. */
        void restore(SequenceWatch sequences) throws IOException;

        /** Writes everything that changed since the last call. */
        void commit(SequenceWatch sequences) throws IOException;
    }

    Pipeline(
            RecordSource source,
            RecordHandler handler,
            Outbox outbox,
            Inbox inbox,
            SequenceWatch sequences,
            Journal journal,
            Doubt doubt,
            Counters counters,
            Time time,
            Log log,
            Function<Look.Work, Look> look) {
        this.source = source;
        this.handler = handler;
        this.outbox = outbox;
        this.inbox = inbox;
        this.sequences = sequences;
        this.journal = journal;
        this.doubt = doubt;
        this.counters = counters;
        this.time = time;
        this.log = log;
        this.look = look.apply(new BetweenPieces());
        sequences.undone(window::undoneHeaders);
    }

    /**
     * Takes in what an earlier run left in the ring, then what already runs. Call it once, before {@link #run}, on the
     * same thread.
     */
    public void start() throws IOException {
        handler.awaitWorkloads();
        journal.restore(sequences);
        // The last known policies are among the messages: what happened meanwhile is judged by them.
        inbox.drain();
        // An earlier run knew which names were missed; what it left in the ring is judged before anybody looks.
        noteLostNames();
        drain(time.bootNanos());
        look(handler::awaitWorkloads);
        nextLookNanos = time.nanos() + LOOK_PAUSE_NANOS;
        commit();
    }

    /**
     * Deals with all that happened up to this moment, however many polls that takes. It ends also when more is written
     * than can be dealt with: what the ring holds of the time before is no more than the ring.
     */
    private void drain(long bootNanos) {
        int count;
        do {
            count = source.poll(SHORT_WAIT, this::arrived);
            window.take(time.bootNanos()).forEach(this::handle);
            // What a flood leaves to be written must not grow old in memory. Without one the disk would hold a look up.
            if (count > 0 && outbox.isDue(time.nanos())) {
                commit();
            } else {
                commitIfMany();
            }
        } while (count > 0 && newestBootNanos <= bootNanos + WINDOW_NANOS);
        window.take(bootNanos + WINDOW_NANOS).forEach(this::handle);
    }

    /**
     * Compares what runs with what is known, which makes up for records that were missed.
     *
     * @param patience waits until more is known of workloads
     */
    private void look(Runnable patience) {
        var mark = doubt.mark();
        noteLostNames();
        look.at(source.snapshot(), patience);
        doubt.clear(mark, time.nanos());
    }

    private final class BetweenPieces implements Look.Work {
        @Override
        public void catchUp() {
            drain(time.bootNanos());
            handler.resolveHeld(time.nanos());
        }

        @Override
        public void commitIfMany() {
            Pipeline.this.commitIfMany();
        }
    }

    private void noteLostNames() {
        if (doubt.seesNames()) {
            return;
        }
        var losses = source.losses();
        long lost = losses.getOrDefault("ring.dns query", 0L) + losses.getOrDefault("ring.dns answer", 0L);
        if (lost > lostNames) {
            doubt.namesMissed(time.nanos());
        }
        lostNames = lost;
    }

    /** Looks again if something was missed since, but not all the time. */
    private void lookIfMissed() {
        long began = time.nanos();
        if (began < nextLookNanos || !doubt.isOpen() && !handler.wantsLook()) {
            return;
        }
        counters.add("looks");
        look(() -> {});
        long took = time.nanos() - began;
        counters.add("looks.millis", took / 1_000_000);
        nextLookNanos = time.nanos() + Math.clamp(LOOK_SHARE * took, LOOK_PAUSE_NANOS, LOOK_PAUSE_NANOS_MAX);
    }

    @Override
    public void run() {
        while (!stopping) {
            try {
                cycle();
            } catch (RuntimeException fault) {
                counters.add("fault.cycle");
                log.warnLimited("pipeline", "a cycle failed", "error", describe(fault));
            }
        }
        window.takeAll().forEach(this::handle);
        commit();
    }

    public void stop() {
        stopping = true;
    }

    /** One round of what {@link #run} does. */
    void cycle() {
        inbox.drain();
        if (outbox.isFull()) {
            // The disk takes nothing: what happens waits in the ring, which counts what it has no room for.
            commit();
            time.pause(BUSY_WAIT.toNanos());
            return;
        }
        source.poll(waitFor(), this::arrived);
        window.take(time.bootNanos()).forEach(this::handle);
        handler.resolveHeld(time.nanos());
        long now = time.nanos();
        if (now >= nextTickNanos) {
            nextTickNanos = now + TICK_NANOS;
            source.sweep();
            lookIfMissed();
            handler.tick(time.bootNanos());
        }
        boolean released = window.doneUpTo() != releasedPosition && now - committedNanos > TICK_NANOS;
        if (outbox.isDue(now) || released) {
            commit();
        }
    }

    private Duration waitFor() {
        if (window.isWaiting()) {
            return SHORT_WAIT;
        }
        if (!inbox.isEmpty()) {
            return Duration.ZERO;
        }
        return outbox.isEmpty() && !handler.isHolding() ? IDLE_WAIT : BUSY_WAIT;
    }

    private void arrived(KernelRecord record, long position) {
        counters.add("records");
        newestBootNanos = record.header().bootNanos();
        if (sequences.isNew(record.header())) {
            window.add(record, position);
        } else {
            counters.add("records.again");
            window.skip(record, position);
        }
    }

    private void handle(RecordWindow.Entry entry) {
        try {
            handler.handle(entry);
        } catch (RuntimeException fault) {
            entry.done();
            counters.add("fault.record");
            log.warnLimited(
                    "pipeline",
                    "a record could not be dealt with",
                    "kind",
                    entry.record().getClass().getSimpleName(),
                    "error",
                    describe(fault));
        }
    }

    private void commitIfMany() {
        if (outbox.isOverdue(time.nanos())) {
            commit();
        }
    }

    private void commit() {
        try {
            handler.beforeCommit();
            outbox.seal();
            journal.commit(sequences);
            long position = window.doneUpTo();
            if (position != releasedPosition) {
                source.release(position);
                releasedPosition = position;
            }
        } catch (IOException broken) {
            counters.add("fault.disk");
            log.warnLimited(
                    "pipeline", "the disk can't be written, records stay in the ring", "error", broken.getMessage());
        }
        committedNanos = time.nanos();
    }

    private static String describe(RuntimeException fault) {
        var where = fault.getStackTrace();
        return fault + (where.length == 0 ? "" : " at " + where[0]);
    }
}
