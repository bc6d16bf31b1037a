package io.guardian.backend.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.guardian.backend.cluster.Half.Side;
import io.guardian.backend.store.DuckHistory;
import io.guardian.backend.store.HistoryLimits;
import io.guardian.backend.store.HistoryQuery;
import io.guardian.backend.store.Row;
import io.guardian.backend.store.Window;
import io.guardian.core.text.Json;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ContainersTest {
    private static final String ORG = "Tg5nYw8Qf2Lh6Jx3Kc1B";
    private static final String CLUSTER = "clus:njtxwtRabwE";
    private static final String IMAGE = "docker.io/library/nginx:latest";
    private static final ClusterServer.Agent NODE = new ClusterServer.Agent("", "agent:a", "mach:WhfD6bTSCB8");
    private static final ClusterServer.Agent OTHER = new ClusterServer.Agent("", "agent:b", "mach:AAAAAAAAAAA");
    private static final long MINUTE = 60_000_000L;

    @TempDir
    private Path directory;

    private final ClusterRecords records = new ClusterRecords(CLUSTER);
    private final ClusterIndex clusters = new ClusterIndex();
    private DuckHistory history;
    private JoinedRecords joined;
    private Containers containers;
    private long position;

    @BeforeEach
    void open() throws Exception {
        history = DuckHistory.open(directory.resolve("history"), HistoryLimits.DEFAULT, Clock.systemUTC());
        restart();
    }

    @AfterEach
    void close() throws Exception {
        history.close();
    }

    private void restart() {
        joined = new JoinedRecords(history);
        containers = new Containers(joined);
        containers.restore(clusters, ORG, history, System.currentTimeMillis() * 1_000);
    }

    private void take(Side side, Json.Obj entry) {
        containers.take(clusters.of(ORG, CLUSTER), side, entry);
    }

    private void commit() {
        containers.settle();
        var rows = new ArrayList<Row>();
        joined.flush(rows::add);
        history.commit(rows, ++position);
        containers.committed();
        joined.committed();
        containers.changed();
    }

    private Json.Obj stored() {
        return history.list(HistoryQuery.of(ORG, "model_container", Window.ALL)).getFirst();
    }

    private Json.Obj declared(boolean closed) {
        return records.declared("dev", "web-1", "nginx", IMAGE, closed);
    }

    private Json.Obj runtime(boolean closed) {
        return records.runtime(NODE, "dev", "web-1", "nginx", "docker.io/library/nginx:other", closed);
    }

    private static void assertBothSides(Json.Obj container) {
        assertThat(container.text("image")).isEqualTo(IMAGE);
        assertThat(container.text("image_id")).startsWith("sha256:ccc");
        assertThat(container.text("muid")).isEqualTo(NODE.muid());
        assertThat(container.text("container_state")).isEqualTo("running");
        assertThat(container.text("node_uid")).endsWith(":node-a");
        assertThat(container.text("container_kind")).isEqualTo("container");
        assertThat(container.object("pod_labels").text("app")).isEqualTo("web-1");
        assertThat(container.text("fingerprint_uid")).startsWith("fprint:");
        assertThat(container.array("image_repo_digests").strings()).hasSize(1);
    }

    @Test
    void neither_side_erases_the_other_in_whatever_order_they_come() {
        take(Side.DECLARED, declared(false));
        commit();
        take(Side.RUNTIME, runtime(false));
        commit();
        assertBothSides(stored());
        take(Side.DECLARED, declared(false).with("container_state", Json.of("terminated")));
        commit();
        assertBothSides(stored());
        assertThat(stored().text("status")).isEqualTo("active");
    }

    @Test
    void the_machine_may_come_first_and_both_in_one_commit() {
        take(Side.RUNTIME, runtime(false));
        take(Side.DECLARED, declared(false));
        commit();
        assertBothSides(stored());
        assertThat(history.count(
                        HistoryQuery.of(ORG, "model_container", Window.ALL).withAllVersions()))
                .isEqualTo(1);
    }

    @Test
    void an_older_word_that_comes_late_changes_nothing() {
        var older = declared(false).with("node_uid", Json.of("node:x:arE7gA:old"));
        take(Side.DECLARED, declared(false));
        take(Side.DECLARED, older);
        commit();
        assertThat(stored().text("node_uid")).endsWith(":node-a");
    }

    @Test
    void the_same_word_again_is_not_stored() {
        take(Side.DECLARED, declared(false));
        commit();
        take(Side.DECLARED, declared(false));
        commit();
        assertThat(containers.unchanged()).isEqualTo(1);
        assertThat(history.count(
                        HistoryQuery.of(ORG, "model_container", Window.ALL).withAllVersions()))
                .isEqualTo(1);
    }

    @Test
    void without_a_machine_the_cluster_says_when_it_is_over() {
        take(Side.DECLARED, declared(false));
        take(Side.DECLARED, declared(true));
        commit();
        assertThat(stored().text("status")).isEqualTo("closed");
        assertThat(stored().number("valid_to")).isPresent();
    }

    @Test
    void with_a_machine_only_that_says_so_unless_it_stays_silent() {
        take(Side.DECLARED, declared(false));
        take(Side.RUNTIME, runtime(false));
        take(Side.DECLARED, declared(true));
        commit();
        assertThat(stored().text("status")).isEqualTo("active");
        long now = System.currentTimeMillis() * 1_000;
        containers.tidy(now + MINUTE);
        commit();
        assertThat(stored().text("status")).isEqualTo("active");
        containers.tidy(now + 3 * MINUTE);
        commit();
        assertThat(stored().text("status")).isEqualTo("closed");
        assertThat(stored().text("ended_by")).isEqualTo("cluster");
    }

    @Test
    void the_machine_ends_it_though_the_cluster_has_not_noticed() {
        take(Side.DECLARED, declared(false));
        take(Side.RUNTIME, runtime(false));
        take(Side.RUNTIME, runtime(true));
        take(Side.DECLARED, declared(false).with("container_state", Json.of("running")));
        commit();
        assertThat(stored().text("status")).isEqualTo("closed");
    }

    @Test
    void after_a_restart_the_second_side_joins_the_first() {
        take(Side.DECLARED, declared(false));
        commit();
        restart();
        take(Side.RUNTIME, runtime(false));
        commit();
        assertBothSides(stored());
        restart();
        take(Side.DECLARED, declared(false));
        commit();
        assertBothSides(stored());
        assertThat(containers.unchanged())
                .as("what was said before the restart")
                .isEqualTo(1);
    }

    @Test
    void one_that_was_forgotten_is_joined_with_what_is_stored() {
        take(Side.DECLARED, declared(false));
        take(Side.DECLARED, declared(true));
        commit();
        containers.tidy(System.currentTimeMillis() * 1_000 + 11 * MINUTE);
        assertThat(containers.size()).isZero();
        take(Side.RUNTIME, runtime(true));
        commit();
        assertThat(stored().text("node_uid")).endsWith(":node-a");
        assertThat(stored().text("muid")).isEqualTo(NODE.muid());
        assertThat(stored().text("status")).isEqualTo("closed");
    }

    @Test
    void what_was_not_committed_is_joined_again() {
        take(Side.DECLARED, declared(false));
        commit();
        var word = runtime(false);
        take(Side.RUNTIME, word);
        containers.settle();
        containers.abandoned();
        joined.abandoned();
        take(Side.RUNTIME, word);
        commit();
        assertBothSides(stored());
    }

    @Test
    void another_machine_has_no_say() {
        take(Side.RUNTIME, runtime(false));
        take(Side.RUNTIME, records.runtime(OTHER, "dev", "web-1", "nginx", IMAGE, true));
        commit();
        assertThat(stored().text("muid")).isEqualTo(NODE.muid());
        assertThat(stored().text("status")).isEqualTo("active");
        assertThat(containers.refused()).isEqualTo(1);
    }

    @Test
    void what_either_side_cannot_see_into_is_not_observable() {
        var blind = List.of(
                runtime(false).with("observable", Json.of(false)).with("not_observable_reason", Json.of("kata")),
                declared(false));
        take(Side.RUNTIME, blind.getFirst());
        take(Side.DECLARED, blind.getLast());
        commit();
        assertThat(stored().bool("observable")).contains(false);
        assertThat(stored().text("not_observable_reason")).isEqualTo("kata");
    }
}
