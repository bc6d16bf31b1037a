package io.guardian.backend.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.guardian.core.text.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class DuckHistoryTest extends OnDuckHistory {
    DuckHistoryTest() {
        super(10_000);
    }

    @Test
    void events_match_in_a_half_open_window_and_come_once() {
        add(event("a", 100), event("b", 200), event("b", 200), event("c", 300));
        assertThat(ids(query("event_log", 100, 300))).containsExactlyInAnyOrder("a", "b");
        assertThat(ids(query("event_log", 300, 301))).containsExactly("c");
        assertThat(history.count(query("event_log", 0, 9000))).isEqualTo(3);
    }

    @Test
    void models_match_while_they_were_alive_in_their_newest_version_before_the_end() {
        add(
                model("p", 1, 100).build(),
                model("p", 2, 200).put("name", "renamed").build(),
                model("p", 3, 300).put("valid_to", 300).put("status", "closed").build());
        assertThat(ids(query("model_process", 0, 100))).isEmpty();
        assertThat(texts(query("model_process", 150, 160), "version")).containsExactly("1");
        assertThat(texts(query("model_process", 210, 250), "version")).containsExactly("2");
        assertThat(texts(query("model_process", 300, 400), "version")).containsExactly("3");
        assertThat(ids(query("model_process", 301, 400))).isEmpty();
        assertThat(texts(query("model_process", 250, 400).withAllVersions(), "version"))
                .containsExactlyInAnyOrder("1", "2", "3");
    }

    @Test
    void a_model_whose_expiry_has_passed_is_over() {
        add(
                model("old", 1, 100).put("expire_at", 500).build(),
                model("later", 1, 100).put("expire_at", 50_000).build());
        assertThat(ids(query("model_process", 600, 700))).containsExactly("later");
        assertThat(ids(query("model_process", 500, 700))).containsExactlyInAnyOrder("old", "later");
    }

    @Test
    void an_older_version_that_arrives_late_never_replaces_a_newer_one() {
        add(model("p", 5, 100).put("name", "new").build());
        add(model("p", 4, 90).put("name", "old").build());
        assertThat(texts(query("model_process", 0, 9000), "name")).containsExactly("new");
        assertThat(history.byIds("org", List.of("p", "nobody")).values())
                .singleElement()
                .satisfies(found -> assertThat(found.text("name")).isEqualTo("new"));
    }

    @Test
    void columns_narrow_on_the_newest_version() {
        add(model("p", 1, 100).put("muid", "m1").put("name", "sh").build());
        add(model("p", 2, 110).put("muid", "m1").put("name", "bash").build());
        add(model("q", 1, 100).put("muid", "m2").put("name", "sh").build());
        var all = query("model_process", 0, 9000);
        assertThat(ids(all.with(Column.NAME, "sh"))).containsExactly("q");
        assertThat(ids(all.with(Column.NAME, List.of("sh", "bash")).with(Column.MUID, "m1")))
                .containsExactly("p");
        assertThat(ids(all.with(Column.NAME, List.of()))).isEmpty();
    }

    @Test
    void a_pod_is_found_by_the_machine_that_it_had_at_the_end_of_the_window() {
        add(
                model("pod", 1, 100)
                        .put("schema", "model_k8s_pod::1.0.0")
                        .put("muid", "m1")
                        .build(),
                model("pod", 2, 200).put("schema", "model_k8s_pod::1.0.0").build());
        add(model("pod", 3, 300)
                .put("schema", "model_k8s_pod::1.0.0")
                .put("muid", "m2")
                .build());
        assertThat(ids(query("model_k8s_pod", 0, 150).with(Column.MUID, "m1"))).containsExactly("pod");
        assertThat(ids(query("model_k8s_pod", 0, 250).with(Column.MUID, "m1"))).isEmpty();
        assertThat(ids(query("model_k8s_pod", 0, 350).with(Column.MUID, "m2"))).containsExactly("pod");
        assertThat(ids(query("model_k8s_pod", 0, 350).with(Column.MUID, "m1"))).isEmpty();
    }

    @Test
    void schema_prefixes_cross_tables_and_colons_end_a_name() {
        add(
                model("c", 1, 100).put("schema", "model_container::1.0.0").build(),
                model("r", 1, 100).put("schema", "model_k8s_role::1.0.0").build(),
                model("b", 1, 100).put("schema", "model_k8s_rolebinding::1.0.0").build());
        assertThat(ids(query("model_", 0, 9000))).containsExactlyInAnyOrder("c", "r", "b");
        assertThat(ids(query("model_k8s_role", 0, 9000))).containsExactlyInAnyOrder("r", "b");
        assertThat(ids(query("model_k8s_role:", 0, 9000))).containsExactly("r");
        assertThat(ids(HistoryQuery.of("org", List.of(), new Window(0, 9000)))).hasSize(3);
        assertThat(ids(HistoryQuery.of("other-org", List.of(), new Window(0, 9000))))
                .isEmpty();
    }

    @Test
    void order_and_limit_hold() {
        add(event("b", 200), event("a", 200), event("c", 100));
        var query = query("event_log", 0, 9000);
        assertThat(ids(query.withOrder(HistoryQuery.Order.TIME_THEN_ID))).containsExactly("c", "a", "b");
        assertThat(ids(query.withOrder(HistoryQuery.Order.NEWEST_FIRST).withLimit(2)))
                .containsExactly("a", "b");
    }

    @Test
    void a_reader_may_stop_early_and_the_next_one_starts_afresh() {
        add(IntStream.range(0, 5_000).mapToObj(i -> event("e" + i, i)).toArray(Json.Obj[]::new));
        var seen = new ArrayList<String>();
        history.scan(query("event_log", 0, 9000), found -> {
            seen.add(found.text("id"));
            return seen.size() < 3;
        });
        assertThat(seen).hasSize(3);
        assertThat(history.count(query("event_log", 0, 9000))).isEqualTo(5_000);
    }

    @Test
    void rows_and_position_survive_together() throws Exception {
        add(event("a", 100));
        history.close();
        open();
        assertThat(history.applied()).isEqualTo(1);
        assertThat(ids(query("event_log", 0, 9000))).containsExactly("a");
    }

    private static HistoryQuery query(String schema, double start, double end) {
        return HistoryQuery.of("org", schema, new Window(start, end));
    }

    private List<String> ids(HistoryQuery query) {
        return texts(query, "id");
    }

    private List<String> texts(HistoryQuery query, String key) {
        return history.list(query).stream()
                .map(found -> found.get(key)
                        .map(value -> value instanceof Json.Str(var text) ? text : value.toText())
                        .orElse(""))
                .toList();
    }
}
