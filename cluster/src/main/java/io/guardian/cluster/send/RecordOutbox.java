package io.guardian.cluster.send;

import io.guardian.agent.log.Log;
import io.guardian.agent.send.Gzip;
import io.guardian.agent.send.Lane;
import io.guardian.agent.send.Spool;
import io.guardian.cluster.state.Publisher;
import io.guardian.core.text.Json;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Collects records into batches. The first record of a quiet time waits ten milliseconds for company, since a pod's
 * appearance is several records; while a batch is under way the next one grows, so that a busy cluster makes large
 * batches and a quiet one fast ones.
 *
 * <p>Runs on a thread of its own; publishers wait when too many lines are waiting.
 */
public final class RecordOutbox implements Publisher, Runnable {
    private static final int LINES_MAX = 1000;
    private static final int LINE_CHARS_MAX = 256 << 10;
    private static final int BATCH_CHARS_MAX = 4 << 20;
    private static final int WAITING_LINES_MAX = 20_000;
    private static final long LINGER_MILLIS = 10;
    private static final long GROW_MILLIS_MAX = 200;

    private final Spool spool;
    private final Log log;
    private final ArrayDeque<String> lines = new ArrayDeque<>();
    private final AtomicLong written = new AtomicLong();
    private final AtomicLong tooLong = new AtomicLong();
    private final AtomicLong lost = new AtomicLong();
    private boolean sealing;

    public RecordOutbox(Spool spool, Log log) {
        this.spool = spool;
        this.log = log;
    }

    @Override
    public synchronized void publish(List<Json.Obj> records) {
        try {
            while (lines.size() >= WAITING_LINES_MAX) {
                wait();
            }
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
            return;
        }
        for (var record : records) {
            String line = record.toText();
            if (line.length() < LINE_CHARS_MAX) {
                lines.add(line);
            } else {
                tooLong.incrementAndGet();
            }
        }
        notifyAll();
    }

    @Override
    public void run() {
        try {
            while (!Thread.currentThread().isInterrupted()) {
                step();
            }
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }

    private void step() throws InterruptedException {
        synchronized (this) {
            while (lines.isEmpty()) {
                wait();
            }
        }
        TimeUnit.MILLISECONDS.sleep(LINGER_MILLIS);
        int taken = 0;
        try {
            for (long grown = 0; grown < GROW_MILLIS_MAX && size() < LINES_MAX && !spool.isEmpty(); grown += 5) {
                TimeUnit.MILLISECONDS.sleep(5);
            }
            var batch = take();
            taken = batch.size();
            spool.append(Lane.TELLING, Gzip.lines(batch), batch.size());
            written.addAndGet(batch.size());
        } catch (IOException broken) {
            lost.addAndGet(taken);
            log.warnLimited("spool", "the spool can't be written", "error", String.valueOf(broken.getMessage()));
        } finally {
            synchronized (this) {
                sealing = false;
                notifyAll();
            }
        }
    }

    private synchronized int size() {
        return lines.size();
    }

    private synchronized List<String> take() {
        sealing = true;
        var batch = new ArrayList<String>(Math.min(lines.size(), LINES_MAX));
        int chars = 0;
        for (String line = lines.peek(); line != null; line = lines.peek()) {
            if (batch.size() >= LINES_MAX || !batch.isEmpty() && chars + line.length() > BATCH_CHARS_MAX) {
                break;
            }
            chars += line.length();
            batch.add(lines.remove());
        }
        notifyAll();
        return batch;
    }

    /** Whether everything that was published is in the spool. */
    public synchronized boolean isEmpty() {
        return lines.isEmpty() && !sealing;
    }

    /** Records written to the spool since the start. */
    public long written() {
        return written.get();
    }

    /** Records that are longer than the server takes. */
    public long tooLong() {
        return tooLong.get();
    }

    /** Records that the disk didn't take; whoever published them has to publish them again. */
    public long lost() {
        return lost.get();
    }
}
