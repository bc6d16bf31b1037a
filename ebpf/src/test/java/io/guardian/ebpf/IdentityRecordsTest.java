package io.guardian.ebpf;

import static org.assertj.core.api.Assertions.assertThat;

import io.guardian.ebpf.KernelFixture.Ran;
import io.guardian.ebpf.KernelRecord.Exec;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Executables and users that a hostile workload dresses up, in mount and user namespaces of the test's own. */
@Tag("kernel")
class IdentityRecordsTest {
    /** An overlay as a container's root, made the way a runtime does it, with the program of the test in its image. */
    private static final String CONTAINER = """
            set -e
            mount -t tmpfs none /mnt
            cd /mnt
            mkdir -p lower/bin lower/old lower/usr/sbin lower/proc lower/tmp lower/vol upper work root
            cp "$1" lower/bin/workload
            cp "$1" lower/usr/sbin/nginx
            mount -t overlay none -o lowerdir=lower,upperdir=upper,workdir=work root
            cp "$1" root/bin/dropped
            mount -t tmpfs none root/vol
            cp "$1" root/vol/workload
            """;

    private static final String PIVOT = "cd root; pivot_root . old; exec ";

    private KernelFixture kernel;

    @BeforeEach
    void open() {
        kernel = KernelFixture.open();
    }

    @AfterEach
    void close() {
        kernel.close();
    }

    private List<Exec> inContainer(String last) {
        Ran ran = kernel.run(
                "unshare",
                "--mount",
                "--propagation",
                "private",
                "sh",
                "-c",
                CONTAINER + last,
                "sh",
                KernelFixture.workload());
        assertThat(ran.exitValue()).isZero();
        return kernel.recordsUntilExit(ran.pid()).stream()
                .filter(Exec.class::isInstance)
                .map(Exec.class::cast)
                .toList();
    }

    @Test
    void path_ends_at_the_root_of_the_container() {
        Exec exec = inContainer(PIVOT + "/bin/workload exit 0").getLast();
        assertThat(exec.image().exe().path()).isEqualTo("/bin/workload");
        assertThat(exec.image().exe().origin()).isEqualTo(Origin.IMAGE);
        assertThat(exec.image().exe().overlay()).isTrue();
        assertThat(exec.image().exe().location().path()).isEqualTo("/bin/workload");
        assertThat(exec.image().root())
                .isEqualTo(new FileLocation(exec.image().exe().location().device(), "/"));
    }

    @Test
    void bind_mount_changes_the_path_but_not_where_the_file_lies() {
        Exec plain = inContainer(PIVOT + "/bin/workload exit 0").getLast();
        Exec bound = inContainer(
                        "mount --bind root/bin/workload root/usr/sbin/nginx; " + PIVOT + "/usr/sbin/nginx exit 0")
                .getLast();
        assertThat(bound.image().exe().path()).isEqualTo("/usr/sbin/nginx");
        assertThat(bound.image().exe().location().path())
                .isEqualTo(plain.image().exe().location().path());
        assertThat(bound.image().exe().location().device())
                .isEqualTo(bound.image().root().device());
    }

    @Test
    void root_may_be_a_folder_of_a_file_system() {
        Exec exec = inContainer(
                        "mount --bind lower root; cd root; mkdir -p old; pivot_root . old; exec /bin/workload exit 0")
                .getLast();
        assertThat(exec.image().exe().path()).isEqualTo("/bin/workload");
        assertThat(exec.image().exe().location().path()).isEqualTo("/lower/bin/workload");
        assertThat(exec.image().root())
                .isEqualTo(new FileLocation(exec.image().exe().location().device(), "/lower"));
    }

    @Test
    void file_written_into_the_container_is_of_the_upper_layer() {
        Exec exec = inContainer(PIVOT + "/bin/dropped exit 0").getLast();
        assertThat(exec.image().exe().path()).isEqualTo("/bin/dropped");
        assertThat(exec.image().exe().origin()).isEqualTo(Origin.UPPER);
    }

    @Test
    void file_of_a_volume_is_of_another_mount() {
        Exec exec = inContainer(PIVOT + "/vol/workload exit 0").getLast();
        assertThat(exec.image().exe().path()).isEqualTo("/vol/workload");
        assertThat(exec.image().exe().origin()).isEqualTo(Origin.OTHER_MOUNT);
        assertThat(exec.image().exe().overlay()).isFalse();
        assertThat(exec.image().exe().location().path()).isEqualTo("/workload");
        assertThat(exec.image().exe().location().device())
                .isNotEqualTo(exec.image().root().device());
    }

    @Test
    void chroot_does_not_shorten_the_path() {
        Exec exec = inContainer("exec chroot /mnt/root /bin/workload exit 0").getLast();
        assertThat(exec.filename()).isEqualTo("/bin/workload");
        assertThat(exec.image().exe().path()).isEqualTo("/mnt/root/bin/workload");
        assertThat(exec.image().exe().location().path()).isEqualTo("/bin/workload");
    }

    @Test
    void file_mounted_over_a_known_name_is_of_another_mount() {
        String over =
                "mount -t tmpfs none /usr/sbin && cp /usr/bin/true /usr/sbin/nginx && exec /usr/sbin/nginx exit 0";
        // The forger has a user namespace of its own, where it is root.
        Ran ran = kernel.run(
                "setpriv",
                "--reuid",
                "65534",
                "--clear-groups",
                "unshare",
                "--user",
                "--map-root-user",
                "--mount",
                "sh",
                "-c",
                over);
        assertThat(ran.exitValue()).isZero();
        ProcessImage image = kernel.recordsUntilExit(ran.pid()).stream()
                .filter(Exec.class::isInstance)
                .map(record -> ((Exec) record).image())
                .toList()
                .getLast();
        assertThat(image.exe().path()).isEqualTo("/usr/sbin/nginx");
        assertThat(image.exe().origin()).isEqualTo(Origin.OTHER_MOUNT);
        assertThat(image.credentials().euidInNamespace()).isZero();
        assertThat(image.credentials().euid()).isEqualTo(65534);
        ProcessImage first = ((Exec) kernel.records().stream()
                        .filter(Exec.class::isInstance)
                        .findFirst()
                        .orElseThrow())
                .image();
        assertThat(image.namespaces().user()).isNotEqualTo(first.namespaces().user());
        assertThat(image.namespaces().mount()).isNotEqualTo(first.namespaces().mount());
    }

    @Test
    void pid_is_known_in_its_own_namespace_too() {
        Ran ran = kernel.run("unshare", "--pid", "--fork", KernelFixture.workload(), "exit", "0");
        ProcessImage image = kernel.recordsUntilExit(ran.pid()).stream()
                .filter(Exec.class::isInstance)
                .map(record -> ((Exec) record).image())
                .toList()
                .getLast();
        assertThat(image.namespacePid()).isEqualTo(1);
        assertThat(image.key().tgid()).isGreaterThan(ran.pid());
        assertThat(image.parent().tgid()).isEqualTo(ran.pid());
    }
}
