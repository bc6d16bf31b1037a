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
    private long more;
    private long others;
    private long atMicros;

    Tally(DeviationEvent record) {
        checksum = record.checksum();
        packed = pack(record);
    }

    /** A newer record of the same behaviour stands for what comes, and for what wasn't told yet. */
    void standsFor(DeviationEvent record) {
        checksum = record.checksum();
        packed = pack(record);
    }

    /** Counts one more that has no record of its own. */
    void count(String ofChecksum, long nowMicros) {
        more++;
        others += ofChecksum.equals(checksum) ? 0 : 1;
        atMicros = nowMicros;
    }

    /** A new version of the record, in which all is counted so far. */
    DeviationEvent raise() {
        var raised = unpack(packed).counting(more, others, atMicros);
        packed = pack(raised);
        more = 0;
        others = 0;
        return raised;
    }

    private static byte[] pack(DeviationEvent record) {
        var deflater = new Deflater(Deflater.BEST_SPEED);
        var bytes = new ByteArrayOutputStream(1_024);
        try (var out = new DeflaterOutputStream(bytes, deflater)) {
            out.write(record.toJson().toText().getBytes(StandardCharsets.UTF_8));
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        } finally {
            deflater.end();
        }
        return bytes.toByteArray();
    }

    private static DeviationEvent unpack(byte[] packed) {
        try (var in = new InflaterInputStream(new ByteArrayInputStream(packed))) {
            var text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            if (EventReading.of(JsonReader.readObject(text)) instanceof EventReading.Read(DeviationEvent record)) {
                return record;
            }
            throw new IllegalStateException("a record of a deviation can't be read back: " + text);
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        } catch (JsonSyntaxException broken) {
            throw new IllegalStateException(broken);
        }
    }
}
