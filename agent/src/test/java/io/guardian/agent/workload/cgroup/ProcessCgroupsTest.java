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
        assertThat(ProcessCgroups.parse("0::/system.slice/nginx.service\n").telling())
                .contains(new CgroupPath("/system.slice/nginx.service"));
    }

    @Test
    void on_v1_only_the_path_comes_from_a_v1_hierarchy() {
        String text = """
                12:pids:/docker/abc
                9:name=systemd:/docker/abc
                4:memory:/docker/abc
                1:cpu:/
                0::/
                """;
        assertThat(ProcessCgroups.parse(text).telling()).contains(new CgroupPath("/docker/abc"));
    }

    @Test
    void a_v2_path_wins_over_v1_paths() {
        assertThat(ProcessCgroups.parse("4:memory:/other\n0::/mine\n").telling())
                .contains(new CgroupPath("/mine"));
    }

    @Test
    void a_process_of_the_root_is_in_the_root() {
        assertThat(ProcessCgroups.parse("4:memory:/\n0::/\n").telling()).contains(CgroupPath.ROOT);
    }

    @Test
    void lines_that_are_none_are_skipped() {
        assertThat(ProcessCgroups.parse("rubbish\n1:2\n0::relative\n").telling())
                .isEmpty();
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
    void where_v2_holds_nothing_a_v1_hierarchy_tells(@TempDir Path folder) throws IOException {
        Path v2 = Files.createDirectories(folder.resolve("v2"));
        Path v1 = Files.createDirectories(folder.resolve("v1/docker/abc"));
        Files.writeString(v1.resolve("cgroup.procs"), "4711\n");
        String mounts = "cgroup2 " + v2 + " cgroup2 rw 0 0\ncgroup " + folder.resolve("v1") + " cgroup rw,pids 0 0\n";
        CgroupTree tree = CgroupMounts.telling(mounts).orElseThrow();
        assertThat(tree.mount()).isEqualTo(folder.resolve("v1"));
        assertThat(tree.isPopulated(new CgroupPath("/docker"))).isTrue();
        Files.writeString(v1.resolve("cgroup.procs"), "");
        assertThat(tree.isPopulated(new CgroupPath("/docker"))).isFalse();
        Files.createDirectory(v2.resolve("system.slice"));
        assertThat(CgroupMounts.telling(mounts)).contains(new CgroupTree(v2));
    }
}
