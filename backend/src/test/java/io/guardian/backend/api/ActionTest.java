package io.guardian.backend.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.guardian.backend.meta.AgentFacts;
import io.guardian.backend.meta.AgentRecord;
import io.guardian.backend.meta.Agents;
import io.guardian.backend.meta.Validity;
import io.guardian.core.text.Json;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ActionTest {
    @TempDir
    Path folder = Path.of("");

    private ApiServer server;

    @BeforeEach
    void start() throws Exception {
        server = new ApiServer(folder);
    }

    @AfterEach
    void stop() throws Exception {
        server.close();
    }

    private AgentRecord agent() {
        var registration = server.meta
                .agents()
                .createRegistration(new Agents.NewRegistration(
                        server.acme.uid(), "local", "", Json.Obj.EMPTY, "ana", Validity.from(Instant.now())));
        return server.meta
                .agents()
                .register(
                        registration.registration(),
                        new AgentFacts("node", "machine-1", "node-1", "", "", Json.Obj.EMPTY),
                        Instant.now());
    }

    private void process(AgentRecord agent, String id, int pid) {
        server.record(
                server.acme,
                PolicyTest.process(id, "", "bash", "/usr/bin/bash", "root", 1000)
                        .with("muid", Json.of(agent.muid()))
                        .with("pid", Json.of(pid)));
    }

    @Test
    void kill_is_queued_for_the_agent_of_the_machine_and_audited() {
        var agent = agent();
        process(agent, "proc:m:a:1", 4711);
        var answer = server.post(
                "/org/{o}/response/agent/killprocess/proc:m:a:1", "{\"reason\":\"drill\",\"kill_process_tree\":true}");
        String uid = ApiServer.object(answer).text("action_uid");
        var delivered = server.meta.actions().deliver(agent.uid(), Instant.now());
        assertThat(delivered).singleElement().satisfies(action -> {
            assertThat(action.uid()).isEqualTo(uid);
            assertThat(action.actionType()).isEqualTo("kill-process-tree");
            assertThat(action.params().number("pid").orElseThrow().asInt()).isEqualTo(4711);
        });
        var status = ApiServer.object(server.get("/org/{o}/agent_action_status/" + uid))
                .object("action_status");
        assertThat(status.text("state")).isEqualTo("delivered");
        assertThat(status.text("reason")).isEqualTo("drill");
        assertThat(ApiServer.object(server.get("/org/{o}/agent_action_status?state_equals=delivered"))
                        .array("action_statuses")
                        .items())
                .hasSize(1);
        assertThat(ApiServer.object(server.get("/org/{o}/audit/?operation_equals=agent.killProcess"))
                        .array("audit_events")
                        .objects())
                .singleElement()
                .satisfies(record -> {
                    assertThat(record.text("object_uid")).isEqualTo("proc:m:a:1");
                    assertThat(record.text("reason")).isEqualTo("drill");
                });
    }

    @Test
    void first_process_is_guarded_and_unknown_ones_are_404() {
        var agent = agent();
        process(agent, "proc:m:a:1", 1);
        assertThat(server.post("/org/{o}/response/agent/killprocess/proc:m:a:1", "{}")
                        .statusCode())
                .isEqualTo(403);
        assertThat(server.post("/org/{o}/response/agent/killprocess/proc:none", "{}")
                        .statusCode())
                .isEqualTo(404);
        assertThat(server.meta.actions().list(server.acme.uid())).isEmpty();
    }

    @Test
    void kills_of_a_minute_are_limited() {
        var agent = agent();
        process(agent, "proc:m:a:1", 4711);
        for (int i = 0; i < 10; i++) {
            assertThat(server.post("/org/{o}/response/agent/killprocess/proc:m:a:1", "{}")
                            .statusCode())
                    .isEqualTo(200);
        }
        var refused = server.post("/org/{o}/response/agent/killprocess/proc:m:a:1", "{}");
        assertThat(refused.statusCode()).isEqualTo(429);
        assertThat(refused.headers().firstValue("Retry-After")).contains("60");
    }

    @Test
    void api_describes_itself() {
        var version = server.send(server.request("/version"));
        assertThat(ApiServer.object(version).text("name")).isEqualTo("guardian");
        var validated = server.post("/org/{o}/spyctl/validate/", "{\"object\":{\"kind\":\"Nonsense\"}}");
        assertThat(ApiServer.object(validated).text("invalid_message")).isNotEmpty();
    }

    @Test
    void policy_is_built_of_fingerprints_and_merged_with_more() {
        var first = fingerprint("mongod", "/usr/bin/mongod");
        var second = fingerprint("sh", "/usr/bin/dash");
        var built = ApiServer.object(server.post(
                "/org/{o}/spyctl/guardianpolicy/build/",
                "{\"input_objects\":[" + first + "],\"mode\":\"enforce\",\"name\":\"mongo-policy\"}"));
        var policy = built.object("policy");
        assertThat(policy.object("metadata").text("name")).isEqualTo("mongo-policy");
        assertThat(policy.object("spec").text("mode")).isEqualTo("enforce");
        String merge = "{\"object\":" + policy.toText() + ",\"%s\":[" + second + "]}";
        var merged = ApiServer.object(server.post("/org/{o}/spyctl/merge", merge.formatted("merge_objects")));
        assertThat(merged.bool("changed")).contains(true);
        assertThat(merged.object("merged_object")
                        .object("spec")
                        .array("processPolicy")
                        .objects())
                .extracting(node -> node.text("name"))
                .containsExactlyInAnyOrder("mongod", "sh");
        var diff = ApiServer.object(server.post("/org/{o}/spyctl/diff", merge.formatted("diff_objects")));
        assertThat(diff.text("diff_data"))
                .startsWith("added spec.processPolicy ")
                .contains("/usr/bin/dash");
    }

    private static String fingerprint(String name, String exe) {
        return """
                {"apiVersion":"spyderbat/v1","kind":"SpyderbatFingerprint",
                 "metadata":{"name":"mongo:latest","type":"container"},
                 "spec":{"containerSelector":{"image":"docker.io/library/mongo:latest"},
                  "processPolicy":[{"name":"%s","exe":["%s"],"id":"%s_0","euser":["mongo"]}],
                  "networkPolicy":{"ingress":[],"egress":[]}}}
                """.formatted(name, exe, name);
    }
}
