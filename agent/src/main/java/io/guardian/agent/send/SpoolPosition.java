package io.guardian.agent.send;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
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
 * @param inFlight the lane whose first batch carries that number already; absent if none does
 * @param places where the first unsent batch of each lane is
 * @param dropped what had to be dropped so far, and the segment that goes with it
 */
record SpoolPosition(
        long turn, long epoch, long sequence, Optional<Lane> inFlight, Map<Lane, Place> places, Dropped dropped) {

    private static final Format NOW = new Format(120, 104, List.of(Lane.TELLING, Lane.BULK, Lane.URGENT), true);
    private static final List<Format> FORMATS = List.of(
            NOW,
            // What is urgent had no lane of its own.
            new Format(104, 88, List.of(Lane.TELLING, Lane.BULK), true),
            // What was dropped wasn't kept.
            new Format(96, 64, List.of(Lane.TELLING, Lane.BULK), false));

    SpoolPosition {
        places = Map.copyOf(places);
    }

    /** Where a batch begins. */
    record Place(long segment, long offset) {
        static final Place START = new Place(0, 0);
    }

    /**
     * What a version writes.
     *
     * @param slotBytes from one slot to the next
     * @param contentBytes what the sum is of, which follows
     * @param lanes whose places are in it, in this order
     * @param dropped whether it says what was dropped
     */
    private record Format(int slotBytes, int contentBytes, List<Lane> lanes, boolean dropped) {}

    /**
     * What was dropped since this spool was made.
     *
     * @param segment the segment of which it was counted already and that may still be there, its number and lane; 0 if
     *     none
     */
    record Dropped(long events, long bytes, long segment) {
        static final Dropped NOTHING = new Dropped(0, 0, 0);

        Dropped and(Lane lane, long number, long moreEvents, long moreBytes) {
            return new Dropped(events + moreEvents, bytes + moreBytes, number << 2 | code(lane));
        }

        Dropped done() {
            return new Dropped(events, bytes, 0);
        }

        boolean isPending(Lane lane) {
            return (segment & 3) == code(lane);
        }

        long number() {
            return segment >> 2;
        }
    }

    /** How a lane is written; 0 is none. */
    private static long code(Lane lane) {
        return switch (lane) {
            case TELLING -> 1;
            case BULK -> 2;
            case URGENT -> 3;
        };
    }

    private static Optional<Lane> lane(long code) {
        return Arrays.stream(Lane.values()).filter(lane -> code(lane) == code).findFirst();
    }

    static SpoolPosition fresh(RandomGenerator random) {
        return new SpoolPosition(0, random.nextLong(1, Long.MAX_VALUE), 1, Optional.empty(), Map.of(), Dropped.NOTHING);
    }

    private Place place(Lane lane) {
        return places.getOrDefault(lane, Place.START);
    }

    long segment(Lane lane) {
        return place(lane).segment;
    }

    long offset(Lane lane) {
        return place(lane).offset;
    }

    boolean isInFlight(Lane lane) {
        return inFlight.equals(Optional.of(lane));
    }

    SpoolPosition at(Lane lane, long segment, long offset) {
        var moved = new EnumMap<Lane, Place>(Lane.class);
        moved.putAll(places);
        moved.put(lane, new Place(segment, offset));
        return new SpoolPosition(turn, epoch, sequence, inFlight, moved, dropped);
    }

    SpoolPosition sending(Lane lane) {
        return new SpoolPosition(turn, epoch, sequence, Optional.of(lane), places, dropped);
    }

    SpoolPosition sent() {
        return new SpoolPosition(turn, epoch, sequence + 1, Optional.empty(), places, dropped);
    }

    SpoolPosition with(Dropped nowDropped) {
        return new SpoolPosition(turn, epoch, sequence, inFlight, places, nowDropped);
    }

    String batchId() {
        return Long.toHexString(epoch) + "-" + sequence;
    }

    /** Reads the newer of the two slots that are whole, of the newest format that there is. */
    static Optional<SpoolPosition> read(Path path) throws IOException {
        if (!Files.exists(path)) {
            return Optional.empty();
        }
        var bytes = Files.readAllBytes(path);
        return FORMATS.stream()
                .flatMap(format -> newest(bytes, format).stream())
                .findFirst();
    }

    private static Optional<SpoolPosition> newest(byte[] bytes, Format format) {
        Optional<SpoolPosition> newest = Optional.empty();
        int slotBytes = format.contentBytes + Long.BYTES;
        for (int start = 0; start + slotBytes <= bytes.length; start += format.slotBytes) {
            var read = slot(ByteBuffer.wrap(bytes, start, slotBytes), format);
            long turn = newest.map(SpoolPosition::turn).orElse(-1L);
            if (read.isPresent() && read.get().turn > turn) {
                newest = read;
            }
        }
        return newest;
    }

    private static Optional<SpoolPosition> slot(ByteBuffer in, Format format) {
        var crc = new CRC32C();
        crc.update(in.slice(in.position(), format.contentBytes));
        long turn = in.getLong();
        long epoch = in.getLong();
        long sequence = in.getLong();
        var inFlight = lane(in.getLong());
        var places = new EnumMap<Lane, Place>(Lane.class);
        for (var lane : format.lanes) {
            places.put(lane, new Place(in.getLong(), in.getLong()));
        }
        var dropped = format.dropped ? new Dropped(in.getLong(), in.getLong(), in.getLong()) : Dropped.NOTHING;
        return in.getLong() == crc.getValue()
                ? Optional.of(new SpoolPosition(turn, epoch, sequence, inFlight, places, dropped))
                : Optional.empty();
    }

    /** Writes it to the slot whose turn it is. */
    SpoolPosition write(Path path) throws IOException {
        var next = new SpoolPosition(turn + 1, epoch, sequence, inFlight, places, dropped);
        var out = ByteBuffer.allocate(NOW.slotBytes)
                .putLong(next.turn)
                .putLong(epoch)
                .putLong(sequence)
                .putLong(inFlight.map(SpoolPosition::code).orElse(0L));
        for (var lane : NOW.lanes) {
            out.putLong(segment(lane)).putLong(offset(lane));
        }
        out.putLong(dropped.events).putLong(dropped.bytes).putLong(dropped.segment);
        var crc = new CRC32C();
        crc.update(out.array(), 0, NOW.contentBytes);
        out.putLong(crc.getValue()).clear();
        try (var file = FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            file.write(out, next.turn % 2 * NOW.slotBytes);
        }
        return next;
    }
}
