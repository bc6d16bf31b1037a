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
 * @param dropped what had to be dropped so far, and the segment that goes with it
 */
record SpoolPosition(
        long turn,
        long epoch,
        long sequence,
        InFlight inFlight,
        long tellingSegment,
        long tellingOffset,
        long bulkSegment,
        long bulkOffset,
        Dropped dropped) {

    private static final int SLOT_BYTES = 104;
    private static final int CONTENT_BYTES = 88;
    // As written by versions that didn't keep what was dropped.
    private static final int OLD_SLOT_BYTES = 96;
    private static final int OLD_CONTENT_BYTES = 64;

    /**
     * What was dropped since this spool was made.
     *
     * @param segment the segment of which it was counted already and that may still be there, its number and lane; 0 if
     *     none
     */
    record Dropped(long events, long bytes, long segment) {
        static final Dropped NOTHING = new Dropped(0, 0, 0);

        Dropped and(Lane lane, long number, long moreEvents, long moreBytes) {
            return new Dropped(events + moreEvents, bytes + moreBytes, number << 2 | InFlight.of(lane).code);
        }

        Dropped done() {
            return new Dropped(events, bytes, 0);
        }

        boolean isPending(Lane lane) {
            return (segment & 3) == InFlight.of(lane).code;
        }

        long number() {
            return segment >> 2;
        }
    }

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
        return new SpoolPosition(0, random.nextLong(1, Long.MAX_VALUE), 1, InFlight.NONE, 0, 0, 0, 0, Dropped.NOTHING);
    }

    long segment(Lane lane) {
        return lane == Lane.TELLING ? tellingSegment : bulkSegment;
    }

    long offset(Lane lane) {
        return lane == Lane.TELLING ? tellingOffset : bulkOffset;
    }

    SpoolPosition at(Lane lane, long segment, long offset) {
        return lane == Lane.TELLING
                ? new SpoolPosition(turn, epoch, sequence, inFlight, segment, offset, bulkSegment, bulkOffset, dropped)
                : new SpoolPosition(
                        turn, epoch, sequence, inFlight, tellingSegment, tellingOffset, segment, offset, dropped);
    }

    SpoolPosition sending(Lane lane) {
        return new SpoolPosition(
                turn,
                epoch,
                sequence,
                InFlight.of(lane),
                tellingSegment,
                tellingOffset,
                bulkSegment,
                bulkOffset,
                dropped);
    }

    SpoolPosition sent() {
        return new SpoolPosition(
                turn,
                epoch,
                sequence + 1,
                InFlight.NONE,
                tellingSegment,
                tellingOffset,
                bulkSegment,
                bulkOffset,
                dropped);
    }

    SpoolPosition with(Dropped nowDropped) {
        return new SpoolPosition(
                turn, epoch, sequence, inFlight, tellingSegment, tellingOffset, bulkSegment, bulkOffset, nowDropped);
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
        return newest(bytes, SLOT_BYTES, CONTENT_BYTES).or(() -> newest(bytes, OLD_SLOT_BYTES, OLD_CONTENT_BYTES));
    }

    private static Optional<SpoolPosition> newest(byte[] bytes, int slotBytes, int contentBytes) {
        Optional<SpoolPosition> newest = Optional.empty();
        for (int slot = 0; slot * slotBytes + contentBytes + Long.BYTES <= bytes.length; slot++) {
            var read = slot(ByteBuffer.wrap(bytes, slot * slotBytes, contentBytes + Long.BYTES), contentBytes);
            long turn = newest.map(SpoolPosition::turn).orElse(-1L);
            if (read.isPresent() && read.get().turn > turn) {
                newest = read;
            }
        }
        return newest;
    }

    private static Optional<SpoolPosition> slot(ByteBuffer in, int contentBytes) {
        var crc = new CRC32C();
        crc.update(in.slice(in.position(), contentBytes));
        var read = new SpoolPosition(
                in.getLong(),
                in.getLong(),
                in.getLong(),
                InFlight.ofCode(in.getLong()),
                in.getLong(),
                in.getLong(),
                in.getLong(),
                in.getLong(),
                contentBytes == CONTENT_BYTES
                        ? new Dropped(in.getLong(), in.getLong(), in.getLong())
                        : Dropped.NOTHING);
        return in.getLong() == crc.getValue() ? Optional.of(read) : Optional.empty();
    }

    /** Writes it to the slot whose turn it is. */
    SpoolPosition write(Path path) throws IOException {
        var next = new SpoolPosition(
                turn + 1, epoch, sequence, inFlight, tellingSegment, tellingOffset, bulkSegment, bulkOffset, dropped);
        var out = ByteBuffer.allocate(SLOT_BYTES)
                .putLong(next.turn)
                .putLong(epoch)
                .putLong(sequence)
                .putLong(inFlight.code)
                .putLong(tellingSegment)
                .putLong(tellingOffset)
                .putLong(bulkSegment)
                .putLong(bulkOffset)
                .putLong(dropped.events)
                .putLong(dropped.bytes)
                .putLong(dropped.segment);
        var crc = new CRC32C();
        crc.update(out.array(), 0, CONTENT_BYTES);
        out.putLong(crc.getValue()).clear();
        try (var file = FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            file.write(out, next.turn % 2 * SLOT_BYTES);
        }
        return next;
    }
}
