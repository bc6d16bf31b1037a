package io.guardian.checks.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.guardian.checks.fixture.Checkout;
import io.guardian.checks.fixture.Cleanup;
import io.guardian.checks.fixture.Eventually;
import io.guardian.checks.fixture.GuardianRun;
import io.guardian.checks.fixture.Requirements;
import io.guardian.checks.fixture.Shell;
import io.guardian.checks.fixture.TestCgroup;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A server off loopback with a certificate of its own making, on an address that only this test's device has. */
@Tag("kernel")
class TlsPinTest {
    private final Cleanup cleanup = new Cleanup();
    private Path folder = Path.of("/");
    private TestCgroup cgroup;
    private GuardianRun guardian;
    private String url = "";

    @BeforeEach
    void start() throws IOException {
        Requirements.sensor();
        folder = Files.createTempDirectory("gt");
        cleanup.keep(() -> Shell.run("rm", "-rf", folder.toString()));
        int random = ThreadLocalRandom.current().nextInt(1, 255);
        String device = "gt%05x".formatted(ThreadLocalRandom.current().nextInt(1 << 20));
        // Of the block for documentation (RFC 5737), which no real machine has.
        String address = "192.0.2." + random;
        Shell.run("ip", "link", "add", device, "type", "veth", "peer", "name", device + "p")
                .ok();
        cleanup.keep(() -> Shell.run("ip", "link", "del", device));
        Shell.run("ip", "addr", "add", address + "/32", "dev", device).ok();
        Shell.run("ip", "link", "set", device, "up").ok();
        cgroup = cleanup.keep(TestCgroup.create("tls"));
        guardian = cleanup.keep(GuardianRun.start(folder.resolve("data"), cgroup, List.of("--listen", address)));
        url = guardian.url().replace("http://127.0.0.1", "https://" + address);
    }

    @AfterEach
    void end() {
        cleanup.close();
    }

    /** The registration code with the pin of another certificate. */
    private Path codeWithAnotherPin() throws IOException {
        String code = Files.readString(folder.resolve("data/server/registration-code"))
                .strip();
        assertThat(code).matches(".+@[0-9a-f]{64}");
        char last = code.charAt(code.length() - 1);
        return Files.writeString(
                folder.resolve("wrong-code"), code.substring(0, code.length() - 1) + (last == '0' ? '1' : '0'));
    }

    private List<String> agent(Path code) {
        Path module = Checkout.root().resolve("agent/target");
        return List.of(
                Path.of(System.getProperty("java.home"), "bin/java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                module.resolve("lib") + "/*:" + module.resolve("guardian-agent-0.1.0.jar"),
                "io.guardian.agent.Main",
                "run",
                "--server",
                url,
                "--registration-code-file",
                code.toString(),
                "--data",
                folder.resolve("second").toString(),
                "--source",
                "proc",
                "--only-cgroup",
                cgroup.path().toString());
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    @Test
    void agent_and_spyctl_trust_the_pinned_certificate_and_records_arrive() {
        Path service = cgroup.child("made-up.service");
        var process = Shell.run(
                java.util.Map.of(),
                "",
                TestCgroup.inside(service, "/bin/sh -c 'for i in 1 2 3; do /bin/true $i; done'"));
        process.ok();
        var shown = Eventually.get(
                "the fingerprint of the service",
                () -> guardian.spyctl("get fingerprints --type linux-service -o yaml")
                        .out(),
                out -> out.contains("made-up.service"));
        assertThat(shown).contains("true");
        assertThat(guardian.log("agent")).contains("registered");
    }

    @Test
    void agent_with_the_pin_of_another_certificate_is_refused_and_sends_nothing() throws Exception {
        var log = folder.resolve("second.log");
        var process = new ProcessBuilder(agent(codeWithAnotherPin()))
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        try {
            Eventually.get("the refusal", () -> text(log), said -> said.contains("is not the pinned one"));
            assertThat(text(log)).doesNotContain("registered").doesNotContain("ready source");
        } finally {
            process.destroyForcibly().waitFor();
        }
        var agents = guardian.spyctl("get agents").ok().out();
        assertThat(agents.lines().filter(line -> line.contains("agent:"))).hasSize(1);
    }
}
