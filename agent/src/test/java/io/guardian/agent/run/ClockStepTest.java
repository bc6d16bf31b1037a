package io.guardian.agent.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.guardian.agent.workload.cgroup.CgroupMounts;
import io.guardian.core.text.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The wall clock of the whole machine is stepped while a policy is enforced over a service, so only where the machine
 * is the test's own: {@code ./guardian check --kernels} boots one.
 */
@Tag("clock")
final class ClockStepTest {
    private static final String POLICY = """
            {"apiVersion":"spyderbat/v1","kind":"SpyderbatPolicy",
             "metadata":{"name":"made-up","type":"linux-service","uid":"pol:q7Rk2ZtV0bXeM4dLs9Wc","version":1},
             "spec":{"serviceSelector":{"cgroup":"systemd:*/made-up.service"},"mode":"enforce",
              "processPolicy":[{"name":"sh","exe":["*/dash","*/bash","*/busybox"],"id":"sh_0","euser":["root"],
               "children":[{"name":"sleep","exe":["*/sleep"],"id":"sleep_0"}]}],
              "networkPolicy":{"ingress":[],"egress":[]},
              "response":{"default":[{"makeRedFlag":{"severity":"high"}},{"agentKillProcess":{}}],"actions":[]}}}""";
    private static final double SECONDS_AT_MOST = 1_200;

    @TempDir
    private Path folder;

    private Path cgroup = Path.of("/");
    private Path service = Path.of("/");

    @BeforeEach
    void makeCgroup() throws IOException {
        assumeTrue(Boolean.getBoolean("guardian.test.clock"), "steps the clock of the machine: needs one of its own");
        cgroup = CgroupMounts.v2(Files.readString(Path.of("/proc/mounts")))
                .orElseThrow()
                .mount()
                .resolve("guardian-clock");
        service = Files.createDirectories(cgroup.resolve("made-up.service"));
    }

    @AfterEach
    void end() throws IOException {
        if (Files.exists(service.resolve("cgroup.kill"))) {
            Files.writeString(service.resolve("cgroup.kill"), "1");
        }
    }

    private RunningAgent agent(Receiver receiver) throws IOException {
        return RunningAgent.start(receiver.url(), folder.resolve("data"), "clock", cgroup, List.of());
    }

    private Process inService(String script) throws IOException {
        String enter = "echo $$ > " + service.resolve("cgroup.procs") + " && exec /bin/sh -c \"$0\"";
        return new ProcessBuilder("/bin/sh", "-c", enter, script)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    private static void step(Duration distance) throws Exception {
        var before = Instant.now();
        long seconds = before.plus(distance).getEpochSecond();
        assertThat(new ProcessBuilder("/bin/busybox", "date", "-s", "@" + seconds)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .redirectError(ProcessBuilder.Redirect.INHERIT)
                        .start()
                        .waitFor())
                .isZero();
        assertThat(Duration.between(before, Instant.now()).minus(distance).abs())
                .isLessThan(Duration.ofMinutes(5));
    }

    private static Predicate<Json.Obj> sleep(String time) {
        return record -> record.text("schema").startsWith("model_process")
                && record.text("name").equals("sleep")
                && record.array("args").strings().contains(time);
    }

    private static double time(Json.Obj record) {
        return record.number("valid_from").orElseThrow().asDouble();
    }

    /** The next time that the loop goes round. */
    private static Json.Obj next(Receiver receiver) throws Exception {
        int count = receiver.records().size();
        return receiver.await(
                "the loop going on",
                record -> sleep("0.2").test(record) && receiver.records().indexOf(record) >= count);
    }

    private static boolean deviates(Json.Obj record) {
        return record.text("schema").startsWith("event_deviation");
    }

    @Test
    void steps_of_the_machines_clock_change_no_uid_make_no_deviation_and_hide_none() throws Exception {
        try (var receiver = new Receiver()) {
            receiver.policies(2, POLICY);
            var first = agent(receiver);
            var loop = inService("while :; do /bin/sleep 0.2; done");
            var before = receiver.await("the loop", sleep("0.2"));
            step(Duration.ofHours(1));
            var ahead = next(receiver);
            step(Duration.ofHours(-2));
            var behind = next(receiver);
            first.kill();
            step(Duration.ofHours(2));
            inService("/bin/sleep 0.11; exec /bin/sleep 0.12").waitFor();
            try (var second = agent(receiver)) {
                var outage = receiver.await("what happened while no agent ran", sleep("0.11"));
                var again = next(receiver);
                second.kill();
                step(Duration.ofHours(-1));
                try (var third = agent(receiver)) {
                    var last = next(receiver);
                    var all = List.of(before, ahead, behind, outage, again, last);
                    assertThat(all.stream().map(ClockStepTest::time)).isSorted();
                    assertThat(time(last) - time(before)).isLessThan(SECONDS_AT_MOST);
                    for (var record : List.of(ahead, behind, again, last)) {
                        assertThat(record.text("ppuid")).isEqualTo(before.text("ppuid"));
                        assertThat(record.text("fingerprint_uid")).isEqualTo(before.text("fingerprint_uid"));
                        assertThat(record.text("muid")).isEqualTo(before.text("muid"));
                    }
                    assertThat(receiver.records())
                            .noneMatch(record -> record.bool("uncertain").orElse(false))
                            .noneMatch(ClockStepTest::deviates);
                    assertThat(loop.isAlive()).isTrue();

                    var forbidden = inService("exec /usr/bin/tail -f /dev/null");
                    var deviation = receiver.await("the deviation of tail", ClockStepTest::deviates);
                    assertThat(deviation.text("description")).contains("\"tail\"");
                    assertThat(forbidden.waitFor()).isEqualTo(137);
                    assertThat(receiver.records())
                            .filteredOn(ClockStepTest::deviates)
                            .hasSize(1);
                    assertThat(loop.isAlive()).isTrue();
                    assertThat(third.isAlive()).isTrue();
                }
            }
        }
    }
}
