package io.guardian.checks.replay;

import io.guardian.agent.attribute.RootView;
import io.guardian.ebpf.FileLocation;
import io.guardian.ebpf.RingTap;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/**
 * What a ring held, and what it takes to make sense of it.
 *
 * <p>On disk it is two files: {@code NAME.ring.gz} with each record as a length (four bytes, big-endian) and the
 * kernel's bytes, and {@code NAME.txt} with the rest as {@code key: value} lines.
 *
 * @param facts the lines of the text
 * @param records the bytes of each record, in the ring's order
 */
record Recording(Map<String, String> facts, List<byte[]> records) {
    static final String COMMAND = "command";
    static final String KERNEL = "kernel";
    static final String LAYOUT = "layout";
    static final String BOOT_ID = "boot-id";
    static final String BOOT_WALL_MICROS = "boot-wall-micros";
    static final String EPOCH_NANOS = "epoch-nanos";
    static final String START_NANOS = "start-nanos";
    static final String ROOT_DEVICE = "root-device";
    static final String ROOT_PATH = "root-path";
    static final String MOUNT_NAMESPACE = "mount-namespace";
    static final String USER_NAMESPACE = "user-namespace";
    private static final int RECORD_BYTES_MAX = 1 << 20;

    Recording {
        facts = Map.copyOf(facts);
        records = List.copyOf(records);
    }

    private static Path text(Path place) {
        return place.resolveSibling(place.getFileName() + ".txt");
    }

    private static Path ring(Path place) {
        return place.resolveSibling(place.getFileName() + ".ring.gz");
    }

    /**
     * Reads the two files.
     *
     * @param place their path without the endings
     * @param layout of today's records
     * @throws IllegalStateException if it was recorded with another layout
     */
    static Recording read(Path place, int layout) throws IOException {
        var facts = new LinkedHashMap<String, String>();
        for (var line : Files.readAllLines(text(place))) {
            var parts = line.split(": ", 2);
            facts.put(parts[0], parts.length > 1 ? parts[1] : "");
        }
        if (!facts.getOrDefault(LAYOUT, "").equals(Integer.toString(layout))) {
            throw new IllegalStateException(
                    "the recording `%s` has records of layout `%s`, and this build's is `%d`: record it anew, as root, with `./guardian bench record-ring %s`"
                            .formatted(place.getFileName(), facts.getOrDefault(LAYOUT, ""), layout, place));
        }
        var records = new ArrayList<byte[]>();
        try (var in = new DataInputStream(new GZIPInputStream(Files.newInputStream(ring(place))))) {
            while (true) {
                int length = in.readInt();
                if (length < 0 || length > RECORD_BYTES_MAX) {
                    throw new IOException("`" + ring(place) + "` is damaged");
                }
                records.add(in.readNBytes(length));
            }
        } catch (EOFException end) {
            // The last record is behind us.
        }
        return new Recording(facts, records);
    }

    void write(Path place, List<String> order) throws IOException {
        Files.createDirectories(place.toAbsolutePath().getParent());
        try (var out = new DataOutputStream(new GZIPOutputStream(Files.newOutputStream(ring(place))))) {
            for (var record : records) {
                out.writeInt(record.length);
                out.write(record);
            }
        }
        Files.write(
                text(place),
                order.stream().map(key -> key + ": " + facts.get(key)).toList());
    }

    long number(String key) {
        return Long.parseLong(text(key));
    }

    String text(String key) {
        return java.util.Optional.ofNullable(facts.get(key))
                .orElseThrow(() -> new IllegalStateException("the recording's text has no `" + key + "`"));
    }

    /** The root of the machine that it was recorded on. */
    RootView root() {
        return new RootView(
                new FileLocation(number(ROOT_DEVICE), text(ROOT_PATH)),
                number(MOUNT_NAMESPACE),
                number(USER_NAMESPACE));
    }

    /** When the last record was made, in nanoseconds since boot. */
    long endNanos() {
        return records.stream().mapToLong(RingTap::bootNanos).max().orElseThrow();
    }
}
