package io.guardian.backend.ingest;

import io.guardian.backend.log.LogEntry;
import io.guardian.core.text.Json;
import java.util.function.Consumer;

/** Reads the records of a log entry, with the same verdict on each line as when it was taken in. */
public final class Replay {
    private final IngestLimits limits;

    public Replay(IngestLimits limits) {
        this.limits = limits;
    }

    /** @param line the record's text, as it is to be stored */
    public record Item(Sender sender, long receivedMicros, Json.Obj entry, String line) {}

    /** Gives each accepted record in order. */
    public void each(LogEntry entry, Consumer<Item> each) {
        var sender = Ingest.senderOf(entry);
        byte[] plain;
        try {
            plain = Unpack.plain(entry.gzip(), entry.body(), limits);
        } catch (Refused impossible) {
            throw new IllegalStateException("the log holds a batch that was never taken in", impossible);
        }
        Batch.lines(plain, (line, _) -> {
            if (LineCheck.check(
                            line.bytes(),
                            line.from(),
                            line.length(),
                            sender,
                            entry.receivedMicros(),
                            limits.lineBytes())
                    instanceof LineCheck.Found.Accepted(Json.Obj found, boolean clamped)) {
                each.accept(new Item(sender, entry.receivedMicros(), found, clamped ? found.toText() : line.text()));
            }
        });
    }
}
