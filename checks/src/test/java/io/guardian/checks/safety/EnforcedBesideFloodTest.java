package io.guardian.checks.safety;

import static org.assertj.core.api.Assertions.assertThat;

import io.guardian.checks.fixture.Api;
import io.guardian.checks.fixture.Eventually;
import io.guardian.checks.fixture.NativeProgram;
import io.guardian.checks.fixture.Requirements;
import io.guardian.checks.fixture.Stage;
import io.guardian.checks.identity.Forger;
import io.guardian.core.text.Json;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A workload that overflows the kernel's ring on purpose, and beside it one whose policy is enforced. */
@Tag("container")
class EnforcedBesideFloodTest {
    private static final Duration LONG = Duration.ofMinutes(3);
    private static final String NOTE = "tmp/execs.done";
    private static final int KILLS = 5;

    private Stage stage;
    private Api api;
    private Forger forger;
    private Path flooder = Path.of("/");
    private int tries;

    @BeforeEach
    void start() throws Exception {
        Requirements.containers();
        stage = Stage.with("beside", List.of("--ring-mib", "1"), "redis.tar");
        api = stage.keep(Api.of(stage.guardian()));
        var podman = stage.podman();
        podman.run("flooder", "docker.io/library/redis:7", "none");
        Path program =
                NativeProgram.compile("execs", stage.folder(), "-nostdlib", "-ffreestanding", "-fno-stack-protector");
        podman.podman("cp", program.toString(), "flooder:/tmp/execs").ok();
        flooder = Path.of(podman.podman("mount", "flooder").ok().out().strip());
        stage.applyPolicy("redis:7", "flooder", "-e 's/mode: audit/mode: audit/'");
        Forger.makeImage(podman, Files.createDirectories(stage.folder().resolve("image")));
        forger = Forger.inContainer(podman, "web", stage.folder().resolve("work"), List.of());
        forger.order("exec /usr/sbin/nginx real");
        Eventually.get(
                "all that the other does in its fingerprint",
                () -> stage.guardian()
                        .spyctl("get fingerprints --type container -o yaml " + Forger.IMAGE)
                        .out(),
                text -> text.contains("nginx"));
        stage.applyPolicy(Forger.IMAGE, "web", Stage.KILL_BY_DEFAULT);
    }

    @AfterEach
    void stop() {
        stage.close();
    }

    @Test
    void what_a_policy_forbids_is_killed_while_another_workload_overflows_the_ring() {
        Eventually.get("the agent to enforce", this::tryForbidden, kills -> kills > 0);
        int before = kills();
        tries = 0;
        // Far more than it comes to.
        stage.podman()
                .podman("exec", "-d", "flooder", "/tmp/execs", "10000000", "20000", "/" + NOTE)
                .ok();
        Eventually.get("the flood", this::flooded, execs -> execs > 0);
        Eventually.get(KILLS + " kills during the flood", LONG, this::tryForbidden, kills -> kills >= before + KILLS);
        int killed = kills() - before;
        long flood = flooded();
        Eventually.get("the flood to go on", this::flooded, execs -> execs > flood);
        stage.podman().podman("kill", "flooder").ok();
        long lost = Eventually.get("losses of execs", LONG, this::lostExecs, found -> found > 0);
        System.out.printf(
                "%d forbidden execs beside a flood of %d execs, of which %d or more were lost and counted: %d killed%n",
                tries, flood, lost, killed);
        assertThat(Path.of("/proc/" + stage.guardian().pid("agent"))).exists();
    }

    /** Runs what is forbidden, for a few seconds if nobody ends it; how many kills there were so far. */
    private int tryForbidden() {
        forger.order("run /usr/bin/masked - linger 127.0.0.1 3 forbidden");
        tries++;
        return kills();
    }

    /** As the agent says it itself: what it sends waits behind what it tells of the flood. */
    private int kills() {
        return (int) stage.guardian()
                .log("agent")
                .lines()
                .filter(line -> line.contains(" agentKillProcess ") && line.endsWith(" result=killed"))
                .count();
    }

    /** How many of the flood's execs came to run. */
    private long flooded() {
        return flooder.resolve(NOTE).toFile().length();
    }

    private long lostExecs() {
        return api.records("agent_status", "event_agent_health").stream()
                .mapToLong(event -> event.object("lost")
                        .number("ring.exec")
                        .map(Json.Num::asLong)
                        .orElse(0L))
                .sum();
    }
}
