package io.guardian.backend.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.guardian.core.text.Json;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** More text than the engine may hold in memory. */
class WideHistoryTest {
    private static final Clock CLOCK = Clock.fixed(Instant.ofEpochSecond(100_000), ZoneOffset.UTC);
    private static final HistoryLimits SMALL =
            new HistoryLimits(64, 64, 2, 2, Duration.ofSeconds(10), Duration.ofSeconds(60));
    private static final int RECORDS = 30_000;
    private static final int TEXT_BYTES = 4_000;

    @TempDir
    private Path directory;

    private final Random random = new Random(5);

    private Row row(int number) {
        var bytes = new byte[TEXT_BYTES / 2];
        random.nextBytes(bytes);
        String kind = number % 100 == 0 ? "model_machine" : "model_process";
        return Row.of(
                "org",
                Json.object()
                        .put("id", "id-" + number)
                        .put("schema", kind + "::1.0.0")
                        .put("version", 1)
                        .put("time", 1_000 + number * 7_919 % RECORDS)
                        .put("valid_from", 100)
                        .put("fingerprint_uid", "fprint:one")
                        .put("number", number)
                        .put("text", java.util.HexFormat.of().formatHex(bytes))
                        .build());
    }

    private static List<Long> times(DuckHistory history, HistoryQuery query) {
        var times = new ArrayList<Long>();
        history.scan(query, found -> {
            times.add(found.number("time").orElseThrow().asLong());
            return true;
        });
        return times;
    }

    @Test
    void records_come_in_order_though_their_texts_are_more_than_fits() throws Exception {
        try (var history = DuckHistory.open(directory, SMALL, CLOCK)) {
            for (int from = 0; from < RECORDS; from += 1_000) {
                var rows = new ArrayList<Row>();
                for (int i = from; i < from + 1_000; i++) {
                    rows.add(row(i));
                }
                history.commit(rows, from + 1_000);
            }
            var all = HistoryQuery.of("org", List.of("model_"), Window.ALL)
                    .with(Column.FINGERPRINT_UID, "fprint:one")
                    .withAllVersions();
            var up = times(history, all.withOrder(HistoryQuery.Order.TIME_THEN_ID));
            assertThat(up).hasSize(RECORDS).isSorted().doesNotHaveDuplicates();
            var down = times(
                    history, all.withOrder(HistoryQuery.Order.NEWEST_FIRST).withLimit(5_000));
            assertThat(down).isEqualTo(up.reversed().subList(0, 5_000));
        }
    }
}
