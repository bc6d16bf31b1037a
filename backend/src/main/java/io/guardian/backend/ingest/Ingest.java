package io.guardian.backend.ingest;

import io.guardian.backend.log.BatchId;
import io.guardian.backend.log.EventLog;
import io.guardian.backend.log.LogEntry;
import io.guardian.backend.log.LogFullException;
import io.guardian.core.text.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;

/**
 * Takes deliveries in. Each is checked line by line, appended to the log as it came, and acknowledged when it is
 * durable. How many bytes are under way at a time is limited; so is how far the views may lag behind the log.
 */
public final class Ingest {
    /** When the views are further behind than this, senders are asked to slow down. */
    static final long MAX_LAG_BYTES = 256L << 20;

    private final EventLog log;
    private final LongSupplier appliedPosition;
    private final Clock clock;
    private final IngestLimits limits;
    private final Semaphore inFlightKib;
    private final IngestCounts counts = new IngestCounts();

    public Ingest(EventLog log, LongSupplier appliedPosition, Clock clock, IngestLimits limits) {
        this.log = log;
        this.appliedPosition = appliedPosition;
        this.clock = clock;
        this.limits = limits;
        this.inFlightKib = new Semaphore(limits.inFlightBytes() >> 10);
    }

    /** Numbers since the start of the server. */
    public record IngestCounts(
            LongAdder accepted, LongAdder duplicates, LongAdder rejected, LongAdder clamped, LongAdder refused) {
        IngestCounts() {
            this(new LongAdder(), new LongAdder(), new LongAdder(), new LongAdder(), new LongAdder());
        }
    }

    public IngestCounts counts() {
        return counts;
    }

    public IngestLimits limits() {
        return limits;
    }

    /**
     * Takes one delivery; on return it is durable.
     *
     * @param batch empty when the sender gave it no identity: then a resend is stored again, and told apart on reading
     */
    public Receipt take(Sender sender, Optional<BatchId> batch, boolean gzip, byte[] body) throws Refused {
        int kib = weightKib(gzip, body);
        if (log.end() - appliedPosition.getAsLong() > MAX_LAG_BYTES || !inFlightKib.tryAcquire(kib)) {
            counts.refused().increment();
            throw new Refused(Refused.Reason.BUSY, "too much is waiting to be stored");
        }
        try {
            return store(sender, batch, gzip, body);
        } catch (Refused refused) {
            counts.refused().increment();
            throw refused;
        } finally {
            inFlightKib.release(kib);
        }
    }

    /** What a delivery may come to in memory: packed JSON seldom grows more than tenfold. */
    private int weightKib(boolean gzip, byte[] body) {
        long bytes =
                gzip ? Math.min(limits.plainBytes(), body.length * 10L) : Math.min(limits.plainBytes(), body.length);
        return (int) Math.min(limits.inFlightBytes() >> 10, 1 + (bytes >> 10));
    }

    private Receipt store(Sender sender, Optional<BatchId> batch, boolean gzip, byte[] body) throws Refused {
        byte[] plain = Unpack.plain(gzip, body, limits);
        if (Batch.count(plain) > limits.lines()) {
            throw new Refused(
                    Refused.Reason.TOO_LARGE, "the batch has more than " + limits.lines() + " lines; split it");
        }
        long receivedMicros = Micros.now(clock);
        var rejected = new ArrayList<Receipt.Rejection>();
        var good = new int[1];
        Batch.lines(plain, (line, number) -> {
            switch (LineCheck.check(
                    line.bytes(), line.from(), line.length(), sender, receivedMicros, limits.lineBytes())) {
                case LineCheck.Found.Accepted accepted -> {
                    good[0]++;
                    counts.clamped().add(accepted.clamped() ? 1 : 0);
                }
                case LineCheck.Found.Rejected(String id, String message) ->
                    rejected.add(new Receipt.Rejection(number, id, message));
            }
        });
        boolean duplicate = append(new LogEntry(sender.org(), key(sender), batch, receivedMicros, gzip, body));
        counts.rejected().add(rejected.size());
        (duplicate ? counts.duplicates() : counts.accepted()).add(good[0]);
        String id = batch.map(BatchId::toString).orElse("");
        return new Receipt(id, duplicate ? 0 : good[0], duplicate ? good[0] : 0, rejected, 0);
    }

    private boolean append(LogEntry entry) throws Refused {
        try {
            return log.append(entry).duplicate();
        } catch (LogFullException full) {
            throw new Refused(Refused.Reason.NO_ROOM, "the server has no room on its disk; try again later");
        } catch (IOException failed) {
            throw new Refused(Refused.Reason.NO_ROOM, "the server can't write its log; try again later");
        }
    }

    /** Adds records of the server's own making; on return they are durable. */
    public void record(String org, List<Json.Obj> records) throws Refused {
        var text = new StringBuilder();
        records.forEach(each -> text.append(each.toText()).append('\n'));
        append(new LogEntry(
                org,
                key(Sender.server(org)),
                Optional.empty(),
                Micros.now(clock),
                false,
                text.toString().getBytes(StandardCharsets.UTF_8)));
    }

    /** The log keeps both uids of a sender in one text. */
    private static String key(Sender sender) {
        return sender.muid().isEmpty() ? sender.uid() : sender.uid() + " " + sender.muid();
    }

    static Sender senderOf(LogEntry entry) {
        int space = entry.sender().indexOf(' ');
        return space < 0
                ? new Sender(entry.org(), entry.sender(), "")
                : new Sender(
                        entry.org(),
                        entry.sender().substring(0, space),
                        entry.sender().substring(space + 1));
    }
}
