package io.guardian.agent.attribute;

import static org.assertj.core.api.Assertions.assertThat;

import io.guardian.core.event.ProcessModel;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The tree of images by the rules of a workload's policy: what one exec made, and what counts as what. */
final class ProcessTrackerTest extends InOneService {
    @Test
    void a_program_with_a_long_path_is_one_image_however_often_it_runs() {
        cartd();
        String tool = "/opt/" + "x".repeat(900) + "/tool";
        for (int child = 101; child <= 103; child++) {
            fork(100, child);
            exec(child, 1, "tool", tool, 0);
        }
        assertThat(tracker.find(key(101)).orElseThrow().image())
                .isSameAs(tracker.find(key(103)).orElseThrow().image());
        assertThat(tracker.texts().takenByPaths()).isEqualTo(tool.length());
        assertThat(records.getLast().exe()).isEqualTo(tool);
    }

    @Test
    void workers_that_change_their_user_are_one_node_and_what_they_start_hangs_below() {
        cartd();
        for (int worker = 101; worker <= 104; worker++) {
            fork(100, worker);
            user(worker, SHOP);
        }
        fork(101, 110);
        exec(110, 1, "sh", "/usr/bin/dash", SHOP);
        fork(110, 111);
        exec(111, 1, "date", "/usr/bin/date", SHOP);
        assertThat(path(104)).isEqualTo("cartd:root/cartd:shop");
        assertThat(path(111)).isEqualTo("cartd:root/cartd:shop/sh:shop/date:shop");
        var images =
                tracker.find(key(100)).orElseThrow().instance().orElseThrow().images();
        assertThat(images).isEqualTo(4);
        assertThat(tracker.find(key(102)).orElseThrow().image())
                .isSameAs(tracker.find(key(103)).orElseThrow().image());
    }

    @Test
    void a_fork_that_changes_nothing_is_its_maker_and_has_no_record() {
        cartd();
        fork(100, 101);
        assertThat(path(101)).isEqualTo("cartd:root");
        assertThat(records).hasSize(1);
        exit(100);
        assertThat(records).hasSize(1);
        exit(101);
        assertThat(records)
                .hasSize(2)
                .last()
                .satisfies(record -> assertThat(record.life().isClosed()).isTrue());
    }

    @Test
    void an_exec_of_the_same_program_is_folded_and_another_hangs_below_also_inside_one_pid() {
        cartd();
        exec(100, 2, "cartd", "/opt/shop/cartd", 0);
        assertThat(path(100)).isEqualTo("cartd:root");
        exec(100, 3, "sh", "/usr/bin/dash", 0);
        assertThat(path(100)).isEqualTo("cartd:root/sh:root");
        assertThat(records.getLast().ppuid()).endsWith(":100.2");
    }

    @Test
    void going_back_to_the_former_user_is_being_the_former_image_again() {
        cartd();
        user(100, SHOP);
        assertThat(path(100)).isEqualTo("cartd:root/cartd:shop");
        user(100, 0);
        assertThat(path(100)).isEqualTo("cartd:root");
        assertThat(records)
                .extracting(ProcessModel::id)
                .containsOnly(records.getFirst().id());
        assertThat(records).extracting(ProcessModel::version).isSorted().doesNotHaveDuplicates();
    }

    @Test
    void a_process_moved_in_is_nothing_until_its_exec_and_then_a_root() {
        enter(100);
        assertThat(tracker.find(key(100)).orElseThrow().isImage()).isFalse();
        fork(100, 101);
        exec(101, 1, "sh", "/usr/bin/dash", 0);
        var model = records.getLast();
        assertThat(path(101)).isEqualTo("sh:root");
        assertThat(model.place().root()).isTrue();
        assertThat(model.place().uncertain()).isFalse();
    }

    @Test
    void a_chain_never_grows_deeper_than_its_limit() {
        cartd();
        for (int i = 0; i < 200; i++) {
            exec(100, 2 + i, "p" + i, "/bin/p" + i, 0);
        }
        assertThat(tracker.find(key(100)).orElseThrow().image().depth()).isEqualTo(Image.DEPTH_MAX);
    }

    @Test
    void equal_places_have_equal_lineages_and_other_places_others() {
        cartd();
        fork(100, 101);
        exec(101, 1, "sh", "/usr/bin/dash", 0);
        fork(100, 102);
        exec(102, 1, "sh", "/usr/bin/dash", 0);
        fork(101, 103);
        exec(103, 1, "sh", "/bin/sh", 0);
        Optional<String> first =
                tracker.find(key(101)).map(process -> process.image().lineage().text());
        assertThat(tracker.find(key(102))
                        .map(process -> process.image().lineage().text()))
                .isEqualTo(first);
        assertThat(tracker.find(key(103))
                        .map(process -> process.image().lineage().text()))
                .isNotEqualTo(first);
        assertThat(first.orElseThrow()).hasSize(32);
    }

    /** Records of one instant may come in any order, and a held one comes after all that was not. */
    @Test
    void a_fork_told_after_the_exec_of_whom_it_made_takes_nothing_back() {
        cartd();
        exec(101, 1, "worker", "/opt/shop/worker", 0);
        var seen = records.getLast();
        fork(100, 101);
        assertThat(path(101)).isEqualTo("worker:root");
        assertThat(tracker.find(key(101)).orElseThrow().uid()).isEqualTo(seen.id());
        assertThat(isCertain(101)).isFalse();
        exit(101);
        assertThat(records.getLast().id()).isEqualTo(seen.id());
        assertThat(records.getLast().life().isClosed()).isTrue();
    }

    @Test
    void a_record_that_is_dealt_with_twice_changes_nothing_that_is_sent() {
        cartd();
        var before = records.getLast();
        time -= 1000;
        exec(100, 1, "cartd", "/opt/shop/cartd", 0);
        assertThat(records.getLast().id()).isEqualTo(before.id());
        assertThat(path(100)).isEqualTo("cartd:root");
        assertThat(appeared).containsOnly("cartd:root");
    }
}
