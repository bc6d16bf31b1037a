package io.guardian.agent.attribute;

import static org.assertj.core.api.Assertions.assertThat;

import io.guardian.agent.workload.Attribution;
import io.guardian.agent.workload.InstanceKey;
import io.guardian.agent.workload.Resolvers;
import io.guardian.agent.workload.ServiceWorkload;
import io.guardian.agent.workload.UserNames;
import io.guardian.agent.workload.cgroup.CgroupPath;
import io.guardian.core.event.Event;
import io.guardian.core.event.ProcessModel;
import io.guardian.ebpf.Credentials;
import io.guardian.ebpf.ExeFile;
import io.guardian.ebpf.FileLocation;
import io.guardian.ebpf.Header;
import io.guardian.ebpf.KernelRecord;
import io.guardian.ebpf.Namespaces;
import io.guardian.ebpf.Origin;
import io.guardian.ebpf.ProcessImage;
import io.guardian.ebpf.ProcessKey;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** The tree of images by the rules of a workload's policy: what one exec made, and what counts as what. */
final class ProcessTrackerTest {
    private static final long INSIDE = 7;
    private static final long OUTSIDE = 1;
    private static final long SHOP = 1000;
    private static final long LATER = 1_000_000_000_000_000L;

    private final List<ProcessModel> records = new ArrayList<>();
    private final List<String> appeared = new ArrayList<>();
    private final ProcessTracker tracker = tracker();
    private long time = 1_000_000_000L;

    private ProcessTracker tracker() {
        var users = new UserNames(Map.of(SHOP, "shop"));
        var workload = new ServiceWorkload(
                new InstanceKey("service:x"),
                new CgroupPath("/x.service"),
                INSIDE,
                100,
                Instant.EPOCH,
                users,
                Resolvers.NONE);
        var identity = new AgentIdentity("agent:a", "mach:WhfD6bTSCB8", "org", "host", "", "");
        var attributor = new Attributor(
                (cgroup, pid, start) -> cgroup == INSIDE ? new Attribution.Inside(workload) : new Attribution.Outside(),
                identity);
        var clock = new BootClock("boot", 1_790_000_000_000_000L);
        return new ProcessTracker(
                attributor,
                new ProcessRecords(
                        identity,
                        clock,
                        new Redaction(List.of()),
                        new Surroundings(users, RootView.UNKNOWN, MountPoints.NONE, UserNumbers.NONE)),
                new RuntimeCode(4026531841L),
                new LineageHash(new byte[16]),
                new Noted(),
                true);
    }

    private final class Noted implements Observer {
        @Override
        public void recorded(Event event) {
            records.add((ProcessModel) event);
        }

        @Override
        public void imageAppeared(LiveProcess process, long atMicros) {
            appeared.add(path(process));
        }

        @Override
        public void connectionBegan(LiveConnection connection) {}

        @Override
        public void socketOpened(LiveSocket socket) {}

        @Override
        public void processEnded(LiveProcess process) {}

        @Override
        public void counted(String what) {}

        @Override
        public void counted(String what, long times) {}
    }

    private static String path(LiveProcess process) {
        var names = process.image().chain().stream()
                .map(image -> image.program().name() + ":" + image.program().user())
                .toList();
        return String.join("/", names);
    }

    private String path(int pid) {
        return tracker.find(key(pid)).map(ProcessTrackerTest::path).orElse("gone");
    }

    private static ProcessKey key(int pid) {
        return new ProcessKey(pid, pid * 1_000_000L);
    }

    private Header header(int pid, long cgroup, long euid) {
        time += 1000;
        return new Header(1, 0, time, time, key(pid), pid, cgroup, euid, 0);
    }

    private void exec(int pid, int ordinal, String name, String exe, long euid) {
        tracker.exec(new KernelRecord.Exec(header(pid, INSIDE, euid), image(pid, ordinal, name, exe, euid), exe, ""));
    }

    private static ProcessImage image(int pid, int ordinal, String name, String exe, long euid) {
        return new ProcessImage(
                key(pid),
                key(1),
                ordinal,
                INSIDE,
                name,
                new ExeFile(exe, Origin.IMAGE, new FileLocation(1, exe), 1, false, false, 5),
                new FileLocation(1, "/"),
                List.of(name),
                false,
                new Credentials(euid, euid, 0, Header.NO_UID, euid),
                new Namespaces(5, 5, 5, 5),
                pid,
                pid,
                pid,
                0);
    }

    private void fork(int pid, int child) {
        tracker.fork(new KernelRecord.Fork(header(pid, INSIDE, 0), key(child), INSIDE, child));
    }

    private void user(int pid, long euid) {
        tracker.credentialChange(new KernelRecord.CredentialChange(header(pid, INSIDE, euid), 0, euid));
    }

    private void enter(int pid) {
        tracker.cgroupEntered(new KernelRecord.CgroupEntered(header(1, OUTSIDE, 0), key(pid), INSIDE, "/x.service"));
    }

    private void exit(int pid) {
        tracker.exit(new KernelRecord.Exit(header(pid, INSIDE, 0), 0));
    }

    private void cartd() {
        enter(100);
        exec(100, 1, "cartd", "/opt/shop/cartd", 0);
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
    void what_ran_before_is_uncertain_and_what_is_gone_is_ended() {
        int self = (int) ProcessHandle.current().pid();
        var parent = image(self, 1, "cartd", "/opt/shop/cartd", 0);
        tracker.merge(List.of(parent), LATER, key -> Optional.empty(), (process, cgroup) -> false);
        assertThat(tracker.find(key(self)).orElseThrow().image().isUncertain()).isTrue();
        tracker.merge(List.of(parent), LATER, key -> Optional.empty(), (process, cgroup) -> false);
        assertThat(records).hasSize(1);
        tracker.merge(List.of(), LATER, key -> Optional.empty(), (process, cgroup) -> false);
        assertThat(path(self)).isEqualTo("gone");
    }

    private boolean isCertain(int pid) {
        return !tracker.find(key(pid)).orElseThrow().image().hasUncertainChain();
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
    void a_look_finds_the_exec_that_was_missed_and_believes_a_newer_record_more() {
        int self = (int) ProcessHandle.current().pid();
        enter(self);
        exec(self, 1, "cartd", "/opt/shop/cartd", 0);
        var older = image(self, 1, "cartd", "/opt/shop/cartd", 0);
        exec(self, 2, "sh", "/usr/bin/dash", 0);
        tracker.merge(List.of(older), LATER, ALIVE, (process, cgroup) -> false);
        assertThat(path(self)).isEqualTo("cartd:root/sh:root");
        assertThat(isCertain(self)).isTrue();
        var newer = image(self, 3, "date", "/usr/bin/date", 0);
        tracker.merge(List.of(newer), LATER, ALIVE, (process, cgroup) -> true);
        assertThat(path(self)).isEqualTo("cartd:root/sh:root");
        tracker.merge(List.of(newer), LATER, ALIVE, (process, cgroup) -> false);
        assertThat(path(self)).isEqualTo("date:root");
        assertThat(isCertain(self)).isFalse();
    }

    private static final ProcessTracker.ProcessLook ALIVE = key -> Optional.empty();

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
        tracker.merge(List.of(image(self, 1, "cartd", "/opt/shop/other", 0)), LATER, ALIVE, (process, cgroup) -> false);
        assertThat(isCertain(self)).isFalse();
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
        tracker.merge(List.of(systemd), LATER, ALIVE, (process, cgroup) -> false);
        assertThat(records).isEmpty();
        exec(self, 2, "cartd", "/opt/shop/cartd", 0);
        assertThat(path(self)).isEqualTo("cartd:root");
        assertThat(appeared).containsExactly("cartd:root");
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
    void what_somebody_made_who_came_out_of_nowhere_is_uncertain_until_a_look_finds_it() {
        int self = (int) ProcessHandle.current().pid();
        fork(200, self);
        fork(self, self + 1);
        exec(self + 1, 1, "date", "/usr/bin/date", 0);
        assertThat(tracker.find(key(self + 1)).orElseThrow().image().isUncertain())
                .isTrue();
        tracker.merge(List.of(image(self, 0, "sh", "/usr/bin/dash", 0)), LATER, ALIVE, (process, cgroup) -> false);
        assertThat(path(self)).isEqualTo("sh:root");
        assertThat(isCertain(self)).isFalse();
        fork(self, self + 2);
        exec(self + 2, 1, "date", "/usr/bin/date", 0);
        assertThat(path(self + 2)).isEqualTo("sh:root/date:root");
        assertThat(isCertain(self + 2)).isFalse();
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

    @Test
    void a_process_whose_records_wait_is_not_taken_for_gone() {
        cartd();
        tracker.merge(List.of(), LATER, ALIVE, (process, cgroup) -> process.equals(key(100)));
        assertThat(path(100)).isEqualTo("cartd:root");
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
