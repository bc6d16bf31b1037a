package io.guardian.agent.attribute;

import static org.assertj.core.api.Assertions.assertThat;

import io.guardian.ebpf.KernelRecord;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** Whose place in the tree is not certain, since something of its past was not seen. */
final class UncertainImagesTest extends InOneService {
    @Test
    void what_shows_up_out_of_nowhere_is_uncertain_and_so_is_all_below() {
        exec(200, 1, "sh", "/usr/bin/dash", 0);
        fork(200, 201);
        exec(201, 1, "date", "/usr/bin/date", 0);
        assertThat(tracker.find(key(200)).orElseThrow().image().isUncertain()).isTrue();
        var below = tracker.find(key(201)).orElseThrow().image();
        assertThat(below.isUncertain()).isFalse();
        assertThat(below.hasUncertainChain()).isTrue();
        assertThat(records.getFirst().place().uncertain()).isTrue();
    }

    @Test
    void an_exec_whose_number_leaves_one_out_makes_the_place_uncertain_and_so_do_those_below() {
        cartd();
        fork(100, 101);
        exec(101, 1, "sh", "/usr/bin/dash", 0);
        exec(101, 3, "date", "/usr/bin/date", 0);
        assertThat(path(101)).isEqualTo("date:root");
        assertThat(isCertain(101)).isFalse();
        fork(100, 102);
        exec(102, 3, "date", "/usr/bin/date", 0);
        assertThat(isCertain(102)).isFalse();
        assertThat(isCertain(100)).isTrue();
    }

    @Test
    void a_process_made_as_its_makers_sibling_counts_its_execs_on_from_there() {
        cartd();
        exec(100, 2, "sh", "/usr/bin/dash", 0);
        fork(100, 101);
        exec(101, 3, "date", "/usr/bin/date", 0);
        assertThat(path(101)).isEqualTo("cartd:root/sh:root/date:root");
        assertThat(isCertain(101)).isTrue();
        // Container runtimes do it twice.
        fork(100, 102);
        fork(102, 103);
        exec(103, 3, "date", "/usr/bin/date", 0);
        assertThat(isCertain(103)).isTrue();
    }

    @Test
    void while_records_may_be_missing_what_appears_is_uncertain_and_a_look_ends_that() {
        var lost = new AtomicLong();
        var doubt = new Doubt(() -> new LossMark(1, lost.get()), new LossMark(1, 0));
        tracker.doubtedBy(doubt);
        int self = (int) ProcessHandle.current().pid();
        enter(self);
        exec(self, 1, "cartd", "/opt/shop/cartd", 0);
        fork(self, 101);
        exec(101, 1, "sh", "/usr/bin/dash", 0);
        assertThat(isCertain(101)).isTrue();
        lost.incrementAndGet();
        fork(self, 102);
        exec(102, 1, "sh", "/usr/bin/dash", 0);
        assertThat(isCertain(102)).isFalse();
        assertThat(isCertain(self)).isTrue();
        // The exec count alone doesn't tell of a fork whose maker had become something else.
        fork(self, 104);
        look(image(self, 1, "cartd", "/opt/shop/cartd", 0), image(104, 0, "other", "/opt/shop/other", 0));
        assertThat(isCertain(self)).isTrue();
        assertThat(isCertain(104)).isFalse();
        // Whoever is moved in now may have been inside before.
        enter(110);
        exec(110, 1, "sh", "/usr/bin/dash", 0);
        assertThat(isCertain(110)).isFalse();
        doubt.clear(doubt.mark(), 0);
        enter(103);
        exec(103, 1, "sh", "/usr/bin/dash", 0);
        assertThat(isCertain(103)).isTrue();
    }

    @Test
    void a_process_moved_in_whose_exec_was_missed_is_adopted_but_not_for_certain() {
        enter(100);
        var found = image(100, 2, "sh", "/usr/bin/dash", 0);
        var before = tracker.find(key(100)).orElseThrow();
        before.execs(ExecCount.at(1));
        tracker.adopt(LATER, key -> Optional.of(found));
        assertThat(path(100)).isEqualTo("sh:root");
        assertThat(isCertain(100)).isFalse();
    }

    /** What is read from /proc doesn't count execs, so an adopted process must not seem to have left some out. */
    @Test
    void who_was_adopted_before_its_exec_is_as_certain_after_it() {
        enter(100);
        tracker.adopt(LATER, key -> Optional.of(image(100, 0, "sh", "/usr/bin/dash", 0)));
        assertThat(path(100)).isEqualTo("sh:root");
        fork(100, 102);
        exec(100, 3, "cartd", "/opt/shop/cartd", 0);
        assertThat(path(100)).isEqualTo("sh:root/cartd:root");
        assertThat(isCertain(100)).isTrue();
        exec(100, 5, "sh", "/usr/bin/dash", 0);
        assertThat(isCertain(100)).as("from then on they are counted").isFalse();
        exec(102, 1, "date", "/usr/bin/date", 0);
        assertThat(path(102)).isEqualTo("sh:root/date:root");
        assertThat(isCertain(102)).isTrue();
        assertThat(reasons).containsExactly("uncertain.missed_exec");
    }

    @Test
    void a_fork_from_outside_that_is_adopted_without_an_exec_is_certain() {
        tracker.exec(new KernelRecord.Exec(
                header(200, OUTSIDE, 0), image(200, 3, "super", "/usr/bin/super", 0), "/usr/bin/super", ""));
        tracker.fork(new KernelRecord.Fork(header(200, OUTSIDE, 0), key(201), OUTSIDE, 201));
        enter(201);
        tracker.adopt(LATER, key -> Optional.of(image(201, 0, "super", "/usr/bin/super", 0)));
        assertThat(path(201)).isEqualTo("super:root");
        assertThat(isCertain(201)).isTrue();
        exec(201, 1, "cartd", "/opt/shop/cartd", 0);
        assertThat(isCertain(201)).isTrue();
        assertThat(reasons).isEmpty();
    }

    @Test
    void why_a_place_is_uncertain_is_counted() {
        exec(200, 1, "sh", "/usr/bin/dash", 0);
        cartd();
        fork(100, 101);
        exec(101, 3, "date", "/usr/bin/date", 0);
        tracker.doubtedBy(new Doubt(() -> new LossMark(1, 2), new LossMark(1, 1)));
        fork(100, 102);
        exec(102, 1, "cat", "/usr/bin/cat", 0);
        assertThat(reasons).containsExactly("uncertain.unseen_maker", "uncertain.missed_exec", "uncertain.lost");
    }
}
