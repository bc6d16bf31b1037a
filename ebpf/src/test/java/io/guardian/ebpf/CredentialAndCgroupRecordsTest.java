package io.guardian.ebpf;

import static org.assertj.core.api.Assertions.assertThat;

import io.guardian.ebpf.KernelFixture.Ran;
import io.guardian.ebpf.KernelRecord.CgroupCreated;
import io.guardian.ebpf.KernelRecord.CgroupEntered;
import io.guardian.ebpf.KernelRecord.CgroupRemoved;
import io.guardian.ebpf.KernelRecord.CredentialChange;
import io.guardian.ebpf.KernelRecord.Exec;
import io.guardian.ebpf.KernelRecord.Fork;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Changes of user without exec, and cgroups that come, go and are entered. */
@Tag("kernel")
class CredentialAndCgroupRecordsTest {
    private KernelFixture kernel;

    @BeforeEach
    void open() {
        kernel = KernelFixture.open();
    }

    @AfterEach
    void close() {
        kernel.close();
    }

    @Test
    void change_of_user_comes_before_the_act_that_shows_it() {
        Ran ran = kernel.run(KernelFixture.workload(), "become", "65534");
        List<KernelRecord> records = kernel.recordsUntilExit(ran.pid());
        CredentialChange change = records.stream()
                .filter(CredentialChange.class::isInstance)
                .map(CredentialChange.class::cast)
                .findFirst()
                .orElseThrow();
        assertThat(change.header().process().tgid()).isEqualTo(ran.pid());
        assertThat(change.previousEuid()).isZero();
        assertThat(change.header().euid()).isEqualTo(65534);
        assertThat(change.euidInNamespace()).isEqualTo(65534);
        Fork fork = (Fork) records.get(records.indexOf(change) + 1);
        assertThat(fork.header().euid()).isEqualTo(65534);
        assertThat(records.stream().filter(CredentialChange.class::isInstance)).hasSize(1);
    }

    @Test
    void change_of_user_of_a_silent_process_comes_with_the_sweep() throws IOException {
        Process process = kernel.start(KernelFixture.workload(), "become-quietly", "65534");
        assertThat(process.getInputStream().read()).isPositive();
        kernel.poll(java.time.Duration.ofMillis(100));
        kernel.sensor().sweepCredentials();
        List<KernelRecord> records = kernel.recordsUntil(CredentialChange.class::isInstance);
        KernelFixture.finish(process);
        CredentialChange change = (CredentialChange) records.getLast();
        assertThat(change.header().process().tgid()).isEqualTo((int) process.pid());
        assertThat(change.header().euid()).isEqualTo(65534);
    }

    @Test
    void sub_cgroup_is_watched_from_its_making_to_its_end() throws IOException {
        Path inner = kernel.cgroup().resolve("inner");
        Files.createDirectory(inner);
        long id = CgroupHierarchy.id(inner).orElseThrow();
        Ran ran = kernel.run("sh", "-c", "echo $$ > " + inner.resolve("cgroup.procs") + "; exec /bin/true");
        kernel.recordsUntilExit(ran.pid());
        Files.delete(inner);
        List<KernelRecord> records = kernel.recordsUntil(CgroupRemoved.class::isInstance);
        String path = "/" + CgroupHierarchy.find().orElseThrow().root().relativize(inner);

        CgroupCreated created = (CgroupCreated) records.getFirst();
        assertThat(created.cgroupId()).isEqualTo(id);
        assertThat(created.parentId()).isEqualTo(kernel.cgroupId());
        assertThat(created.path()).isEqualTo(path);
        List<CgroupEntered> entered = records.stream()
                .filter(CgroupEntered.class::isInstance)
                .map(CgroupEntered.class::cast)
                .toList();
        assertThat(entered).extracting(CgroupEntered::cgroupId).containsExactly(kernel.cgroupId(), id);
        assertThat(entered).extracting(it -> it.moved().tgid()).containsOnly(ran.pid());
        Exec exec = records.stream()
                .filter(Exec.class::isInstance)
                .map(Exec.class::cast)
                .toList()
                .getLast();
        assertThat(exec.image().exe().path()).endsWith("/true");
        assertThat(exec.image().cgroupId()).isEqualTo(id);
        CgroupRemoved removed = (CgroupRemoved) records.getLast();
        assertThat(removed.cgroupId()).isEqualTo(id);
        assertThat(removed.path()).isEqualTo(path);
    }

    @Test
    void child_cloned_into_the_cgroup_is_seen_from_its_birth() throws IOException {
        // The maker itself is not in the watched cgroup.
        Process maker = new ProcessBuilder(
                        KernelFixture.workload(), "into-cgroup", kernel.cgroup().toString(), "/bin/true")
                .start();
        Ran ran = KernelFixture.finish(maker);
        int child = ran.value("child");
        List<KernelRecord> records = kernel.recordsUntilExit(child);
        Fork fork = (Fork) records.getFirst();
        assertThat(fork.child().tgid()).isEqualTo(child);
        assertThat(fork.childCgroupId()).isEqualTo(kernel.cgroupId());
        assertThat(fork.header().process().tgid()).isEqualTo(ran.pid());
        assertThat(records)
                .filteredOn(record -> !(record instanceof Fork))
                .allMatch(record -> record.header().process().tgid() == child);
    }
}
