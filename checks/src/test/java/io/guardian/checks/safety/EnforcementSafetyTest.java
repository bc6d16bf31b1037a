package io.guardian.checks.safety;

import static org.assertj.core.api.Assertions.assertThat;

import io.guardian.checks.fixture.AgentProcess;
import io.guardian.checks.fixture.Api;
import io.guardian.checks.fixture.Eventually;
import io.guardian.checks.fixture.NetworkNamespaces;
import io.guardian.checks.fixture.Requirements;
import io.guardian.checks.fixture.Stage;
import io.guardian.checks.fixture.Table;
import io.guardian.core.text.Json;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A policy that kills by default, and what has to live all the same. */
@Tag("container")
class EnforcementSafetyTest {
    private static final String REDIS = "docker.io/library/redis:7";
    private static final Pattern KILLED = Pattern.compile("Completed \"agentKillProcess\"");

    private Stage stage;
    private NetworkNamespaces network;

    @BeforeEach
    void start() {
        Requirements.containers();
        stage = Stage.open("safety", "redis.tar");
        network = stage.keep(NetworkNamespaces.create("192.168.0.10/16"));
    }

    @AfterEach
    void stop() {
        stage.close();
    }

    private boolean alive(long pid) {
        return Files.exists(Path.of("/proc/" + pid));
    }

    /** A redis that may do only what it did, as soon as the agent sees to it. */
    private void enforce(String networkOfIt) {
        stage.podman().run("cache", REDIS, networkOfIt);
        stage.applyPolicy("redis:7", "strict", Stage.KILL_BY_DEFAULT);
        stage.awaitEnforcement("cache");
    }

    /** Starts what the policy doesn't allow. */
    private void deviate(int times, String seconds) {
        for (int i = 0; i < times; i++) {
            stage.podman().podman("exec", "-d", "cache", "sleep", seconds).ok();
        }
    }

    private String awaitGuardedKill() {
        return Eventually.get(
                "a guarded kill",
                () -> stage.policyLog("strict"),
                text -> text.contains("Failed \"agentKillProcess\""));
    }

    @Test
    void kills_are_limited_and_the_rest_lives() {
        enforce("none");
        deviate(20, "60");
        String log = awaitGuardedKill();
        assertThat(log).contains("guarded");
        assertThat(KILLED.matcher(log).results().count()).isBetween(1L, 10L);
        assertThat(stage.podman().exec("cache", "redis-cli", "--version").code())
                .isIn(0, 137);
        assertThat(stage.podman().running()).contains("cache");
        assertThat(alive(stage.guardian().pid("agent"))).isTrue();
        assertThat(alive(stage.guardian().pid("server"))).isTrue();
    }

    @Test
    void a_restart_gives_a_policy_no_more_kills() {
        enforce("none");
        deviate(11, "600");
        awaitGuardedKill();
        stage.keep(AgentProcess.takeOver(stage.guardian(), Map.of())).awaitReady();
        deviate(3, "601");
        try (var api = Api.of(stage.guardian())) {
            String policy =
                    Table.of(stage.guardian().spyctl("get policies").ok().out()).cell("NAME", "strict", "UID");
            Eventually.get(
                    "what became of those that were started after the restart",
                    () -> ends(api, policy),
                    all -> all.size() >= 15);
            var kills = KillTimes.of(api, policy);
            assertThat(kills.seconds()).hasSizeGreaterThanOrEqualTo(10);
            kills.atMostInAnyMinute(10);
        }
    }

    private static List<Json.Obj> ends(Api api, String policy) {
        return api.policyRecords(policy, "event_log").stream()
                .filter(line -> line.text("message").contains("\"agentKillProcess\"")
                        && line.text("message").contains(" Result: "))
                .toList();
    }

    @Test
    void what_ran_before_the_agent_is_flagged_as_uncertain_and_never_killed() {
        stage.podman().run("cache", REDIS, "none");
        stage.applyPolicy("redis:7", "strict", Stage.KILL_BY_DEFAULT);
        stage.guardian().uninstall();
        deviate(1, "600");
        stage.guardian().up();
        stage.awaitEnforcement("cache");
        assertThat(stage.podman().podman("top", "cache", "args").ok().out())
                .contains("sleep 600")
                .contains("redis-server");
    }

    @Test
    void a_stray_packet_never_gets_a_server_killed_by_a_default_action() {
        String client = network.client("192.168.0.229/16");
        enforce(network.serverNetwork());
        network.in(client, "nc -w 2 -z 192.168.0.10 6379").ok();
        Eventually.get(
                "the ingress deviation",
                () -> stage.policyLog("strict"),
                text -> text.contains(
                        "Ingress TCP connection of process \"redis-server\" from \"192.168.0.229\" port 6379"));
        network.in(client, "nc -w 2 -z 192.168.0.10 6379").ok();
        assertThat(stage.podman().running()).contains("cache");
    }
}
