package io.guardian.checks.bench;

import io.guardian.checks.fixture.Eventually;
import io.guardian.core.text.Json;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Ten thousand processes as fast as the machine goes: how many are recorded, how many counted as lost, at what cost.
 */
public final class ProcessFlood {
    private static final int COUNT = Integer.getInteger("count", 10_000);

    private ProcessFlood() {}

    public static void main(String[] args) throws Exception {
        try (var stage = new BenchStage()) {
            var api = stage.api();
            Eventually.get(
                    "the container", () -> api.records("spydergraph", "model_container"), list -> !list.isEmpty());
            long agent = stage.guardian.pid("agent");
            long before = BenchStage.cpuMillis(agent);
            String nanos = stage.podman
                    .exec(BenchStage.CONTAINER, "/tmp/flood", Integer.toString(COUNT))
                    .ok()
                    .out()
                    .strip();
            var numbers = Eventually.get(
                    "the records",
                    () -> numbers(api.records("spydergraph", "model_process")),
                    seen -> seen.size() >= COUNT);
            long cpu = BenchStage.cpuMillis(agent) - before;
            System.out.printf(
                    Locale.ROOT,
                    "%d processes in %.2f s: %d recorded with their argv and container; agent %.1f us of CPU each, %d MiB resident%n",
                    COUNT,
                    Long.parseLong(nanos) / 1e9,
                    numbers.size(),
                    cpu * 1000.0 / COUNT,
                    BenchStage.residentKib(agent) / 1024);
            System.out.println(
                    "agent says: " + stage.guardian.spyctl("get agents -o json").out());
        }
    }

    /** The numbers that the started processes got as arguments, from those records that name a container. */
    private static Set<String> numbers(List<Json.Obj> processes) {
        var numbers = new HashSet<String>();
        for (var process : processes) {
            var words = process.array("args").strings();
            if (words.size() == 3
                    && words.get(1).equals("one")
                    && !process.text("container_uid").isEmpty()) {
                numbers.add(words.get(2));
            }
        }
        return numbers;
    }
}
