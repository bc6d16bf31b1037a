package io.guardian.checks.identity;

import io.guardian.checks.fixture.Api;
import io.guardian.checks.fixture.Eventually;
import io.guardian.checks.fixture.GuardianRun;
import io.guardian.core.text.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.Comparator;
import java.util.List;

/** What came of orders, by their tags: the record of the program's process and its deviation. */
final class Seen implements AutoCloseable {
    private final Api api;
    private final String policy;
    private List<Json.Obj> processes = List.of();
    private List<Json.Obj> deviations = List.of();
    private List<Json.Obj> connections = List.of();

    private Seen(Api api, String policy) {
        this.api = api;
        this.policy = policy;
    }

    /** Learns the policy {@code name} of what the workload has done so far, and applies it. */
    static Seen learn(GuardianRun guardian, String type, String workload, String name, List<String> known) {
        String get = "spyctl get fingerprints --type " + type + " -o yaml " + workload;
        Eventually.get(
                "a fingerprint of all that " + workload + " does",
                () -> guardian.shell(get).out(),
                text -> known.stream().allMatch(text::contains));
        String said = guardian.shell(get + " > " + name + ".f.yaml && spyctl create policy -f " + name + ".f.yaml -n "
                        + name + " > " + name + ".yaml && spyctl apply -f " + name + ".yaml -y")
                .ok()
                .err();
        // What ends before the agent has the policy is never judged.
        Eventually.get("the agent has the policy", () -> agentLog(guardian), log -> log.contains(" policies=1"));
        return new Seen(Api.of(guardian), said.substring(said.indexOf("pol:"), said.indexOf("pol:") + 24));
    }

    private static String agentLog(GuardianRun guardian) {
        try {
            return Files.readString(guardian.data().resolve("logs/agent.log"));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** All of a tag's processes, the first one first. */
    List<Json.Obj> processes(String tag) {
        return processes.stream()
                .filter(record -> record.array("args").strings().contains(tag))
                .toList();
    }

    /** The program that was run, whose first argument is the tag; not whoever ran it. */
    Json.Obj process(String tag) {
        var all = processes(tag);
        return all.stream()
                .filter(record -> record.array("args").strings().indexOf(tag) == 1)
                .findFirst()
                .orElseGet(all::getFirst);
    }

    /** The executable of each deviation of this process, as its policy would have to name it. */
    List<String> deviation(Json.Obj process) {
        return deviations.stream()
                .filter(record -> record.text("ref").equals(process.text("id")))
                .map(record -> last(record.object("deviation")
                        .object("spec")
                        .array("processPolicy")
                        .objects()))
                .toList();
    }

    /** Processes of this name that ran before the agent. */
    List<Json.Obj> uncertain(String name) {
        return processes.stream()
                .filter(record -> record.text("name").equals(name)
                        && record.bool("uncertain").orElse(false))
                .toList();
    }

    /** The process that was given this word and ran this executable. */
    Json.Obj process(String tag, String exe) {
        return processes(tag).stream()
                .filter(record -> record.text("exe").equals(exe))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no `" + exe + "` with `" + tag + "` among " + processes(tag)));
    }

    /** The connection to this address, once it is told of as a deviation. */
    Json.Obj deviatingConnection(String address) {
        return Eventually.get(
                        "the deviation of the connection to " + address,
                        () -> {
                            var found = connections(address);
                            if (found.isEmpty()) {
                                read();
                            }
                            return found;
                        },
                        found -> found.size() == 1)
                .getFirst();
    }

    private List<Json.Obj> connections(String address) {
        return connections.stream()
                .filter(record -> record.text("remote_ip").equals(address))
                .filter(record -> deviations.stream()
                        .anyMatch(deviation -> deviation.text("ref").equals(record.text("id"))))
                .toList();
    }

    private static String last(List<Json.Obj> nodes) {
        var node = nodes.getFirst().object("policyNode");
        var inner = node.equals(Json.Obj.EMPTY) ? nodes.getFirst() : node;
        var children = inner.array("children").objects();
        return children.isEmpty() ? String.join(" or ", inner.array("exe").strings()) : last(children);
    }

    /** Looks anew. */
    void read() {
        processes = api.records("spydergraph", "model_process").stream()
                .sorted(Comparator.comparingDouble((Json.Obj record) ->
                        record.number("valid_from").orElseThrow().asDouble()))
                .toList();
        connections = api.records("spydergraph", "model_connection");
        deviations = api.policyRecords(policy, "event_deviation");
    }

    /** Waits for the deviation of this process: records keep their order, so all earlier ones have been judged. */
    void awaitDeviation(String tag) {
        Eventually.get(
                "the deviation of `" + tag + "`",
                () -> {
                    read();
                    return processes(tag).stream()
                            .flatMap(process -> deviation(process).stream())
                            .toList();
                },
                found -> !found.isEmpty());
    }

    @Override
    public void close() {
        api.close();
    }
}
