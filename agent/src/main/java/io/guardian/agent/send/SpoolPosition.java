package io.guardian.agent.send;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.zip.CRC32C;

/**
 * How far the spool has been sent. Written in turn to two slots of one small file, so that a crash in the middle of a
 * write leaves the other slot.
 *
 * @param turn grows with every write
 * @param epoch random number of this spool; batch ids begin with it
 * @param sequence number of the batch in flight, or of the next one
 * @param inFlight the lane whose first batch carries that number already, or absent words
 * @param tellingSegment where the first unsent batch of {@link Lane#TELLING} is
 * @param bulkSegment where the first unsent batch of {@link Lane#BULK} is
 */
record SpoolPosition(
        long turn,
        long epoch,
        long sequence,
        InFlight inFlight,
        long tellingSegment,
        long tellingOffset,
        long bulkSegment,
        long bulkOffset) {

    private static final int SLOT_BYTES = 96;
    private static final int CONTENT_BYTES = 64;

    /** Which lane the batch in flight is of. */
    enum InFlight {
        NONE(0),
        TELLING(1),
        BULK(2);

        private final long code;

        InFlight(long code) {
            this.code = code;
        }

        static InFlight ofCode(long code) {
            return code == TELLING.code ? TELLING : code == BULK.code ? BULK : NONE;
        }

        static InFlight of(Lane lane) {
            return switch (lane) {
                case TELLING -> TELLING;
                case BULK -> BULK;
            };
        }

        boolean is(Lane lane) {
            return this == of(lane);
        }
    }

    static SpoolPosition fresh(RandomGenerator random) {
        return new SpoolPosition(0, random.nextLong(1, Long.MAX_VALUE), 1, InFlight.NONE, 0, 0, 0, 0);
    }

    long segment(Lane lane) {
        return lane == Lane.TELLING ? tellingSegment : bulkSegment;
    }

    long offset(Lane lane) {
        return lane == Lane.TELLING ? tellingOffset : bulkOffset;
    }

    SpoolPosition at(Lane lane, long segment, long offset) {
        return lane == Lane.TELLING
                ? new SpoolPosition(turn, epoch, sequence, inFlight, segment, offset, bulkSegment, bulkOffset)
                : new SpoolPosition(turn, epoch, sequence, inFlight, tellingSegment, tellingOffset, segment, offset);
    }

    SpoolPosition sending(Lane lane) {
        return new SpoolPosition(
                turn, epoch, sequence, InFlight.of(lane), tellingSegment, tellingOffset, bulkSegment, bulkOffset);
    }

    SpoolPosition sent() {
        return new SpoolPosition(
                turn, epoch, sequence + 1, InFlight.NONE, tellingSegment, tellingOffset, bulkSegment, bulkOffset);
    }

    String batchId() {
        return Long.toHexString(epoch) + "-" + sequence;
    }

    /** Reads the newer of the two slots that are whole. */
    static Optional<SpoolPosition> read(Path path) throws IOException {
        if (!Files.exists(path)) {
            return Optional.empty();
        }
        var bytes = Files.readAllBytes(path);
        Optional<SpoolPosition> newest = Optional.empty();
        for (int slot = 0; (slot + 1) * SLOT_BYTES <= bytes.length; slot++) {
            var read = slot(ByteBuffer.wrap(bytes, slot * SLOT_BYTES, SLOT_BYTES));
            long turn = newest.map(SpoolPosition::turn).orElse(-1L);
            if (read.isPresent() && read.get().turn > turn) {
                newest = read;
            }
        }
        return newest;
    }

    private static Optional<SpoolPosition> slot(ByteBuffer in) {
        var crc = new CRC32C();
        crc.update(in.slice(in.position(), CONTENT_BYTES));
        var read = new SpoolPosition(
                in.getLong(),
                in.getLong(),
                in.getLong(),
                InFlight.ofCode(in.getLong()),
                in.getLong(),
                in.getLong(),
                in.getLong(),
                in.getLong());
        return in.getLong() == crc.getValue() ? Optional.of(read) : Optional.empty();
    }

    /** Writes it to the slot whose turn it is. */
    SpoolPosition write(Path path) throws IOException {
        var next = new SpoolPosition(
                turn + 1, epoch, sequence, inFlight, tellingSegment, tellingOffset, bulkSegment, bulkOffset);
        var out = ByteBuffer.allocate(SLOT_BYTES)
                .putLong(next.turn)
                .putLong(epoch)
                .putLong(sequence)
                .putLong(inFlight.code)
                .putLong(tellingSegment)
                .putLong(tellingOffset)
                .putLong(bulkSegment)
                .putLong(bulkOffset);
        var crc = new CRC32C();
        crc.update(out.array(), 0, CONTENT_BYTES);
        out.putLong(crc.getValue()).clear();
        try (var file = FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            file.write(out, next.turn % 2 * SLOT_BYTES);
        }
        return next;
    }
}
