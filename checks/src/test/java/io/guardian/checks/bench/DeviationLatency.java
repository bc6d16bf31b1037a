package io.guardian.checks.bench;

import io.guardian.checks.fixture.Api;
import io.guardian.checks.fixture.Eventually;
import io.guardian.core.text.Json;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Map;

/**
 * From the kernel time of an exec that the policy doesn't know to the first answer of the API that holds both the
 * deviation and its log line, asked every 20 ms. Each try runs a program of another name, so that each is a deviation
 * of its own.
 */
public final class DeviationLatency {
    private static final Duration POLL = Duration.ofMillis(20);
    private static final int TRIES = Integer.getInteger("tries", 200);

    private DeviationLatency() {}

    public static void main(String[] args) throws Exception {
        try (var stage = new BenchStage()) {
            Eventually.get(
                    "a fingerprint",
                    () -> stage.guardian
                            .spyctl("get fingerprints --type container")
                            .out(),
                    text -> text.contains("redis:7"));
            stage.guardian
                    .shell("spyctl get fingerprints --type container -o yaml redis:7 > f.yaml && "
                            + "spyctl create policy -f f.yaml -n bench > p.yaml && spyctl apply -f p.yaml -y")
                    .ok();
            String policy =
                    stage.guardian.spyctl("get policies -o name").ok().out().strip();
            System.out.println("seconds from exec to answer: " + measure(stage, policy));
        }
    }

    private static Spread measure(BenchStage stage, String policy) {
        var api = stage.api();
        var seconds = new ArrayList<Double>();
        for (int i = -5; i < TRIES; i++) {
            String name = "dev" + (i + 5);
            stage.podman
                    .exec(
                            BenchStage.CONTAINER,
                            "sh",
                            "-c",
                            "cp /tmp/flood /tmp/" + name + " && /tmp/" + name + " one 1")
                    .ok();
            double took = await(api, policy, name);
            if (i >= 0) {
                seconds.add(took);
            }
        }
        return Spread.of(seconds);
    }

    /** Podman itself takes far longer than the agent, so the answer is often there at the first poll after it. */
    private static double await(Api api, String policy, String name) {
        for (int polls = 0; polls < 1000; polls++) {
            double asked = System.currentTimeMillis() / 1000.0;
            Map<String, Json.Obj> deviations = new HashMap<>();
            api.policyRecords(policy, "event_deviation").forEach(record -> deviations.put(record.text("id"), record));
            for (var line : api.policyRecords(policy, "event_log")) {
                var deviation = deviations.get(line.text("deviation_uid"));
                if (deviation != null && line.text("message").contains("\"" + name + "\"")) {
                    return asked - deviation.number("time").orElseThrow().asDouble();
                }
            }
            Eventually.pause(POLL);
        }
        throw new AssertionError("no deviation of " + name);
    }
}
