package io.guardian.agent.send;

import static org.assertj.core.api.Assertions.assertThat;

import io.guardian.core.event.ConnectionModel;
import io.guardian.core.event.Event;
import io.guardian.core.event.EventReading;
import io.guardian.core.event.Life;
import io.guardian.core.event.NetworkEnd;
import io.guardian.core.event.Owner;
import io.guardian.core.net.IpAddress;
import io.guardian.core.net.Protocol;
import io.guardian.core.text.JsonReader;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;

/** Whoever counts connections by their first versions counts each once, however versions fall into batches. */
final class BatchTest {
    private static final long BEGIN = 1_790_000_000_123_456L;
    private static final NetworkEnd LOCAL = NetworkEnd.of(IpAddress.v4(0x7f000001), 80);
    private static final NetworkEnd REMOTE = NetworkEnd.of(IpAddress.v4(0x7f000002), 40_000);

    private static ConnectionModel begun(String id, long micros) {
        return new ConnectionModel(
                Life.begun(id, micros),
                Owner.host("mach:M", ""),
                ConnectionModel.Direction.INBOUND,
                Protocol.TCP,
                LOCAL,
                REMOTE,
                REMOTE,
                List.of(),
                "",
                "",
                "",
                ConnectionModel.Traffic.NONE);
    }

    private static ConnectionModel established(ConnectionModel before, long micros) {
        return before.with(before.life().updated(micros), LOCAL, REMOTE, ConnectionModel.Traffic.NONE);
    }

    private static ConnectionModel closed(ConnectionModel before, long micros) {
        return before.with(before.life().ended(micros), LOCAL, REMOTE, new ConnectionModel.Traffic(1, 2, 3, 4));
    }

    private static List<ConnectionModel> sent(Event... events) throws Exception {
        var batch = new Batch();
        for (var event : events) {
            batch.add(event);
        }
        var sent = new ArrayList<ConnectionModel>();
        try (var in = new GZIPInputStream(new ByteArrayInputStream(batch.pack().body()))) {
            for (String line : new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .toList()) {
                if (EventReading.of(JsonReader.readObject(line)) instanceof EventReading.Read(ConnectionModel model)) {
                    sent.add(model);
                }
            }
        }
        return sent;
    }

    @Test
    void one_that_begins_and_ends_in_one_batch_is_told_of_as_the_first_version_and_is_closed() throws Exception {
        var begun = begun("conn:1", BEGIN);
        var established = established(begun, BEGIN + 500_000);
        assertThat(sent(begun, established, closed(established, BEGIN + 900_000)))
                .singleElement()
                .satisfies(told -> {
                    assertThat(told.life().isFirst()).isTrue();
                    assertThat(told.life().toMicros()).isEqualTo(BEGIN + 900_000);
                    assertThat(told.timeMicros()).isEqualTo(BEGIN + 900_000);
                    assertThat(told.traffic().sentBytes()).isEqualTo(2);
                });
    }

    @Test
    void an_end_in_another_batch_is_a_later_version() throws Exception {
        var begun = begun("conn:1", BEGIN);
        var established = established(begun, BEGIN + 10);
        var first = sent(begun, established).getFirst();
        var second = sent(closed(established, BEGIN + 20)).getFirst();
        assertThat(first.life().isFirst()).isTrue();
        assertThat(second.life().isFirst()).isFalse();
        assertThat(second.version()).isGreaterThan(first.version());
    }

    @Test
    void what_follows_within_the_same_microsecond_is_no_second_beginning() throws Exception {
        var begun = begun("conn:1", BEGIN);
        var established = established(begun, BEGIN);
        assertThat(sent(begun).getFirst().life().isFirst()).isTrue();
        assertThat(sent(established).getFirst().life().isFirst()).isFalse();
        assertThat(sent(closed(established, BEGIN)).getFirst().life().isFirst()).isFalse();
    }
}
