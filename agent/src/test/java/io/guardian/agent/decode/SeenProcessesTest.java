package io.guardian.agent.decode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.guardian.agent.setup.CgroupScope;
import io.guardian.agent.workload.cgroup.CgroupMounts;
import io.guardian.ebpf.Clocks;
import io.guardian.ebpf.KernelRecord;
import io.guardian.ebpf.ProcessNotice;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What is made of notices that come late, beside looks at the table; of a process of the test's own. */
@Tag("kernel")
final class SeenProcessesTest {
    private static final int KILLED = 9;

    /** A process that sleeps in a cgroup of its own, and what is made of it. */
    private static final class Sleeping implements AutoCloseable {
        private final List<KernelRecord> told = new ArrayList<>();
        private final Path cgroup;
        private final Process process;
        private final SeenProcesses processes;

        Sleeping() throws Exception {
            assumeTrue("root".equals(System.getProperty("user.name")), "a cgroup of its own takes root");
            var tree = CgroupMounts.v2(Files.readString(Path.of("/proc/mounts")));
            assumeTrue(tree.isPresent(), "no cgroup v2 hierarchy is mounted");
            cgroup = Files.createDirectories(tree.get()
                    .mount()
                    .resolve("guardian-seen-" + ProcessHandle.current().pid()));
            processes = new SeenProcesses(
                    new ProcTable(CgroupScope.of(List.of(cgroup)), 0), new ProcRecords(Clocks::bootNanos));
            String enter = "echo $$ > " + cgroup.resolve("cgroup.procs") + " && exec /bin/sleep 300";
            process = new ProcessBuilder("/bin/sh", "-c", enter).start();
            var comm = Path.of("/proc/" + process.pid() + "/comm");
            long until = System.nanoTime() + TimeUnit.MINUTES.toNanos(1);
            while (!Files.readString(comm).equals("sleep\n") && System.nanoTime() < until) {
                LockSupport.parkNanos(1_000_000);
            }
        }

        void executed(long bootNanos) {
            processes.notice(new ProcessNotice.Executed(pid(), bootNanos), (record, position) -> told.add(record));
        }

        void look(Runnable notices) {
            processes.look(false, notices, (record, position) -> told.add(record));
        }

        int pid() {
            return (int) process.pid();
        }

        void end() {
            process.destroyForcibly().onExit().join();
        }

        @Override
        public void close() throws IOException {
            end();
            Files.delete(cgroup);
        }
    }

    @Test
    void an_exec_that_a_look_found_is_not_told_again_when_its_notice_comes() throws Exception {
        try (var sleeping = new Sleeping()) {
            long executed = Clocks.bootNanos();
            sleeping.look(() -> {});
            sleeping.executed(executed);
            assertThat(sleeping.told).hasSize(1).first().isInstanceOf(KernelRecord.Exec.class);
            assertThat(sleeping.processes.unread()).isZero();
            sleeping.executed(Clocks.bootNanos());
            assertThat(sleeping.told).hasSize(2);
        }
    }

    @Test
    void an_exec_that_waits_in_a_notice_is_told_once_by_the_look_that_comes_first() throws Exception {
        try (var sleeping = new Sleeping()) {
            long executed = Clocks.bootNanos();
            sleeping.look(() -> sleeping.executed(executed));
            sleeping.look(() -> {});
            assertThat(sleeping.told).hasSize(1);
        }
    }

    @Test
    void execs_that_follow_each_other_before_they_can_be_read_are_one_that_is_told_and_others_that_are_counted()
            throws Exception {
        try (var sleeping = new Sleeping()) {
            long first = Clocks.bootNanos();
            long second = Clocks.bootNanos();
            sleeping.executed(first);
            sleeping.executed(second);
            assertThat(sleeping.told).hasSize(1);
            assertThat(sleeping.processes.unread()).isEqualTo(1);
        }
    }

    @Test
    void how_a_process_ended_is_known_also_if_a_look_misses_it_before_the_notice_is_read() throws Exception {
        try (var sleeping = new Sleeping()) {
            sleeping.look(() -> {});
            sleeping.end();
            sleeping.look(() -> sleeping.processes.notice(
                    new ProcessNotice.Ended(sleeping.pid(), KILLED, Clocks.bootNanos()),
                    (record, position) -> sleeping.told.add(record)));
            assertThat(sleeping.told)
                    .last()
                    .isInstanceOfSatisfying(
                            KernelRecord.Exit.class,
                            exit -> assertThat(exit.status()).isEqualTo(KILLED));
            assertThat(sleeping.told).hasSize(2);
        }
    }

    @Test
    void a_process_that_is_gone_without_a_notice_has_ended_all_the_same() throws Exception {
        try (var sleeping = new Sleeping()) {
            sleeping.look(() -> {});
            sleeping.end();
            sleeping.look(() -> {});
            assertThat(sleeping.told).last().isInstanceOf(KernelRecord.Exit.class);
        }
    }
}
