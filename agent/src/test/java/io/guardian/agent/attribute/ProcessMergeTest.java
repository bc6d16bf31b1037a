package io.guardian.agent.attribute;

import static org.assertj.core.api.Assertions.assertThat;

import io.guardian.ebpf.Credentials;
import io.guardian.ebpf.ExeFile;
import io.guardian.ebpf.FileLocation;
import io.guardian.ebpf.Header;
import io.guardian.ebpf.Namespaces;
import io.guardian.ebpf.Origin;
import io.guardian.ebpf.ProcessImage;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What a look at all that runs changes of what is known. */
final class ProcessMergeTest extends InOneService {
    private static final Doubt NO_LOSS = new Doubt(() -> new LossMark(1, 1), new LossMark(1, 1));

    @Test
    void what_ran_before_is_uncertain_and_what_is_gone_is_ended() {
        int self = (int) ProcessHandle.current().pid();
        var parent = image(self, 1, "cartd", "/opt/shop/cartd", 0);
        look(List.of(parent), key -> Optional.empty(), (process, cgroup) -> false);
        assertThat(tracker.find(key(self)).orElseThrow().image().isUncertain()).isTrue();
        look(List.of(parent), key -> Optional.empty(), (process, cgroup) -> false);
        assertThat(records).hasSize(1);
        look(List.of(), key -> Optional.empty(), (process, cgroup) -> false);
        assertThat(path(self)).isEqualTo("gone");
    }

    @Test
    void a_look_finds_the_exec_that_was_missed_and_believes_a_newer_record_more() {
        int self = (int) ProcessHandle.current().pid();
        enter(self);
        exec(self, 1, "cartd", "/opt/shop/cartd", 0);
        var older = image(self, 1, "cartd", "/opt/shop/cartd", 0);
        exec(self, 2, "sh", "/usr/bin/dash", 0);
        look(List.of(older), ALIVE, (process, cgroup) -> false);
        assertThat(path(self)).isEqualTo("cartd:root/sh:root");
        assertThat(isCertain(self)).isTrue();
        var newer = image(self, 3, "date", "/usr/bin/date", 0);
        tracker.doubtedBy(new Doubt(() -> new LossMark(1, 2), new LossMark(1, 1)));
        look(List.of(newer), ALIVE, (process, cgroup) -> true);
        assertThat(path(self)).isEqualTo("cartd:root/sh:root");
        look(List.of(newer), ALIVE, (process, cgroup) -> false);
        assertThat(path(self)).isEqualTo("date:root");
        assertThat(isCertain(self)).isFalse();
    }

    /** The kernel counts an exec before it tells of it. */
    @Test
    void an_exec_that_a_look_meets_half_way_is_waited_for_and_certain_when_it_is_told() {
        tracker.doubtedBy(NO_LOSS);
        cartd();
        look(image(100, 2, "sh", "/usr/bin/dash", 0));
        assertThat(path(100)).isEqualTo("cartd:root");
        assertThat(tracker.wantsLook(EVERYBODY)).isTrue();
        exec(100, 2, "sh", "/usr/bin/dash", 0);
        assertThat(path(100)).isEqualTo("cartd:root/sh:root");
        assertThat(isCertain(100)).isTrue();
        assertThat(tracker.wantsLook(EVERYBODY)).isFalse();
    }

    @Test
    void what_nobody_tells_of_until_the_next_look_is_taken_for_what_it_is() {
        tracker.doubtedBy(NO_LOSS);
        cartd();
        look(image(100, 2, "sh", "/usr/bin/dash", 0));
        look(image(100, 3, "date", "/usr/bin/date", 0));
        assertThat(isCertain(100)).as("another exec by now").isTrue();
        look(image(100, 3, "date", "/usr/bin/date", 0));
        assertThat(path(100)).isEqualTo("date:root");
        assertThat(isCertain(100)).isFalse();
        assertThat(tracker.wantsLook(EVERYBODY)).isFalse();
    }

    @Test
    void who_ends_before_records_told_of_it_needs_no_other_look() {
        tracker.doubtedBy(NO_LOSS);
        cartd();
        look(image(100, 2, "sh", "/usr/bin/dash", 0));
        assertThat(tracker.wantsLook(key -> Optional.empty())).isFalse();
    }

    @Test
    void only_who_is_young_is_waited_for_without_a_record_and_nobody_is_after_a_loss() {
        tracker.doubtedBy(NO_LOSS);
        cartd();
        long begun = key(100).startBootNanos() + 3_000_000_000L;
        int young = 3_099;
        assertThat(tracker.onTheirWay().isAwaited(image(young, 1, "sh", "/usr/bin/dash", 0), begun))
                .isTrue();
        assertThat(tracker.onTheirWay().isAwaited(image(101, 1, "sh", "/usr/bin/dash", 0), begun))
                .isFalse();
        tracker.doubtedBy(new Doubt(() -> new LossMark(1, 2), new LossMark(1, 1)));
        assertThat(tracker.onTheirWay().isAwaited(image(young - 1, 1, "sh", "/usr/bin/dash", 0), begun))
                .isFalse();
        assertThat(tracker.onTheirWay().isAwaited(image(100, 2, "sh", "/usr/bin/dash", 0), begun))
                .isFalse();
    }

    @Test
    void those_that_are_gone_make_room_for_a_crowd_of_others() {
        look(crowd(1), EVERYBODY, (process, cgroup) -> false);
        var others = crowd(100_001);
        var merge = tracker.merging(LATER, EVERYBODY, (process, cgroup) -> false);
        others.forEach(image -> merge.alive(image.key()));
        assertThat(merge.isCrowd()).isTrue();
        var steps = new AtomicInteger();
        merge.endGone(steps::incrementAndGet);
        assertThat(steps).as("what ended is written in steps").hasValueGreaterThan(10);
        assertThat(tracker.all()).isEmpty();
        merge.take(others);
        merge.finish(steps::incrementAndGet);
        assertThat(tracker.all()).hasSize(others.size());
    }

    @Test
    void where_memory_is_full_nobody_new_is_remembered_and_what_is_new_is_judged_all_the_same() {
        tracker.limitedBy(() -> true);
        exec(100, 1, "cartd", "/opt/shop/cartd", 0);
        assertThat(tracker.all()).isEmpty();
        assertThat(appeared).hasSize(1);
        tracker.limitedBy(() -> false);
        exec(101, 1, "cartd", "/opt/shop/cartd", 0);
        assertThat(tracker.all()).hasSize(1);
    }

    @Test
    void no_crowd_is_who_was_followed_all_along() {
        var all = new ArrayList<>(crowd(1));
        all.addAll(crowd(100_001).subList(0, 9_000));
        look(all, EVERYBODY, (process, cgroup) -> false);
        assertThat(tracker.all()).hasSize(all.size());
        var merge = tracker.merging(LATER, EVERYBODY, (process, cgroup) -> false);
        all.forEach(image -> merge.alive(image.key()));
        assertThat(merge.isCrowd()).isFalse();
    }

    @Test
    void a_child_whose_parent_comes_in_a_later_piece_waits_for_it() {
        var parent = image(300, 1, "cartd", "/opt/shop/cartd", 0);
        var child = below(300, image(301, 0, "cartd", "/opt/shop/cartd", 0));
        var grandchild = below(301, image(302, 0, "cartd", "/opt/shop/cartd", 0));
        var merge = tracker.merging(LATER, EVERYBODY, (process, cgroup) -> false);
        for (var image : List.of(grandchild, child, parent)) {
            merge.alive(image.key());
        }
        merge.take(List.of(child));
        merge.take(List.of(grandchild));
        assertThat(records).isEmpty();
        merge.take(List.of(parent));
        merge.finish(() -> {});
        assertThat(records).as("all three are one image").hasSize(1);
    }

    @Test
    void a_child_does_not_wait_for_a_parent_that_has_ended_meanwhile() {
        var child = below(300, image(301, 0, "cartd", "/opt/shop/cartd", 0));
        var merge = tracker.merging(LATER, EVERYBODY, (process, cgroup) -> false);
        merge.alive(key(300));
        merge.alive(key(301));
        merge.take(List.of(child));
        assertThat(records).isEmpty();
        merge.finish(() -> {});
        assertThat(path(301)).isEqualTo("cartd:root");
    }

    @Test
    void children_that_find_no_room_to_wait_are_taken_in_without_their_parents() {
        var merge = tracker.merging(LATER, EVERYBODY, (process, cgroup) -> false);
        merge.alive(key(300));
        var children = IntStream.range(301, 301 + 20_000)
                .mapToObj(pid -> below(300, image(pid, 0, "cartd", "/opt/shop/cartd", 0)))
                .toList();
        merge.take(children);
        assertThat(tracker.all()).hasSizeBetween(10_000, 19_999);
        merge.finish(() -> {});
        assertThat(tracker.all()).hasSize(children.size());
    }

    private static ProcessImage below(int parent, ProcessImage image) {
        return new ProcessImage(
                image.key(),
                key(parent),
                image.ordinal(),
                image.cgroupId(),
                image.comm(),
                image.exe(),
                image.root(),
                image.args(),
                false,
                image.credentials(),
                image.namespaces(),
                image.namespacePid(),
                image.processGroup(),
                image.session(),
                image.tty());
    }

    private List<ProcessImage> crowd(int firstPid) {
        return IntStream.range(firstPid, firstPid + 60_000)
                .mapToObj(pid -> image(pid, 1, "cartd", "/opt/shop/cartd", 0))
                .toList();
    }

    @Test
    void a_runtime_on_its_way_into_a_container_is_no_image_also_when_found_there() {
        int self = (int) ProcessHandle.current().pid();
        var systemd = new ProcessImage(
                key(self),
                key(1),
                1,
                INSIDE,
                "systemd-execut",
                new ExeFile(
                        "/usr/lib/systemd/systemd-executor", Origin.IMAGE, FileLocation.UNKNOWN, 1, false, false, 5),
                FileLocation.UNKNOWN,
                List.of(),
                false,
                new Credentials(0, 0, 0, Header.NO_UID, 0),
                new Namespaces(4026531841L, 5, 5, 5),
                self,
                self,
                self,
                0);
        look(List.of(systemd), ALIVE, (process, cgroup) -> false);
        assertThat(records).isEmpty();
        exec(self, 2, "cartd", "/opt/shop/cartd", 0);
        assertThat(path(self)).isEqualTo("cartd:root");
        assertThat(appeared).containsExactly("cartd:root");
    }

    @Test
    void what_somebody_made_who_came_out_of_nowhere_is_uncertain_until_a_look_finds_it() {
        int self = (int) ProcessHandle.current().pid();
        fork(200, self);
        fork(self, self + 1);
        exec(self + 1, 1, "date", "/usr/bin/date", 0);
        assertThat(tracker.find(key(self + 1)).orElseThrow().image().isUncertain())
                .isTrue();
        look(List.of(image(self, 0, "sh", "/usr/bin/dash", 0)), ALIVE, (process, cgroup) -> false);
        assertThat(path(self)).isEqualTo("sh:root");
        assertThat(isCertain(self)).isFalse();
        fork(self, self + 2);
        exec(self + 2, 1, "date", "/usr/bin/date", 0);
        assertThat(path(self + 2)).isEqualTo("sh:root/date:root");
        assertThat(isCertain(self + 2)).isFalse();
    }

    @Test
    void a_process_whose_records_wait_is_not_taken_for_gone() {
        cartd();
        look(List.of(), ALIVE, (process, cgroup) -> process.equals(key(100)));
        assertThat(path(100)).isEqualTo("cartd:root");
    }

    @Test
    void where_an_exec_was_seen_the_file_that_a_process_shows_since_says_nothing() {
        tracker.doubtedBy(new Doubt(() -> new LossMark(1, 1), new LossMark(1, 1)));
        cartd();
        fork(100, 101);
        tracker.doubtedBy(new Doubt(() -> new LossMark(1, 2), new LossMark(1, 1)));
        look(image(100, 1, "nginx", "/usr/sbin/nginx", 0), deleted(image(101, 0, "cartd", "/opt/shop/cartd", 0)));
        assertThat(isCertain(100)).isTrue();
        assertThat(tracker.program(key(100))).contains("/opt/shop/cartd");
        assertThat(isCertain(101)).as("an upgrade deletes what runs").isTrue();
        look(image(100, 1, "cartd", "/opt/shop/cartd", SHOP), image(101, 0, "nginx", "/usr/sbin/nginx", 0));
        assertThat(isCertain(100)).as("a change of user that was missed").isFalse();
        assertThat(isCertain(101)).isFalse();
        assertThat(tracker.program(key(101))).isEmpty();
    }

    private static ProcessImage deleted(ProcessImage from) {
        var exe = from.exe();
        return new ProcessImage(
                from.key(),
                from.parent(),
                from.ordinal(),
                from.cgroupId(),
                from.comm(),
                new ExeFile(
                        exe.path(), Origin.DELETED, exe.location(), exe.inode(), false, false, exe.mountNamespace()),
                from.root(),
                from.args(),
                false,
                from.credentials(),
                from.namespaces(),
                from.namespacePid(),
                from.processGroup(),
                from.session(),
                from.tty());
    }
}
