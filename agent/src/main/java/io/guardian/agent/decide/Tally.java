package io.guardian.agent.decide;

import io.guardian.core.event.DeviationEvent;
import io.guardian.core.event.EventReading;
import io.guardian.core.text.JsonReader;
import io.guardian.core.text.JsonSyntaxException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.InflaterInputStream;

/**
 * The record whose count is raised. Thousands wait for an hour and few are ever raised, so it is kept as compressed
 * text: a sixth of what the objects take.
 */
final class Tally {
    private String checksum;
    private byte[] packed;
    private boolean kept;
    private Told told = Told.NOTHING;
    private long more;
    private long others;
    private long atMicros;

    /**
     * What the record's newest version counts beyond its first.
     *
     * @param others how many of {@code more} were something else
     */
    record Told(long more, long others, long atMicros) {
        static final Told NOTHING = new Told(0, 0, 0);
    }

    Tally(DeviationEvent record) {
        checksum = record.checksum();
        packed = pack(record.toJson().toText());
    }

    /** As {@link #keep} gave it; nothing if it is damaged. */
    static Optional<Tally> read(String text) {
        return event(text).map(record -> {
            var tally = new Tally(record);
            tally.kept = true;
            return tally;
        });
    }

    /** A newer record of the same behaviour stands for what comes, and for what wasn't told yet. */
    void standsFor(DeviationEvent record) {
        checksum = record.checksum();
        packed = pack(record.toJson().toText());
        kept = false;
        told = Told.NOTHING;
    }

    /** Whether the record is in the file of what is known. */
    boolean isKept() {
        return kept;
    }

    /** The record's first version for the file, where it is from now on. */
    String keep() {
        kept = true;
        return unpack(packed);
    }

    Told told() {
        return told;
    }

    /** Puts back what was told before. */
    void told(Told before) {
        told = before;
    }

    /** Counts one more that has no record of its own. */
    void count(String ofChecksum, long nowMicros) {
        more++;
        others += ofChecksum.equals(checksum) ? 0 : 1;
        atMicros = nowMicros;
    }

    /** A new version of the record, in which all is counted so far. */
    DeviationEvent raise() {
        told = new Told(told.more() + more, told.others() + others, atMicros);
        more = 0;
        others = 0;
        return event(unpack(packed))
                .orElseThrow(() -> new IllegalStateException("a record of a deviation can't be read back"))
                .counting(told.more(), told.others(), told.atMicros());
    }

    private static byte[] pack(String text) {
        var deflater = new Deflater(Deflater.BEST_SPEED);
        var bytes = new ByteArrayOutputStream(1_024);
        try (var out = new DeflaterOutputStream(bytes, deflater)) {
            out.write(text.getBytes(StandardCharsets.UTF_8));
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        } finally {
            deflater.end();
        }
        return bytes.toByteArray();
    }

    private static String unpack(byte[] packed) {
        try (var in = new InflaterInputStream(new ByteArrayInputStream(packed))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    private static Optional<DeviationEvent> event(String text) {
        try {
            return EventReading.of(JsonReader.readObject(text)) instanceof EventReading.Read(DeviationEvent record)
                    ? Optional.of(record)
                    : Optional.empty();
        } catch (JsonSyntaxException damaged) {
            return Optional.empty();
        }
    }
}
