package io.guardian.backend.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.guardian.core.text.Json;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RetentionTest extends OnDuckHistory {
    private static final long NOW = 1_000_000;
    private static final Retention AN_HOUR = new Retention(Duration.ofHours(1), 1L << 40);
    private static final long OLD = NOW - 4000;
    private static final long KEPT = NOW - 3600;

    RetentionTest() {
        super(NOW);
    }

    @Test
    void old_events_and_ended_models_go_and_the_rest_stays() {
        add(
                event("old", OLD),
                event("new", KEPT + 1),
                model("ended", 1, OLD - 10).build(),
                model("ended", 2, OLD).put("valid_to", OLD).build(),
                model("expired", 1, OLD).put("expire_at", OLD + 1).build(),
                model("alive", 1, OLD).build());
        assertThat(history.prune(AN_HOUR)).isEqualTo(4);
        assertThat(history.pruned()).isEqualTo(4);
        assertThat(found("", 0, NOW)).containsExactlyInAnyOrder("new", "alive");
        assertThat(history.prune(AN_HOUR)).isZero();
    }

    @Test
    void windows_within_reach_answer_as_before() {
        var random = new Random(20);
        var records = new ArrayList<Json.Obj>();
        for (int id = 0; id < 300; id++) {
            long time = NOW - 7200 + random.nextInt(7000);
            int versions = 1 + random.nextInt(5);
            for (int version = 1; version <= versions && time < NOW; version++) {
                var state = model("p" + id, version, time).put("name", "v" + version);
                boolean last = version == versions || random.nextInt(6) == 0;
                if (last && random.nextBoolean()) {
                    state.put("valid_to", time);
                }
                records.add(state.build());
                time += random.nextInt(3000);
                if (last) {
                    break;
                }
            }
        }
        add(records.toArray(Json.Obj[]::new));
        var before = new ArrayList<List<String>>();
        for (long start = KEPT; start < NOW; start += 97) {
            before.add(versions(start, start + 60));
        }
        assertThat(history.prune(AN_HOUR)).isPositive();
        var after = new ArrayList<List<String>>();
        for (long start = KEPT; start < NOW; start += 97) {
            after.add(versions(start, start + 60));
        }
        assertThat(after).isEqualTo(before);
    }

    @Test
    void a_history_beyond_its_size_loses_its_oldest_until_it_fits() {
        for (int batch = 0; batch < 20; batch++) {
            var records = new Json.Obj[20_000];
            for (int i = 0; i < records.length; i++) {
                records[i] = event(noise(batch * 20_000 + i), NOW - 3000 + batch * 10L);
            }
            add(records);
        }
        history.prune(AN_HOUR);
        var half = new Retention(Duration.ofHours(1), history.usedBytes() / 2);
        int rounds = 0;
        while (history.prune(half) > 0 && rounds < 30) {
            rounds++;
        }
        assertThat(history.usedBytes()).isLessThanOrEqualTo(half.maxBytes());
        assertThat(history.count(HistoryQuery.of("org", "event_log", new Window(NOW - 2811, NOW))))
                .isEqualTo(20_000);
        assertThat(history.count(HistoryQuery.of("org", "event_log", new Window(NOW - 3000, NOW - 2991))))
                .isZero();
    }

    @Test
    void what_still_lives_goes_too_when_nothing_else_is_left_to_drop() {
        var records = new Json.Obj[20_000];
        for (int i = 0; i < records.length; i++) {
            records[i] = model(noise(i), 1, NOW - 3000 + i / 10).build();
        }
        add(records);
        long dropped = history.prune(new Retention(Duration.ofHours(1), 1L << 20));
        assertThat(dropped).isBetween(1_000L, 3_000L);
        assertThat(found("model_process", NOW - 900, NOW)).hasSize(20_000 - (int) dropped);
    }

    /** Text that can't be made small. */
    private static String noise(int number) {
        var random = new Random(number);
        return Long.toHexString(random.nextLong()) + Long.toHexString(random.nextLong());
    }

    private List<String> found(String schema, long start, long end) {
        return history.list(HistoryQuery.of("org", List.of(schema), new Window(start, end))).stream()
                .map(each -> each.text("id"))
                .toList();
    }

    private List<String> versions(long start, long end) {
        return history.list(HistoryQuery.of("org", "model_process", new Window(start, end))).stream()
                .map(each -> each.text("id") + each.text("name"))
                .sorted()
                .toList();
    }
}
