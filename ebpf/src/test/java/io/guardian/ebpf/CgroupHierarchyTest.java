package io.guardian.ebpf;

import static org.assertj.core.api.Assertions.assertThat;

import io.guardian.ebpf.CgroupHierarchy.Controller;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class CgroupHierarchyTest {
    private static final String V2_ONLY = "cgroup2 /sys/fs/cgroup cgroup2 rw,nosuid 0 0\n";
    private static final String V1 = """
            tmpfs /sys/fs/cgroup tmpfs ro,mode=755 0 0
            cgroup /sys/fs/cgroup/systemd cgroup rw,xattr,name=systemd 0 0
            cgroup /sys/fs/cgroup/cpu,cpuacct cgroup rw,cpu,cpuacct 0 0
            cgroup /sys/fs/cgroup/memory cgroup rw,memory 0 0
            cgroup /sys/fs/cgroup/pids cgroup rw,nosuid,pids 0 0
            """;
    private static final String HYBRID = V1 + "cgroup2 /sys/fs/cgroup/unified cgroup2 rw 0 0\n";
    private static final String CGROUPS = """
            12:pids:/user.slice
            9:memory:/
            4:cpu,cpuacct:/
            1:name=systemd:/user.slice
            0::/
            """;
    private static final CgroupHierarchy PIDS =
            new CgroupHierarchy(Path.of("/sys/fs/cgroup/pids"), 12, Controller.PIDS);

    private static Optional<CgroupHierarchy> of(String mounts, String... used) {
        var folders = Set.of(used);
        return CgroupHierarchy.of(mounts, CGROUPS, root -> folders.contains(root.toString()));
    }

    private static CgroupHierarchy v2(String root) {
        return new CgroupHierarchy(Path.of(root), 0, Controller.NONE);
    }

    @Test
    void a_machine_of_v2_only_is_told_by_v2() {
        assertThat(of(V2_ONLY, "/sys/fs/cgroup")).contains(v2("/sys/fs/cgroup"));
        assertThat(of(V2_ONLY)).as("with no cgroup yet").contains(v2("/sys/fs/cgroup"));
    }

    @Test
    void a_hybrid_machine_is_told_by_v2() {
        assertThat(of(HYBRID, "/sys/fs/cgroup/unified", "/sys/fs/cgroup/pids")).contains(v2("/sys/fs/cgroup/unified"));
        assertThat(of(HYBRID)).as("with no cgroup yet").contains(v2("/sys/fs/cgroup/unified"));
    }

    @Test
    void a_machine_of_v1_only_is_told_by_a_controller() {
        assertThat(of(V1, "/sys/fs/cgroup/pids")).contains(PIDS);
        assertThat(of(V1)).contains(PIDS);
    }

    @Test
    void a_v2_hierarchy_that_nothing_uses_does_not_make_a_machine_hybrid() {
        String besides = V1 + "cgroup2 /run/cilium/cgroupv2 cgroup2 rw 0 0\n";
        assertThat(of(besides, "/sys/fs/cgroup/pids")).contains(PIDS);
    }

    @Test
    void the_next_controller_will_do_where_one_is_not_mounted() {
        String few = V1.replaceAll("(?m)^cgroup \\S*(pids|memory) .*\n", "");
        assertThat(of(few)).contains(new CgroupHierarchy(Path.of("/sys/fs/cgroup/cpu,cpuacct"), 4, Controller.CPU));
    }

    @Test
    void a_controller_that_the_kernel_does_not_have_on_v1_is_not_taken_by_its_mount_alone() {
        assertThat(CgroupHierarchy.of(V1, "0::/\n", _ -> true)).isEmpty();
    }

    @Test
    void systemds_own_hierarchy_will_do_where_no_controller_is_mounted() {
        String only = "cgroup /sys/fs/cgroup/systemd cgroup rw,xattr,name=systemd 0 0\n";
        var systemd = new CgroupHierarchy(Path.of("/sys/fs/cgroup/systemd"), 1, Controller.SYSTEMD);
        assertThat(of(only, "/sys/fs/cgroup/systemd")).contains(systemd);
        assertThat(of(V1.replaceAll("(?m)^cgroup \\S*(pids|memory|cpu\\S*) .*\n", "")))
                .contains(systemd);
    }

    @Test
    void a_hierarchy_of_another_name_tells_nothing() {
        assertThat(CgroupHierarchy.of(
                        "cgroup /sys/fs/cgroup/mine cgroup rw,name=mine 0 0\n", "3:name=mine:/\n0::/\n", _ -> true))
                .isEmpty();
    }

    @Test
    void spaces_in_the_place_of_a_mount_are_read() {
        assertThat(of("none /mnt/a\\040b cgroup2 rw 0 0\n")).contains(v2("/mnt/a b"));
    }
}
