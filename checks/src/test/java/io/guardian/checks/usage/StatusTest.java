package io.guardian.checks.usage;

import static org.assertj.core.api.Assertions.assertThat;

import io.guardian.checks.fixture.Checkout;
import io.guardian.checks.fixture.Eventually;
import io.guardian.checks.fixture.Shell;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What `./guardian status` takes for running: the very process that was started, while it lives. */
class StatusTest {
    @TempDir
    private Path data;

    private Process parent;
    private long child;

    /** A process whose parent never asks what became of it. */
    @BeforeEach
    void start() throws IOException {
        Files.createDirectories(data.resolve("run"));
        parent = new ProcessBuilder("sh", "-c", "sleep 600 & echo $!; exec sleep 600").start();
        try (var out = parent.inputReader(StandardCharsets.US_ASCII)) {
            child = Long.parseLong(out.readLine());
        }
    }

    @AfterEach
    void end() throws InterruptedException {
        ProcessHandle.of(child).ifPresent(ProcessHandle::destroyForcibly);
        parent.destroyForcibly().waitFor();
    }

    private static List<String> stat(long pid) {
        try {
            String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
            return List.of(stat.substring(stat.lastIndexOf(')') + 2).split(" "));
        } catch (IOException gone) {
            return List.of("gone");
        }
    }

    private void launched(String start) throws IOException {
        Files.writeString(data.resolve("run/server.pid"), child + " " + start + "\n");
    }

    private Shell.Output status() {
        return Shell.run(Checkout.root().resolve("guardian").toString(), "status", "--data", data.toString());
    }

    private static void isStopped(Shell.Output status) {
        assertThat(status.code()).as(status.toString()).isEqualTo(1);
        assertThat(status.out()).startsWith("server   stopped\n");
    }

    @Test
    void a_killed_process_that_nobody_has_reaped_yet_is_stopped() throws IOException {
        launched(stat(child).get(19));
        var before = status();
        assertThat(before.code()).as(before.toString()).isZero();
        assertThat(before.out())
                .containsPattern("server   running  pid " + child + ", since [^ ]+Z, [0-9]+ MB resident");
        ProcessHandle.of(child).ifPresent(ProcessHandle::destroyForcibly);
        Eventually.get("the killed process is a zombie", () -> stat(child).getFirst(), "Z"::equals);
        isStopped(status());
        Shell.run(Checkout.root().resolve("guardian").toString(), "down", "--data", data.toString())
                .ok();
    }

    @Test
    void another_program_under_the_same_pid_is_not_taken_for_it() throws IOException {
        launched("1");
        isStopped(status());
    }

    @Test
    void a_process_that_was_gone_before_its_start_was_noted_is_stopped() throws IOException {
        Files.writeString(data.resolve("run/server.pid"), "4194303 \n");
        isStopped(status());
    }
}
