package io.guardian.agent.attribute;

import static org.assertj.core.api.Assertions.assertThat;

import io.guardian.core.event.ExeOrigin;
import io.guardian.ebpf.Credentials;
import io.guardian.ebpf.ExeFile;
import io.guardian.ebpf.FileLocation;
import io.guardian.ebpf.Namespaces;
import io.guardian.ebpf.Origin;
import io.guardian.ebpf.ProcessImage;
import io.guardian.ebpf.ProcessKey;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RootViewTest {
    private static final long OWN = 7;
    private static final long OTHER = 8;
    private static final FileLocation ROOT = new FileLocation(40, "/");
    private static final RootView CONTAINER = new RootView(ROOT, OWN, 5);

    private static Executable in(RootView view, String path, Origin origin, FileLocation location, long namespace) {
        return in(view, path, origin, location, namespace, MountPoints.NONE);
    }

    private static Executable in(
            RootView view, String path, Origin origin, FileLocation location, long namespace, MountPoints mounts) {
        return in(view, path, origin, location, namespace, namespace, mounts);
    }

    private static Executable in(
            RootView view,
            String path,
            Origin origin,
            FileLocation location,
            long namespace,
            long opened,
            MountPoints mounts) {
        var image = new ProcessImage(
                new ProcessKey(9, 9),
                new ProcessKey(1, 1),
                1,
                5,
                "x",
                new ExeFile(path, origin, location, 1, false, false, opened),
                ROOT,
                List.of(),
                false,
                new Credentials(0, 0, 0, 0, 0),
                new Namespaces(namespace, 5, 5, 5),
                1,
                1,
                1,
                0);
        return view.executable(image, mounts);
    }

    @Test
    void file_of_the_root_keeps_its_name_whatever_is_mounted_where() {
        var bash = new FileLocation(40, "/usr/bin/bash");
        var expected = new Executable("/usr/bin/bash", ExeOrigin.IMAGE);
        assertThat(in(CONTAINER, "/usr/bin/bash", Origin.IMAGE, bash, OWN)).isEqualTo(expected);
        assertThat(in(CONTAINER, "/usr/sbin/nginx", Origin.OTHER_MOUNT, bash, OTHER))
                .isEqualTo(expected);
        assertThat(in(CONTAINER, "/usr/sbin/nginx", Origin.OTHER_MOUNT, bash, OWN))
                .isEqualTo(expected);
        assertThat(in(CONTAINER, "/usr/sbin/nginx", Origin.UPPER, bash, OTHER))
                .isEqualTo(new Executable("/usr/bin/bash", ExeOrigin.UPPER));
        assertThat(in(CONTAINER, "/usr/sbin/nginx", Origin.DELETED, bash, OTHER))
                .isEqualTo(new Executable("/usr/bin/bash", ExeOrigin.DELETED));
    }

    @Test
    void file_of_another_file_system_says_whose_mount_shows_it() {
        var file = new FileLocation(41, "/nginx");
        assertThat(in(CONTAINER, "/vol/nginx", Origin.OTHER_MOUNT, file, OWN))
                .isEqualTo(new Executable("/vol/nginx", ExeOrigin.OTHER_MOUNT));
        assertThat(in(CONTAINER, "/usr/sbin/nginx", Origin.OTHER_MOUNT, file, OTHER))
                .isEqualTo(new Executable("/usr/sbin/nginx", ExeOrigin.FOREIGN_MOUNT));
        // A namespace whose root is that file system sees nothing mounted.
        assertThat(in(CONTAINER, "/usr/sbin/nginx", Origin.IMAGE, file, OTHER))
                .isEqualTo(new Executable("/usr/sbin/nginx", ExeOrigin.FOREIGN_MOUNT));
        assertThat(in(CONTAINER, "/usr/sbin/nginx", Origin.UPPER, file, OTHER))
                .isEqualTo(new Executable("/usr/sbin/nginx", ExeOrigin.FOREIGN_MOUNT));
    }

    /** Such as a file far down, which a process has mounted over another in namespaces of its own. */
    @Test
    void file_whose_place_is_too_far_down_to_be_told_goes_by_the_workloads_own_mounts_only() {
        var unknown = FileLocation.UNKNOWN;
        assertThat(in(CONTAINER, "/usr/sbin/nginx", Origin.OTHER_MOUNT, unknown, OTHER))
                .isEqualTo(new Executable("/usr/sbin/nginx", ExeOrigin.FOREIGN_MOUNT));
        assertThat(in(CONTAINER, "/usr/sbin/nginx", Origin.UPPER, unknown, OTHER))
                .isEqualTo(new Executable("/usr/sbin/nginx", ExeOrigin.FOREIGN_MOUNT));
        assertThat(in(CONTAINER, "/vol/nginx", Origin.OTHER_MOUNT, unknown, OWN))
                .isEqualTo(new Executable("/vol/nginx", ExeOrigin.OTHER_MOUNT));
        assertThat(in(CONTAINER, "/x", Origin.DELETED, unknown, OTHER))
                .isEqualTo(new Executable("/x", ExeOrigin.DELETED));
    }

    /** Such as /proc/PID/root/vol/nginx, where PID has namespaces of its own. */
    @Test
    void file_is_shown_by_the_namespace_that_it_was_opened_in_not_by_that_of_its_process() {
        var file = new FileLocation(41, "/nginx");
        assertThat(in(CONTAINER, "/vol/nginx", Origin.OTHER_MOUNT, file, OWN, OTHER, MountPoints.NONE))
                .isEqualTo(new Executable("/vol/nginx", ExeOrigin.FOREIGN_MOUNT));
        assertThat(in(CONTAINER, "/vol/nginx", Origin.OTHER_MOUNT, file, OWN, 0, MountPoints.NONE))
                .as("a mount that is attached nowhere")
                .isEqualTo(new Executable("/vol/nginx", ExeOrigin.FOREIGN_MOUNT));
        assertThat(in(CONTAINER, "/vol/nginx", Origin.OTHER_MOUNT, file, OTHER, OWN, MountPoints.NONE))
                .isEqualTo(new Executable("/vol/nginx", ExeOrigin.OTHER_MOUNT));
        var bash = new FileLocation(40, "/usr/bin/bash");
        assertThat(in(CONTAINER, "/x", Origin.UPPER, bash, OWN, OTHER, MountPoints.NONE))
                .isEqualTo(new Executable("/usr/bin/bash", ExeOrigin.UPPER));
    }

    @Test
    void copy_of_a_mount_of_the_machine_is_the_machines() {
        MountPoints machine =
                location -> location.device() == 41 ? Optional.of("/usr" + location.path()) : Optional.empty();
        var file = new FileLocation(41, "/sbin/nginx");
        assertThat(in(CONTAINER, "/home/x/nginx", Origin.OTHER_MOUNT, file, OTHER, machine))
                .isEqualTo(new Executable("/usr/sbin/nginx", ExeOrigin.OTHER_MOUNT));
        assertThat(in(CONTAINER, "/usr/sbin/nginx", Origin.OTHER_MOUNT, new FileLocation(42, "/nginx"), OTHER, machine))
                .isEqualTo(new Executable("/usr/sbin/nginx", ExeOrigin.FOREIGN_MOUNT));
    }

    @Test
    void root_may_be_a_folder_of_its_file_system() {
        var view = new RootView(new FileLocation(40, "/srv/root"), OWN, 5);
        assertThat(in(view, "/bin/x", Origin.IMAGE, new FileLocation(40, "/srv/root/bin/x"), OWN))
                .isEqualTo(new Executable("/bin/x", ExeOrigin.IMAGE));
        assertThat(in(view, "/vol/x", Origin.OTHER_MOUNT, new FileLocation(40, "/srv/root2/x"), OWN))
                .isEqualTo(new Executable("/vol/x", ExeOrigin.OTHER_MOUNT));
    }

    @Test
    void file_in_memory_and_deleted_file_of_another_file_system_stay_what_they_are() {
        assertThat(in(CONTAINER, "memfd:x", Origin.MEMFD, new FileLocation(1, "memfd:x"), OTHER))
                .isEqualTo(new Executable("memfd:x", ExeOrigin.MEMFD));
        assertThat(in(CONTAINER, "/dev/shm/x", Origin.DELETED, new FileLocation(41, "/x"), OWN))
                .isEqualTo(new Executable("/dev/shm/x", ExeOrigin.DELETED));
    }

    @Test
    void without_the_kernels_word_the_path_counts_as_told() {
        assertThat(in(RootView.UNKNOWN, "/bin/x", Origin.UNKNOWN, new FileLocation(40, "/bin/x"), OWN))
                .isEqualTo(new Executable("/bin/x", ExeOrigin.UNKNOWN));
        assertThat(in(CONTAINER, "/bin/x", Origin.UNKNOWN, FileLocation.UNKNOWN, OWN))
                .isEqualTo(new Executable("/bin/x", ExeOrigin.UNKNOWN));
    }

    @Test
    void view_is_kept_across_a_restart() {
        assertThat(RootView.read(CONTAINER.toJson())).isEqualTo(CONTAINER);
    }
}
