package io.guardian.backend.respond;

import static org.assertj.core.api.Assertions.assertThat;

import io.guardian.backend.ingest.Micros;
import io.guardian.backend.ingest.Replay;
import io.guardian.backend.ingest.Sender;
import io.guardian.backend.live.Machines;
import io.guardian.backend.meta.MetaStore;
import io.guardian.backend.meta.SqliteMeta;
import io.guardian.backend.meta.Stored;
import io.guardian.backend.store.DuckHistory;
import io.guardian.backend.store.HistoryLimits;
import io.guardian.backend.store.HistoryQuery;
import io.guardian.backend.store.Row;
import io.guardian.backend.store.Window;
import io.guardian.core.decide.CompiledPolicy;
import io.guardian.core.decide.Deviations;
import io.guardian.core.decide.Observed;
import io.guardian.core.document.Documents;
import io.guardian.core.document.WorkloadDocument;
import io.guardian.core.policy.WorkloadPolicy;
import io.guardian.core.text.Json;
import io.guardian.core.text.JsonReader;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConsequencesTest {
    private static final Instant START = Instant.ofEpochSecond(1_790_000_000);
    private static final Clock CLOCK = Clock.fixed(START, ZoneOffset.UTC);
    private static final String REF = "proc:WhfD6bTSCB8:arE7gA:4120.1";
    private static final String DEFAULT_FLAG = "\"default\":[{\"makeRedFlag\":{\"severity\":\"high\"}}],\"actions\":[]";
    private static final String KILL_BASH = "\"default\":[{\"makeRedFlag\":{\"severity\":\"high\"}}],"
            + "\"actions\":[{\"agentKillProcess\":{\"processSelector\":{\"name\":[\"bash\"]}}}]";

    @TempDir
    private Path directory;

    private MetaStore meta;
    private DuckHistory history;
    private Consequences consequences;
    private Rejudging rejudging;
    private Instant now = START;
    private String mode = "audit";
    private String org = "";

    @BeforeEach
    void open() throws Exception {
        meta = SqliteMeta.open(directory.resolve("meta.db"), CLOCK, new SecureRandom());
        org = meta.organisations().create("default", "me").uid();
        history = DuckHistory.open(directory.resolve("history"), HistoryLimits.DEFAULT, CLOCK);
        restart();
    }

    @AfterEach
    void close() throws Exception {
        history.close();
        meta.close();
    }

    private void restart() {
        rejudging = new Rejudging();
        consequences = new Consequences(
                new PolicyLibrary(meta.policies()),
                history,
                (_, _) -> new Machines.Names("node-a", "node-a"),
                rejudging,
                new Effects(meta, new PodKills(meta, KillLimits.DEFAULT, PodOwners.NONE, CLOCK)));
        consequences.restore(List.of(org), START);
    }

    @Test
    void in_audit_mode_the_log_says_what_would_have_been_done() throws Exception {
        policy("audit", KILL_BASH);
        take(deviation("bash", "dev:org:AAZb_uGAz0A:1", "[]"));
        assertThat(lines())
                .containsExactly(
                        "(audit mode): Process \"bash\" using executable \"/usr/bin/bash\" deviated from policy \"mongo-policy\".",
                        "(audit mode): Would have initiated \"agentKillProcess\" action for \"" + REF
                                + "\". Not initiated due to \"audit\" mode.",
                        "(audit mode): Would have initiated \"makeRedFlag\" action for \"" + REF
                                + "\". Not initiated due to \"audit\" mode.");
        assertThat(records("event_redflag")).isEmpty();
        assertThat(records("event_deviation")).hasSize(1);
        assertThat(meta.actions().list(org)).isEmpty();
        assertThat(rejudging.judged()).isEqualTo(1);
        assertThat(rejudging.different()).isZero();
    }

    @Test
    void in_enforce_mode_it_says_what_was_done_and_the_flag_is_there() throws Exception {
        policy("enforce", KILL_BASH);
        take(deviation(
                "bash",
                "dev:org:AAZb_uGAz0A:1",
                "[{\"type\":\"agentKillProcess\",\"uid\":\"action:abc\",\"result_code\":0,\"result\":\"killed\"}]"));
        assertThat(lines())
                .containsExactly(
                        "Process \"bash\" using executable \"/usr/bin/bash\" deviated from policy \"mongo-policy\".",
                        "Initiated \"agentKillProcess\" action for \"" + REF + "\".",
                        "Completed \"agentKillProcess\" action for \"" + REF + "\". Result: killed.",
                        "Initiated \"makeRedFlag\" action for \"" + REF + "\".");
        var flag = records("event_redflag").getFirst();
        assertThat(flag.text("flag_class")).isEqualTo("redflag/proc/guardian/high_severity/deviation/container");
        assertThat(flag.text("ref")).isEqualTo(REF);
        assertThat(flag.text("id")).startsWith("event_alert:WhfD6bTSCB8:AAAAAGqxO4A:4120.1:policy_deviation-");
        assertThat(meta.actions().get(org, "action:abc")).isPresent();
    }

    @Test
    void an_action_that_is_reported_later_adds_its_lines_and_nothing_else() throws Exception {
        policy("enforce", KILL_BASH);
        var first = deviation("bash", "dev:org:AAZb_uGAz0A:1", "[]");
        take(first);
        take(deviation(
                        "bash",
                        "dev:org:AAZb_uGAz0A:1",
                        "[{\"type\":\"agentKillProcess\",\"result_code\":3,\"result\":\"guarded\"}]")
                .with("version", Json.of(2)));
        assertThat(lines())
                .containsExactly(
                        "Process \"bash\" using executable \"/usr/bin/bash\" deviated from policy \"mongo-policy\".",
                        "Initiated \"agentKillProcess\" action for \"" + REF + "\".",
                        "Failed \"agentKillProcess\" action for \"" + REF + "\". Result: guarded.",
                        "Initiated \"makeRedFlag\" action for \"" + REF + "\".");
        assertThat(records("event_redflag")).hasSize(1);
    }

    @Test
    void only_what_the_selector_names_takes_the_action() throws Exception {
        policy("audit", KILL_BASH);
        take(deviation("nc", "dev:org:AAZb_uGAz0A:1", "[]"));
        assertThat(lines()).hasSize(2).noneMatch(line -> line.contains("agentKillProcess"));
    }

    @Test
    void the_same_deviation_again_changes_nothing_also_after_a_restart() throws Exception {
        policy("enforce", DEFAULT_FLAG);
        var deviation = deviation("nc", "dev:org:AAZb_uGAz0A:1", "[]");
        take(deviation);
        var before = lines();
        take(deviation);
        restart();
        take(deviation.with("time", Json.of(1_790_000_050)));
        assertThat(lines()).isEqualTo(before).hasSize(2);
        assertThat(records("event_redflag")).hasSize(1);
        assertThat(records("event_deviation")).hasSize(1);
    }

    @Test
    void beyond_a_hundred_an_hour_only_a_count_grows_and_one_line_ends_it() throws Exception {
        policy("audit", DEFAULT_FLAG);
        for (int i = 0; i < 105; i++) {
            take(deviation("nc", "dev:org:AAZb_uGAz0A:" + i, "[]").with("ref", Json.of(REF + i)));
        }
        assertThat(lines()).hasSize(200);
        later(Duration.ofHours(1));
        assertThat(records("event_deviation")).hasSize(100);
        assertThat(records("event_deviation").stream()
                        .mapToLong(found ->
                                found.number("count").map(Json.Num::asLong).orElse(1L))
                        .sum())
                .isEqualTo(105);
        assertThat(lines())
                .hasSize(201)
                .last()
                .isEqualTo(
                        "(audit mode): Process \"nc\" using executable \"/usr/bin/nc\" deviated from policy \"mongo-policy\". … and 5 more");
    }

    @Test
    void a_count_that_agents_raise_is_exact_and_told_in_one_line() throws Exception {
        policy("audit", DEFAULT_FLAG);
        // Two machines in the same flood: each has a hundred records and raises the count of its last.
        for (String machine : List.of("A", "B")) {
            for (int i = 0; i < 100; i++) {
                take(deviation("nc", "dev:org:" + machine + ":" + i, "[]").with("ref", Json.of(REF + machine + i)));
            }
        }
        for (int raised = 2; raised <= 50; raised += 6) {
            for (String machine : List.of("A", "B")) {
                take(deviation("nc", "dev:org:" + machine + ":99", "[]")
                        .with("version", Json.of(raised))
                        .with("count", Json.of(raised)));
                later(Duration.ofSeconds(6));
            }
        }
        later(Duration.ofHours(1));
        assertThat(records("event_deviation").stream()
                        .mapToLong(found ->
                                found.number("count").map(Json.Num::asLong).orElse(1L))
                        .sum())
                .isEqualTo(200 + 2 * 49);
        assertThat(lines()).last().asString().endsWith("… and " + (100 + 2 * 49) + " more");
    }

    @Test
    void who_was_killed_is_told_beyond_the_limit_too() throws Exception {
        policy("enforce", KILL_BASH);
        for (int i = 0; i < 105; i++) {
            take(deviation("bash", "dev:org:AAZb_uGAz0A:" + i, "[]").with("ref", Json.of(REF + i)));
        }
        String killed = "[{\"type\":\"agentKillProcess\",\"result_code\":0,\"result\":\"killed\"}]";
        take(deviation("bash", "dev:org:AAZb_uGAz0A:200", killed));
        assertThat(lines()).contains("Completed \"agentKillProcess\" action for \"" + REF + "\". Result: killed.");
    }

    @Test
    void what_could_not_be_stored_is_made_again() throws Exception {
        policy("audit", DEFAULT_FLAG);
        var deviation = deviation("nc", "dev:org:AAZb_uGAz0A:1", "[]");
        consequences.take(new Replay.Item(new Sender(org, "agent:a", ""), 0, deviation, deviation.toText()));
        consequences.flush(now, _ -> {});
        consequences.abandoned();
        take(deviation);
        assertThat(lines()).hasSize(2);
    }

    @Test
    void a_verdict_that_differs_from_ours_raises_an_alarm() throws Exception {
        policy("audit", DEFAULT_FLAG);
        take(deviation("nc", "dev:org:AAZb_uGAz0A:1", "[]").with("checksum", Json.of("f".repeat(32))));
        assertThat(rejudging.different()).isEqualTo(1);
        assertThat(records("event_agent_health"))
                .singleElement()
                .satisfies(found -> assertThat(found.text("message")).contains("otherwise"));
    }

    @Test
    void a_deviation_from_a_policy_of_nobody_is_stored_and_nothing_follows() throws Exception {
        take(deviation("nc", "dev:org:AAZb_uGAz0A:1", "[]"));
        assertThat(records("event_deviation")).hasSize(1);
        assertThat(lines()).isEmpty();
        assertThat(consequences.unknownPolicies()).isEqualTo(1);
    }

    private void policy(String newMode, String response) throws Exception {
        mode = newMode;
        var document = document(newMode, response);
        meta.policies()
                .insert(new Stored(
                        org,
                        "pol:p",
                        1,
                        "mongo-policy",
                        "container",
                        document,
                        List.of(),
                        START,
                        "me",
                        START,
                        "me",
                        "created",
                        false));
    }

    private static Json.Obj document(String policyMode, String response) throws Exception {
        return JsonReader.readObject("""
                {"apiVersion":"spyderbat/v1","kind":"SpyderbatPolicy",\
                "metadata":{"name":"mongo-policy","type":"container","uid":"pol:p","version":1},\
                "spec":{"containerSelector":{"image":"docker.io/library/mongo:*"},"mode":"%s",\
                "processPolicy":[{"name":"mongod","exe":["/usr/bin/mongod"],"id":"mongod_0","euser":["mongo"]}],\
                "networkPolicy":{"egress":[],"ingress":[]},"response":{%s}}}""".formatted(policyMode, response));
    }

    /** What an agent sends, judged as an agent judges. */
    private Json.Obj deviation(String name, String id, String actions) throws Exception {
        var policy = workloadPolicy();
        var compiled = CompiledPolicy.compile(policy);
        var root = compiled.root("mongod", "/usr/bin/mongod", "mongo");
        var image = compiled.child(root, name, "/usr/bin/" + name, "mongo");
        var found = new Deviations(compiled)
                .process(List.of(
                        new Observed("mongod", "/usr/bin/mongod", "mongo", root),
                        new Observed(name, "/usr/bin/" + name, "mongo", image)));
        return JsonReader.readObject("""
                {"id":"%s","schema":"event_deviation:workload:1.0.0","time":1790000000,"version":1,"checksum":"%s",\
                "description":%s,"short_description":"x","policy_uid":"pol:p","policy_name":"mongo-policy",\
                "policy_type":"container","policy_mode":"%s","policy_version":1,"ref":"%s","muid":"mach:WhfD6bTSCB8",\
                "container_uid":"cont:c","container_id":"abc","image":"docker.io/library/mongo:latest",\
                "deviation":%s,"inputs":{"chain":[{"name":"mongod","exe":"/usr/bin/mongod","euser":"mongo"},\
                {"name":"%s","exe":"/usr/bin/%s","euser":"mongo"}]},"count":1,"actions":%s}""".formatted(
                        id,
                        found.checksum(),
                        Json.of(found.description()).toText(),
                        mode,
                        REF,
                        found.document(id).toText(),
                        name,
                        name,
                        actions));
    }

    private static WorkloadPolicy workloadPolicy() throws Exception {
        return Documents.parse(document("audit", DEFAULT_FLAG)).documents().stream()
                .map(found -> ((WorkloadDocument) found.resource()).policy())
                .findFirst()
                .orElseThrow();
    }

    private void take(Json.Obj entry) {
        var item = new Replay.Item(new Sender(org, "agent:a", ""), Micros.of(now), entry, entry.toText());
        var rows = new ArrayList<Row>();
        if (consequences.take(item)) {
            rows.add(Row.of(org, entry));
        }
        consequences.flush(now, rows::add);
        history.commit(rows, history.applied() + 1);
        consequences.committed();
    }

    private void later(Duration time) {
        now = now.plus(time);
        var rows = new ArrayList<Row>();
        consequences.flush(now, rows::add);
        history.commit(rows, history.applied() + 1);
    }

    private List<Json.Obj> records(String schema) {
        return history.list(
                HistoryQuery.of(org, schema, new Window(0, 2e9)).withOrder(HistoryQuery.Order.TIME_THEN_ID));
    }

    private List<String> lines() {
        return records("event_log").stream().map(found -> found.text("message")).toList();
    }
}
