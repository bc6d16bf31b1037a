package io.guardian.agent.decode;

import static org.assertj.core.api.Assertions.assertThat;

import io.guardian.agent.attribute.RootView;
import io.guardian.ebpf.FileLocation;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class HostMountsTest {
    private static final String MOUNTINFO = """
            1 0 0:2 / / rw - rootfs none rw
            21 1 8:1 /@ / rw,relatime shared:1 - btrfs /dev/sda1 rw
            22 21 8:2 / /usr rw,relatime shared:2 - ext4 /dev/sda2 rw
            23 21 8:2 /share /mnt/with\\040space rw,relatime - ext4 /dev/sda2 rw
            24 21 0:30 / /tmp rw - tmpfs tmpfs rw
            not a mount
            """;

    private final AtomicReference<String> source = new AtomicReference<>(MOUNTINFO);
    private final AtomicLong nanos = new AtomicLong();
    private final AtomicInteger reads = new AtomicInteger();
    private final HostMounts mounts = new HostMounts(
            () -> {
                reads.incrementAndGet();
                return source.get();
            },
            nanos::get,
            77,
            78);

    @Test
    void root_is_what_lies_on_top_at_the_slash() {
        assertThat(mounts.view()).isEqualTo(new RootView(new FileLocation(8 << 20 | 1, "/@"), 77, 78));
    }

    @Test
    void file_has_the_path_of_the_first_mount_that_shows_it() {
        assertThat(mounts.find(new FileLocation(8 << 20 | 2, "/sbin/nginx"))).contains("/usr/sbin/nginx");
        assertThat(mounts.find(new FileLocation(8 << 20 | 2, "/share/x"))).contains("/usr/share/x");
        assertThat(mounts.find(new FileLocation(8 << 20 | 1, "/@/bin/x"))).contains("/bin/x");
        assertThat(mounts.find(new FileLocation(8 << 20 | 1, "/@home/x"))).isEmpty();
        assertThat(mounts.find(new FileLocation(30, "/x"))).contains("/tmp/x");
    }

    @Test
    void escaped_characters_of_a_mount_point_are_read() {
        source.set("23 21 8:3 /a\\134b /mnt/with\\040space rw,relatime - ext4 /dev/sda2 rw\n");
        nanos.set(2_000_000_000L);
        assertThat(mounts.find(new FileLocation(8 << 20 | 3, "/a\\b/x"))).contains("/mnt/with space/x");
    }

    @Test
    void mounts_are_read_again_when_a_file_is_on_none_but_not_more_than_once_a_second() {
        source.set(MOUNTINFO + "25 21 8:9 / /opt rw - ext4 /dev/sdb1 rw\n");
        var file = new FileLocation(8 << 20 | 9, "/x");
        for (int i = 0; i < 100; i++) {
            assertThat(mounts.find(file)).isEmpty();
        }
        assertThat(reads.get()).isEqualTo(1);
        nanos.set(1_000_000_000L);
        assertThat(mounts.find(file)).contains("/opt/x");
        assertThat(reads.get()).isEqualTo(2);
    }
}
