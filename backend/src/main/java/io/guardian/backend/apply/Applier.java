package io.guardian.backend.apply;

import io.guardian.backend.ingest.Micros;
import io.guardian.backend.ingest.Replay;
import io.guardian.backend.log.EventLog;
import io.guardian.backend.store.HistoryBusyException;
import io.guardian.backend.store.HistoryWriter;
import io.guardian.backend.store.Row;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The thread that brings the history up to date with the log.
 *
 * <p>It takes what is there, up to a limit, and commits it with the new position; under light load a commit holds one
 * batch and follows it within milliseconds, under heavy load it holds many. A commit that fails is tried again until it
 * succeeds: the log keeps everything meanwhile, and ingest slows senders down.
 */
public final class Applier implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(Applier.class.getName());
    private static final int MAX_ROWS = 20_000;
    private static final long MAX_CHARS = 24L << 20;
    private static final Duration IDLE = Duration.ofMillis(500);
    private static final long RETRY_MILLIS = 1_000;

    private final EventLog log;
    private final HistoryWriter history;
    private final Replay replay;
    private final List<Projection> projections;
    private final Clock clock;
    private final Thread thread = Thread.ofPlatform().name("applier").unstarted(this::run);
    private final AtomicLong lagMicros = new AtomicLong();
    private final AtomicLong failures = new AtomicLong();
    private final AtomicLong unusable = new AtomicLong();
    private volatile long applied;
    private volatile boolean stopped;

    /** @param applied where the history stands */
    public Applier(
            EventLog log,
            HistoryWriter history,
            Replay replay,
            List<Projection> projections,
            Clock clock,
            long applied) {
        this.log = log;
        this.history = history;
        this.replay = replay;
        this.projections = List.copyOf(projections);
        this.clock = clock;
        this.applied = applied;
    }

    public void start() {
        thread.start();
    }

    public long applied() {
        return applied;
    }

    /** Time from taking in to visible, of the newest record applied, in microseconds. */
    public long lagMicros() {
        return lagMicros.get();
    }

    /** Commits that failed and were tried again. */
    public long failures() {
        return failures.get();
    }

    /** Records that a projection could do nothing with. */
    public long unusable() {
        return unusable.get();
    }

    private void run() {
        while (!stopped) {
            try {
                if (projections.stream().noneMatch(Projection::busy)) {
                    log.awaitBeyond(applied, IDLE);
                }
                turn();
            } catch (InterruptedException stopping) {
                return;
            } catch (IOException | RuntimeException failed) {
                failures.incrementAndGet();
                LOG.log(System.Logger.Level.ERROR, "records can't be applied, trying again", failed);
                projections.forEach(Projection::abandoned);
                pause();
            }
        }
    }

    /** Applies what the log holds beyond what was applied, up to a limit; for one thread. */
    public void turn() throws IOException, InterruptedException {
        // Also what an earlier run applied: a full log takes nothing more until it hears of that.
        log.release(applied);
        var rows = new ArrayList<Row>();
        long chars = 0;
        long next = applied;
        long received = 0;
        while (rows.size() < MAX_ROWS && chars < MAX_CHARS) {
            var entry = log.read(next);
            if (entry.isEmpty()) {
                break;
            }
            int before = rows.size();
            replay.each(entry.get().entry(), item -> take(item, rows));
            chars += rows.subList(before, rows.size()).stream()
                    .mapToLong(row -> row.text().length())
                    .sum();
            next = entry.get().next();
            received = entry.get().entry().receivedMicros();
        }
        var now = clock.instant();
        projections.forEach(projection -> projection.flush(now, rows::add));
        if (next == applied && rows.isEmpty()) {
            return;
        }
        commit(rows, next);
        if (received > 0) {
            lagMicros.set(Micros.now(clock) - received);
        }
    }

    private void take(Replay.Item item, List<Row> rows) {
        boolean store = true;
        for (Projection projection : projections) {
            try {
                store &= projection.take(item);
            } catch (RuntimeException bad) {
                unusable.incrementAndGet();
                LOG.log(System.Logger.Level.WARNING, "a record is stored but not understood: " + bad.getMessage());
            }
        }
        if (store) {
            rows.add(Row.of(item.sender().org(), item.entry(), item.line()));
        }
    }

    private void commit(List<Row> rows, long next) throws InterruptedException, IOException {
        while (true) {
            try {
                history.commit(rows, next);
                break;
            } catch (HistoryBusyException busy) {
                if (stopped) {
                    throw new InterruptedException("stopped before the commit succeeded");
                }
                failures.incrementAndGet();
                LOG.log(System.Logger.Level.WARNING, "history can't be written, trying again: " + busy.getMessage());
                Thread.sleep(RETRY_MILLIS);
            }
        }
        applied = next;
        log.release(next);
        projections.forEach(Projection::committed);
    }

    private void pause() {
        try {
            Thread.sleep(RETRY_MILLIS);
        } catch (InterruptedException stopping) {
            stopped = true;
        }
    }

    /** Ends after the commit under way. */
    @Override
    public void close() {
        // No interrupt: it would close the file that is being read.
        stopped = true;
        try {
            thread.join();
        } catch (InterruptedException again) {
            Thread.currentThread().interrupt();
        }
    }
}
