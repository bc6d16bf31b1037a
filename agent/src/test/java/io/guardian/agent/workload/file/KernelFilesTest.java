package io.guardian.agent.workload.file;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
final class KernelFilesTest {

    @TempDir
    private Path folder;

    private final ContainedFiles files = new KernelFiles();
    private Path root = Path.of("/");

    @BeforeEach
    void makeRoot() throws IOException {
        root = folder.resolve("root");
        Files.createDirectories(root.resolve("etc"));
        Files.writeString(folder.resolve("secret"), "of the host");
        Files.writeString(root.resolve("etc/passwd"), "shop:x:1000:\n");
    }

    @Test
    void a_file_inside_is_read() {
        assertThat(files.read(root, "/etc/passwd")).contains("shop:x:1000:\n");
    }

    @Test
    void links_are_followed_inside_the_root() throws IOException {
        Files.createSymbolicLink(root.resolve("etc/link"), Path.of("/etc/passwd"));
        assertThat(files.read(root, "/etc/link")).contains("shop:x:1000:\n");
    }

    @Test
    void no_link_leads_out() throws IOException {
        Files.createSymbolicLink(root.resolve("etc/up"), Path.of("../../secret"));
        Files.createSymbolicLink(root.resolve("etc/absolute"), folder.resolve("secret"));
        Files.createSymbolicLink(root.resolve("out"), Path.of("../.."));
        assertThat(files.read(root, "/etc/up")).isEmpty();
        assertThat(files.read(root, "/etc/absolute")).isEmpty();
        assertThat(files.read(root, "/out/secret")).isEmpty();
        assertThat(files.read(root, "/../secret")).isEmpty();
    }

    @Test
    void a_pipe_is_not_waited_for() throws Exception {
        new ProcessBuilder("mkfifo", root.resolve("etc/pipe").toString())
                .start()
                .waitFor();
        assertThat(files.read(root, "/etc/pipe")).isEmpty();
    }

    @Test
    void folders_devices_and_absent_files_are_left_out() {
        assertThat(files.read(root, "/etc")).isEmpty();
        assertThat(files.read(root, "/etc/none")).isEmpty();
        assertThat(files.read(Path.of("/"), "/dev/zero")).isEmpty();
        assertThat(files.read(folder.resolve("none"), "/etc/passwd")).isEmpty();
    }

    @Test
    void a_file_above_the_limit_is_left_out() throws IOException {
        Files.write(root.resolve("etc/large"), new byte[ContainedFiles.BYTES_MAX]);
        assertThat(files.read(root, "/etc/large")).isPresent();
        Files.write(root.resolve("etc/large"), new byte[ContainedFiles.BYTES_MAX + 1]);
        assertThat(files.read(root, "/etc/large")).isEmpty();
    }
}
