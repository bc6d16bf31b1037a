package io.guardian.agent.workload.cgroup;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ProcessCgroupsTest {

    @Test
    void on_v2_the_path_is_the_one_without_controllers() {
        assertThat(ProcessCgroups.parse("4:memory:/other\n0::/system.slice/nginx.service\n")
                        .v2())
                .contains(new CgroupPath("/system.slice/nginx.service"));
    }

    @Test
    void on_v1_each_controller_has_its_path_alone_or_with_others() {
        var cgroups = ProcessCgroups.parse("""
                12:pids:/docker/abc
                9:name=systemd:/docker/abc
                4:cpu,cpuacct:/docker
                0::/
                """);
        assertThat(cgroups.v1("pids")).contains(new CgroupPath("/docker/abc"));
        assertThat(cgroups.v1("cpuacct")).contains(new CgroupPath("/docker"));
        assertThat(cgroups.v1("memory")).isEmpty();
    }

    @Test
    void lines_that_are_none_are_skipped() {
        var cgroups = ProcessCgroups.parse("rubbish\n1:2\n3:pids:relative\n0::relative\n");
        assertThat(cgroups.v2()).isEmpty();
        assertThat(cgroups.v1("pids")).isEmpty();
    }

    @Test
    void the_v2_hierarchy_is_found_wherever_it_is_mounted() {
        String mounts = """
                tmpfs /sys/fs/cgroup tmpfs rw 0 0
                cgroup /sys/fs/cgroup/pids cgroup rw,pids 0 0
                cgroup2 /sys/fs/cgroup/uni\\040fied cgroup2 rw 0 0
                """;
        assertThat(CgroupMounts.v2(mounts)).contains(new CgroupTree(Path.of("/sys/fs/cgroup/uni fied")));
        assertThat(CgroupMounts.v2("proc /proc proc rw 0 0\n")).isEmpty();
    }

    @Test
    void a_v1_cgroup_lives_while_a_process_is_in_it_or_below(@TempDir Path folder) throws IOException {
        Path v1 = Files.createDirectories(folder.resolve("v1/docker/abc"));
        Files.writeString(v1.resolve("cgroup.procs"), "4711\n");
        CgroupTree tree = new CgroupTree(folder.resolve("v1"));
        assertThat(tree.isPopulated(new CgroupPath("/docker"))).isTrue();
        Files.writeString(v1.resolve("cgroup.procs"), "");
        assertThat(tree.isPopulated(new CgroupPath("/docker"))).isFalse();
    }
}
