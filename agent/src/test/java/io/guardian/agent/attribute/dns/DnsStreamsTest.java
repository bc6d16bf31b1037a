package io.guardian.agent.attribute.dns;

import static org.assertj.core.api.Assertions.assertThat;

import io.guardian.core.net.IpAddress;
import io.guardian.core.text.JsonReader;
import io.guardian.core.text.JsonSyntaxException;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class DnsStreamsTest {
    private static final DnsNames.Ends ENDS =
            new DnsNames.Ends(1, IpAddress.parse("10.0.0.53").orElseThrow(), false);
    /** So that the numbers of TCP go beyond 2^32 on their way. */
    private static final int FIRST = -100;

    private DnsStreams streams = new DnsStreams();
    private final Map<DnsNames.Ends, String> file = new HashMap<>();

    private static byte[] stream(List<byte[]> messages) {
        var out = new ByteArrayOutputStream();
        for (var message : messages) {
            out.write(message.length >> 8);
            out.write(message.length);
            out.writeBytes(message);
        }
        return out.toByteArray();
    }

    private static DnsNames.Segment segment(byte[] stream, int from, int to) {
        return new DnsNames.Segment(
                true,
                FIRST + from,
                from,
                ByteBuffer.wrap(stream, from, to - from).slice());
    }

    private List<byte[]> take(DnsNames.Segment segment) {
        return streams.take(ENDS, segment).stream().map(DnsStreamsTest::bytes).toList();
    }

    private static byte[] bytes(ByteBuffer message) {
        var bytes = new byte[message.remaining()];
        message.get(bytes);
        return bytes;
    }

    private static byte[] message(Random random, int length) {
        var bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }

    private void commit(boolean onlyChanged) {
        if (!onlyChanged) {
            file.clear();
        }
        streams.takeKept(onlyChanged)
                .forEach((ends, kept) -> kept.ifPresentOrElse(
                        stream -> file.put(ends, stream.toText()),
                        () -> assertThat(file.remove(ends)).isNotNull()));
    }

    private void restart() throws JsonSyntaxException {
        streams = new DnsStreams();
        for (var entry : file.entrySet()) {
            streams.restore(entry.getKey(), JsonReader.readObject(entry.getValue()));
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void a_connection_goes_on_over_restarts_from_where_it_was(long seed) throws JsonSyntaxException {
        var random = new Random(Long.getLong("seed", seed));
        for (int round = 0; round < 100; round++) {
            var messages = new ArrayList<byte[]>();
            for (int i = 0; i < 1 + random.nextInt(6); i++) {
                messages.add(message(random, 1 + random.nextInt(random.nextBoolean() ? 20 : 3_000)));
            }
            var stream = stream(messages);
            var segments = new ArrayList<DnsNames.Segment>();
            for (int at = 0; at < stream.length; ) {
                int to = Math.min(stream.length, at + 1 + random.nextInt(1_400));
                segments.add(segment(stream, at, to));
                at = to;
            }
            for (int i = 0; i + 1 < segments.size(); i += 1 + random.nextInt(4)) {
                Collections.swap(segments, i, i + 1);
            }
            var seen = new ArrayList<byte[]>();
            for (var segment : segments) {
                seen.addAll(take(segment));
                commit(random.nextInt(4) > 0);
                restart();
            }
            assertThat(seen).usingRecursiveComparison().isEqualTo(messages);
            assertThat(streams.heldBytes()).isZero();
            streams.closed(ENDS.socket());
            commit(true);
            assertThat(file).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void messages_come_whole_and_in_order_however_they_are_cut_repeated_and_shuffled(long seed) {
        var random = new Random(Long.getLong("seed", seed));
        for (int round = 0; round < 300; round++) {
            var messages = new ArrayList<byte[]>();
            for (int i = 0; i < 1 + random.nextInt(6); i++) {
                messages.add(message(random, 1 + random.nextInt(random.nextBoolean() ? 20 : 3_000)));
            }
            var stream = stream(messages);
            var segments = new ArrayList<DnsNames.Segment>();
            for (int at = 0; at < stream.length; ) {
                int to = Math.min(stream.length, at + 1 + random.nextInt(1_400));
                segments.add(segment(stream, at, to));
                if (random.nextInt(4) == 0) {
                    segments.add(segment(stream, Math.max(0, at - random.nextInt(50)), to));
                }
                at = to;
            }
            // Within what a network does: neighbours change places.
            for (int i = 0; i + 1 < segments.size(); i += 1 + random.nextInt(4)) {
                Collections.swap(segments, i, i + 1);
            }
            var seen = new ArrayList<byte[]>();
            segments.forEach(segment -> seen.addAll(take(segment)));
            assertThat(seen).usingRecursiveComparison().isEqualTo(messages);
            assertThat(streams.heldBytes()).isZero();
            streams.closed(ENDS.socket());
        }
        assertThat(streams.size()).isZero();
    }

    @Test
    void what_was_heard_first_of_a_place_counts() {
        var random = new Random(1);
        var told = stream(List.of(message(random, 30)));
        var later = stream(List.of(message(random, 30)));
        assertThat(take(segment(told, 0, 20))).isEmpty();
        assertThat(take(segment(later, 0, 20))).isEmpty();
        assertThat(take(segment(later, 20, 32))).hasSize(1).first().satisfies(message -> {
            assertThat(message).startsWith(java.util.Arrays.copyOfRange(told, 2, 20));
        });
    }

    @Test
    void connection_whose_beginning_was_not_seen_tells_nothing() {
        var random = new Random(2);
        // Bytes that look like messages from every place on.
        var stream = stream(Collections.nCopies(300, new byte[] {0, 1, 0}));
        for (int at = 7; at < 1_000; at += 50) {
            assertThat(take(segment(stream, at, at + 50))).isEmpty();
        }
        assertThat(streams.heldBytes()).isLessThanOrEqualTo(16 * 50);
        assertThat(take(new DnsNames.Segment(true, random.nextInt(), 1 << 30, ByteBuffer.wrap(stream))))
                .isEmpty();
    }

    @Test
    void gap_within_the_rest_of_a_message_too_long_to_keep_costs_only_that() {
        var random = new Random(3);
        var messages = List.of(message(random, 60_000), message(random, 40));
        var stream = stream(messages);
        var seen = new ArrayList<byte[]>();
        for (int at = 0; at < stream.length; at += 1_000) {
            if (at < 20_000 || at >= 30_000) {
                seen.addAll(take(segment(stream, at, Math.min(stream.length, at + 1_000))));
            }
        }
        assertThat(seen).hasSize(2);
        assertThat(seen.getFirst()).hasSize(16_384).isEqualTo(java.util.Arrays.copyOf(messages.getFirst(), 16_384));
        assertThat(seen.getLast()).isEqualTo(messages.getLast());
    }

    @Test
    void gap_elsewhere_leaves_all_behind_it_unread() {
        var random = new Random(4);
        var stream = stream(List.of(message(random, 40), message(random, 40), message(random, 40)));
        assertThat(take(segment(stream, 0, 42))).hasSize(1);
        assertThat(take(segment(stream, 43, 84))).isEmpty();
        assertThat(take(segment(stream, 84, 126))).isEmpty();
    }

    @Test
    void length_that_is_only_claimed_takes_no_memory() {
        for (int i = 0; i < 10_000; i++) {
            var ends = new DnsNames.Ends(i, ENDS.resolver(), false);
            assertThat(streams.take(
                            ends, new DnsNames.Segment(i % 2 == 0, 0, 0, ByteBuffer.wrap(new byte[] {-1, -1, 1}))))
                    .isEmpty();
            assertThat(streams.size()).isLessThanOrEqualTo(DnsStreams.CONNECTIONS_MAX);
            assertThat(streams.heldBytes()).isLessThanOrEqualTo(DnsStreams.HELD_BYTES_MAX);
        }
        assertThat(streams.takeForgotten()).isEqualTo(10_000 - DnsStreams.CONNECTIONS_MAX);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void hostile_segments_are_never_an_error_and_stay_within_the_limits(long seed) {
        var random = new Random(Long.getLong("seed", seed));
        for (int i = 0; i < 50_000; i++) {
            var ends = new DnsNames.Ends(random.nextInt(400), ENDS.resolver(), false);
            int offset = random.nextInt(4) == 0 ? random.nextInt() : random.nextInt(5_000);
            int first = random.nextInt(10) == 0 ? random.nextInt() : FIRST;
            var segment = new DnsNames.Segment(
                    random.nextBoolean(),
                    first + offset,
                    offset,
                    ByteBuffer.wrap(message(random, random.nextInt(1_232))));
            streams.take(ends, segment);
            assertThat(streams.size()).isLessThanOrEqualTo(DnsStreams.CONNECTIONS_MAX);
            assertThat(streams.heldBytes()).isBetween(0, DnsStreams.HELD_BYTES_MAX);
        }
    }
}
