package io.guardian.checks.safety;

import static org.assertj.core.api.Assertions.assertThat;

import io.guardian.checks.fixture.Api;
import io.guardian.checks.fixture.Eventually;
import io.guardian.checks.fixture.Requirements;
import io.guardian.checks.fixture.Stage;
import io.guardian.checks.fixture.TestCgroup;
import io.guardian.core.text.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What an enforcing policy, and a person, can have done to processes, from the document to the signal and the log. */
@Tag("container")
class ProcessActionsTest {
    private static final String POLICY = """
            apiVersion: spyderbat/v1
            kind: SpyderbatPolicy
            metadata:
              name: acting
              type: linux-service
            spec:
              serviceSelector: {cgroup: "systemd:*/acting.service"}
              mode: enforce
              processPolicy:
              - name: "*"
                exe: ["*/dash", "*/bash", "*/sh"]
                id: shell_0
                euser: [root]
                children:
                - name: "*"
                  exe: ["*/dash", "*/bash", "*/sh"]
                  id: shell_1
                  euser: [root]
                  children:
                  - {name: sleep, exe: ["*/sleep"], id: sleep_0, euser: [root]}
                - {name: sleep, exe: ["*/sleep"], id: sleep_1, euser: [root]}
              networkPolicy:
                ingress: []
                egress: []
              response:
                default:
                - makeRedFlag: {severity: high}
                actions:
                - agentKillProcessGroup: {processSelector: {name: [grouper]}}
                - agentKillProcessTree: {processSelector: {name: [treetop]}}
                - agentReniceProcess: {priority: 10, processSelector: {name: [nicer]}}
            """;

    private Stage stage;
    private Path service;
    private Path outside;

    @BeforeEach
    void start() throws IOException {
        Requirements.containers();
        stage = Stage.open("act");
        service = stage.cgroup().child("system.slice/acting.service");
        outside = stage.cgroup().child("beside");
        for (String name : List.of("grouper", "treetop", "nicer")) {
            Files.copy(Path.of("/bin/sleep"), program(name));
        }
        stage.apply("acting", POLICY);
    }

    @AfterEach
    void stop() {
        stage.close();
    }

    private Path program(String name) {
        return stage.folder().resolve(name);
    }

    /** Runs a script as the leader of a group of its own in the service, and waits until it wrote all its pids. */
    private List<Long> run(String script, int pids) throws IOException {
        Path said = Files.createTempFile(stage.folder(), "said", "");
        String line = "exec setsid /bin/bash -c '"
                + script.replace("SAID", said.toString())
                        .replace("OUTSIDE", outside.resolve("cgroup.procs").toString())
                + "'";
        var started = new ProcessBuilder(TestCgroup.inside(service, line))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        assertThat(started.pid()).isPositive();
        return Eventually.get("the pids of `" + script + "`", () -> numbers(said), all -> all.size() == pids);
    }

    private static List<Long> numbers(Path file) {
        try {
            return Files.readAllLines(file).stream().map(Long::valueOf).toList();
        } catch (IOException gone) {
            return List.of();
        }
    }

    private static String stat(long pid) {
        try {
            String text = Files.readString(Path.of("/proc/" + pid + "/stat"));
            return text.substring(text.lastIndexOf(')') + 2);
        } catch (IOException gone) {
            return "";
        }
    }

    private static boolean alive(long pid) {
        return !stat(pid).isEmpty() && !stat(pid).startsWith("Z");
    }

    private static void dies(long pid) {
        Eventually.get("the end of a process", () -> alive(pid), living -> !living);
    }

    private String log(String line) {
        return Eventually.get("`" + line + "`", () -> stage.policyLog("acting"), text -> text.contains(line));
    }

    /** Tries the actions until the agent has the policy: what deviated before was judged by none. */
    private void enforced() {
        Eventually.get(
                "the agent to have the policy",
                () -> {
                    try {
                        run("echo $$ >> SAID; exec " + program("nicer") + " 1", 1);
                        return stage.policyLog("acting");
                    } catch (IOException failure) {
                        throw new java.io.UncheckedIOException(failure);
                    }
                },
                text -> text.contains("Completed \"agentReniceProcess\""));
    }

    @Test
    void a_deviating_process_takes_its_group_its_tree_or_a_lower_priority() throws IOException {
        enforced();

        var group = run(
                "sleep 601 & echo $! >> SAID; sleep 602 & echo $! > OUTSIDE; echo $! >> SAID; "
                        + "setsid sleep 603 & apart=$!; echo $apart >> SAID; "
                        // It is of another group once it is called sleep.
                        + "until [[ $(</proc/$apart/comm) = sleep ]]; do :; done; "
                        + program("grouper") + " 604 & wait",
                3);
        dies(group.get(0));
        assertThat(log("Completed \"agentKillProcessGroup\""))
                .contains("Process \"grouper\" using executable \"" + program("grouper") + "\" deviated")
                .contains("Initiated \"agentKillProcessGroup\" action for \"proc:")
                .contains("Result: killed 3 processes.");
        assertThat(alive(group.get(1))).as("outside of the workload").isTrue();
        assertThat(alive(group.get(2))).as("of another group").isTrue();

        var tree = run(
                "echo $$ >> SAID; sleep 605 & echo $! >> SAID; setsid sleep 606 & echo $! >> SAID; "
                        + "sleep 607 & echo $! > OUTSIDE; echo $! >> SAID; exec " + program("treetop") + " 608",
                4);
        dies(tree.get(0));
        dies(tree.get(1));
        dies(tree.get(2));
        assertThat(log("Completed \"agentKillProcessTree\""))
                .contains("Initiated \"agentKillProcessTree\" action for \"proc:")
                .contains("Result: killed 3 processes.");
        assertThat(alive(tree.get(3))).as("outside of the workload").isTrue();

        var nice = run("echo $$ >> SAID; exec " + program("nicer") + " 609", 1);
        Eventually.get("a lower priority", () -> stat(nice.getFirst()).split(" ", -1)[16], "10"::equals);
        assertThat(stage.policyLog("acting"))
                .contains("Initiated \"agentReniceProcess\" action for \"proc:")
                .contains("Result: set the priority to 10.");
    }

    @Test
    void a_person_has_a_process_killed_once() throws IOException {
        try (var api = Api.of(stage.guardian())) {
            long pid = run("sleep 611 & echo $! >> SAID; wait", 1).getFirst();
            var process = Eventually.get(
                            "the process",
                            () -> api.records("spydergraph", "model_process").stream()
                                    .filter(record ->
                                            record.array("args").strings().contains("611"))
                                    .findFirst(),
                            java.util.Optional::isPresent)
                    .orElseThrow();
            var first = ask(api, process.text("id"));
            assertThat(first.number("result_code").orElseThrow().asInt()).isZero();
            assertThat(first.text("action_taken_by")).isNotEmpty();
            dies(pid);
            var again = ask(api, process.text("id"));
            assertThat(again.number("result_code").orElseThrow().asInt())
                    .as("gone already is a success")
                    .isZero();
        }
    }

    /** Asks for a kill and waits for its end. */
    private static Json.Obj ask(Api api, String process) {
        String path = "/org/" + api.org();
        var answer = api.post(
                path + "/response/agent/killprocess/" + process,
                Json.object().put("reason", "drill").build());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        String uid = ((Json.Obj) Api.parse(answer.body())).text("action_uid");
        return Eventually.get(
                "the end of the action",
                () -> ((Json.Obj) Api.parse(
                                api.get(path + "/agent_action_status/" + uid).body()))
                        .object("action_status"),
                status -> status.text("state").equals("completed"));
    }
}
