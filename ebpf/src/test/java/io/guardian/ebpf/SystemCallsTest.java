package io.guardian.ebpf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The system calls that need no privileges, on processes and files of the test's own. */
class SystemCallsTest {
    private static Process sleeper() throws IOException {
        return new ProcessBuilder("sleep", "60").start();
    }

    @Test
    void signal_through_a_pidfd_ends_the_process_held() throws Exception {
        Process process = sleeper();
        try (Pidfd pidfd = ((Pidfd.Opening.Held) Pidfd.open((int) process.pid())).pidfd()) {
            assertThat(pidfd.send(0)).isEqualTo(new Pidfd.Delivery.Sent());
            assertThat(pidfd.send(9)).isEqualTo(new Pidfd.Delivery.Sent());
            assertThat(process.waitFor()).isEqualTo(128 + 9);
            assertThat(pidfd.send(9)).isEqualTo(new Pidfd.Delivery.Gone());
            assertThat(Pidfd.open((int) process.pid())).isEqualTo(new Pidfd.Opening.Gone());
        }
    }

    @Test
    void unknown_signal_is_refused_with_the_reason() throws Exception {
        Process process = sleeper();
        try (Pidfd pidfd = ((Pidfd.Opening.Held) Pidfd.open((int) process.pid())).pidfd()) {
            assertThat(pidfd.send(1000))
                    .isEqualTo(new Pidfd.Delivery.Refused("signal 1000 can't be sent: Invalid argument"));
        } finally {
            process.destroyForcibly().waitFor();
        }
    }

    @Test
    void priority_is_set_for_every_thread() throws Exception {
        Process process = sleeper();
        try {
            assertThat(ProcessPriority.set((int) process.pid(), 7)).isEqualTo(new ProcessPriority.Result.Set(1));
            String stat = Files.readString(Path.of("/proc/" + process.pid() + "/stat"));
            assertThat(stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1)[16])
                    .isEqualTo("7");
        } finally {
            process.destroyForcibly().waitFor();
        }
        assertThat(ProcessPriority.set((int) process.pid(), 7)).isEqualTo(new ProcessPriority.Result.Gone());
    }

    @Test
    void file_of_a_container_is_read_inside_its_root(@TempDir Path root) throws IOException {
        Files.createDirectories(root.resolve("etc"));
        Files.writeString(root.resolve("etc/passwd"), "shop:x:7:7::/:/bin/sh\n");
        // As a container might lead a reader out of itself.
        Files.createSymbolicLink(root.resolve("up"), Path.of("../../../../../../../../etc/passwd"));
        Files.createSymbolicLink(root.resolve("host"), Path.of("/etc/hostname-of-nobody"));
        Files.createSymbolicLink(root.resolve("loop"), Path.of("loop"));
        ContainerFile.Result passwd = new ContainerFile.Result.Content("shop:x:7:7::/:/bin/sh\n");
        assertThat(ContainerFile.read(root.toString(), "/etc/passwd", 100)).isEqualTo(passwd);
        assertThat(ContainerFile.read(root.toString(), "/up", 100)).isEqualTo(passwd);
        assertThat(ContainerFile.read(root.toString(), "/host", 100)).isEqualTo(new ContainerFile.Result.Missing());
        assertThat(ContainerFile.read(root.toString(), "/loop", 100))
                .isEqualTo(
                        new ContainerFile.Result.Refused("`/loop` can't be read: Too many levels of symbolic links"));
        assertThat(ContainerFile.read(root.toString(), "/etc/passwd", 5))
                .isEqualTo(new ContainerFile.Result.Refused("`/etc/passwd` is larger than 5 bytes"));
        assertThat(ContainerFile.read(root.toString(), "/etc", 100))
                .isEqualTo(new ContainerFile.Result.Refused("`/etc` isn't a regular file"));
        Files.delete(root.resolve("up"));
        Files.delete(root.resolve("host"));
    }

    @Test
    void pipe_of_a_container_never_blocks_its_reader(@TempDir Path root) throws Exception {
        Process mkfifo = new ProcessBuilder("mkfifo", root.resolve("pipe").toString()).start();
        assertThat(mkfifo.waitFor()).isZero();
        assertThat(ContainerFile.read(root.toString(), "/pipe", 100))
                .isEqualTo(new ContainerFile.Result.Refused("`/pipe` isn't a regular file"));
    }

    @Test
    void offset_leads_from_boot_to_wall_clock() {
        long wallNanos = Clocks.bootNanos() + Clocks.bootToWallNanos();
        Instant wall = Instant.ofEpochSecond(0, wallNanos);
        assertThat(wall).isBetween(Instant.now().minusSeconds(5), Instant.now().plusSeconds(5));
    }

    @Test
    void uid_map_leads_from_host_to_container() {
        UidMap map = UidMap.parse("         0     100000      65536\n     70000          5          1\n")
                .orElseThrow();
        assertThat(map.inside(100_000)).isZero();
        assertThat(map.inside(165_535)).isEqualTo(65_535);
        assertThat(map.inside(165_536)).isEqualTo(Header.NO_UID);
        assertThat(map.inside(5)).isEqualTo(70_000);
        assertThat(map.inside(0)).isEqualTo(Header.NO_UID);
        for (String text : List.of("", "0 0", "0 0 x", "a b c d")) {
            assertThat(UidMap.parse(text)).isEqualTo(Optional.empty());
        }
    }

    @Test
    void options_check_themselves() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SensorOptions.named("a/b"))
                .withMessage("sensor name `a/b` must be 1 to 64 letters, digits, `-` or `_`");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SensorOptions.named("a").withRingBytes(100_000))
                .withMessage("ring size `100000` must be a power of two from 65536 to 1073741824");
    }
}
