package io.guardian.checks.tutorial;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import io.guardian.checks.fixture.Eventually;
import io.guardian.checks.fixture.GuardianRun;
import io.guardian.checks.fixture.NetworkNamespaces;
import io.guardian.checks.fixture.PodmanContainers;
import io.guardian.checks.fixture.Requirements;
import io.guardian.checks.fixture.Stage;
import io.guardian.checks.fixture.Table;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer.OrderAnnotation;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.TestMethodOrder;

/** Locking a workload down, from its fingerprints to a killed process. */
@Tag("container")
@TestInstance(Lifecycle.PER_CLASS)
@TestMethodOrder(OrderAnnotation.class)
class WorkloadTutorialTest {
    private static final String SERVER = "192.168.0.10";
    private static final List<String> CLIENTS =
            List.of("192.168.0.229", "192.168.1.146", "192.168.2.221", "192.168.4.31");
    private static final String HEAD = """
            apiVersion: spyderbat/v1
            kind: SpyderbatPolicy
            metadata:
              latestTimestamp: TIME
              name: mongo-policy
              type: container
            """;
    private static final String ACTIONS = """
              response:
                default:
                - makeRedFlag:
                    severity: high
                actions:
                - agentKillProcess:
                    processSelector:
                      name:
                      - bash
            """;

    private Stage stage;
    private NetworkNamespaces network;
    private PodmanContainers podman;
    private GuardianRun guardian;
    private String imageId = "";
    private String policyUid = "";

    @BeforeAll
    void start() {
        Requirements.containers();
        stage = Stage.open("tutorial", "mongo.tar", "redis.tar");
        network = stage.keep(NetworkNamespaces.create(SERVER + "/16"));
        podman = stage.podman();
        guardian = stage.guardian();
        String second = network.client("192.168.0.11/16");
        podman.run("orders-db", "docker.io/library/mongo:latest", network.serverNetwork());
        podman.run("users-db", "docker.io/library/mongo:latest", "ns:/run/netns/" + second);
        podman.run("shop-cache", "docker.io/library/redis:7", "none");
        imageId = podman.inspect("orders-db", "{{.Image}}");
        CLIENTS.forEach(this::ask);
    }

    @AfterAll
    void stop() {
        if (stage != null) {
            stage.close();
        }
    }

    private void ask(String client) {
        network.ask(network.client(client + "/16"), SERVER);
    }

    /**
     * What of a policy says what is allowed.
     *
     * @param image lines of its selector
     * @param blocks who may connect
     */
    private static String spec(String image, List<String> blocks) {
        String from = blocks.stream()
                .map("      - ipBlock:\n          cidr: %s\n"::formatted)
                .collect(joining());
        return """
                spec:
                  containerSelector:
                    %s
                  mode: audit
                  processPolicy:
                  - name: memcached
                    exe:
                    - /usr/bin/memcached
                    id: memcached_0
                    euser:
                    - mongo
                  networkPolicy:
                    egress: []
                    ingress:
                    - from:
                %s      processes:
                      - memcached_0
                      ports:
                      - protocol: TCP
                        port: 27017
                  response:
                    default:
                    - makeRedFlag:
                        severity: high
                    actions: []
                """.formatted(image, from);
    }

    private Table fingerprints() {
        return Table.of(
                guardian.spyctl("get fingerprints --type container docker").ok().out());
    }

    @Test
    @Order(1)
    void fingerprints_are_listed_and_not_covered() {
        var table = Eventually.get(
                "fingerprints of two mongo containers and a redis",
                this::fingerprints,
                seen -> seen.cell("IMAGE_NAME:TAG", "mongo:latest", "COVERED_BY_POLICY")
                                .equals("0/2")
                        && seen.row("IMAGE_NAME:TAG", "redis:7").isPresent());
        assertThat(table.columns())
                .containsExactly("IMAGE_NAME:TAG", "IMAGEID", "REPO", "COVERED_BY_POLICY", "LATEST_TIMESTAMP");
        var row = table.row("IMAGE_NAME:TAG", "mongo:latest").orElseThrow();
        assertThat(row).containsEntry("IMAGEID", imageId.substring(0, 12)).containsEntry("REPO", "docker.io/library");
        assertThat(row.get("LATEST_TIMESTAMP")).matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\dZ");
        assertThat(guardian.spyctl("get fingerprints --type container docker").err())
                .matches("(?s)Getting fingerprints from \\S+Z to \\S+Z\\n.*");
    }

    @Test
    @Order(2)
    void fingerprints_become_a_policy_in_a_file() throws Exception {
        Eventually.get(
                "all four clients in the fingerprint",
                () -> guardian.shell(
                                "spyctl get fingerprints --type container -o yaml mongo:latest > fprints.yaml && cat fprints.yaml")
                        .ok()
                        .out(),
                yaml -> CLIENTS.stream().allMatch(client -> yaml.contains(client + "/32")));
        var created = guardian.shell(
                        "spyctl create policy --from-file fprints.yaml --name mongo-policy --mode audit > policy.yaml")
                .ok();
        assertThat(created.out()).isEmpty();
        String policy = Files.readString(guardian.data().resolve("work/policy.yaml"));
        assertThat(policy.replaceFirst("latestTimestamp: [0-9.]+", "latestTimestamp: TIME"))
                .isEqualTo(HEAD
                        + spec(
                                "image: docker.io/library/mongo:latest\n    imageID: sha256:" + imageId,
                                CLIENTS.stream().map(client -> client + "/32").toList()));
    }

    @Test
    @Order(3)
    void the_policy_is_generalised_in_the_editor() throws Exception {
        editor(
                "sed -i -e '/imageID:/d' -e 's/mongo:latest/mongo:*/' -e '/ipBlock/d' "
                        + "-e 's|    cidr: 192.168.0.229/32|- ipBlock:\\n          cidr: 192.168.0.0/16|' -e '/cidr: .*\\/32/d' \"$1\"");
        var edited = guardian.shell("EDITOR=./editor spyctl edit policy.yaml").ok();
        assertThat(edited.err()).contains("Successfully edited resource file 'policy.yaml'");
        assertThat(Files.readString(guardian.data().resolve("work/policy.yaml")))
                .contains("""
                  containerSelector:
                    image: docker.io/library/mongo:*
                  mode: audit
                """)
                .contains("""
                    - from:
                      - ipBlock:
                          cidr: 192.168.0.0/16
                      processes:
                      - memcached_0
                """);
    }

    private void editor(String command) throws Exception {
        Path file = guardian.data().resolve("work/editor");
        Files.writeString(file, "#!/bin/sh\n" + command + "\n");
        assertThat(file.toFile().setExecutable(true)).isTrue();
    }

    @Test
    @Order(4)
    void applying_it_covers_both_containers() {
        var applied = guardian.spyctl("apply -f policy.yaml").ok();
        assertThat(applied.err())
                .containsPattern("Successfully applied new container guardian policy with uid: pol:[A-Za-z0-9]{20}");
        var policies = Table.of(guardian.spyctl("get policies").ok().out());
        assertThat(policies.columns()).containsExactly("UID", "NAME", "STATUS", "TYPE", "VERSION", "CREATE_TIME");
        var row = policies.row("NAME", "mongo-policy").orElseThrow();
        assertThat(row)
                .containsEntry("STATUS", "Auditing")
                .containsEntry("TYPE", "container")
                .containsEntry("VERSION", "1");
        policyUid = policies.cell("NAME", "mongo-policy", "UID");
        assertThat(fingerprints().cell("IMAGE_NAME:TAG", "mongo:latest", "COVERED_BY_POLICY"))
                .isEqualTo("2/2");
        assertThat(fingerprints().cell("IMAGE_NAME:TAG", "redis:7", "COVERED_BY_POLICY"))
                .isEqualTo("0/1");
    }

    @Test
    @Order(5)
    void the_applied_policy_is_shown_by_its_bare_uid() {
        String yaml = guardian.spyctl("get policies -o yaml " + policyUid.substring("pol:".length()))
                .ok()
                .out();
        assertThat(yaml).startsWith("apiVersion: spyderbat/v1\nkind: SpyderbatPolicy\nmetadata:\n");
        assertThat(yaml).contains("  uid: " + policyUid).containsPattern("  creationTimestamp: \\d+");
        assertThat(yaml.substring(yaml.indexOf("spec:\n")))
                .isEqualTo(spec("image: docker.io/library/mongo:*", List.of("192.168.0.0/16")));
    }

    private String policyLog() {
        return stage.policyLog("mongo-policy");
    }

    @Test
    @Order(6)
    void in_audit_mode_a_deviation_is_logged_and_nothing_dies() {
        var shell = podman.exec("orders-db", "bash", "-c", "echo alive; true");
        assertThat(shell.code()).isZero();
        assertThat(shell.out()).isEqualTo("alive\n");
        String log = Eventually.get("bash in the log", this::policyLog, text -> text.contains("Would have initiated"));
        assertThat(log)
                .contains(
                        "(audit mode): Process \"bash\" using executable \"/bin/bash\" deviated from policy \"mongo-policy\".\n")
                .containsPattern("\\(audit mode\\): Would have initiated \"makeRedFlag\" action for \"proc:[^\"]+\"\\."
                        + " Not initiated due to \"audit\" mode\\.\n")
                .doesNotContain("Initiated \"makeRedFlag\"");
        var deviations = Table.of(guardian.spyctl("get deviations").ok().out());
        assertThat(deviations.cell("NAME", "mongo-policy", "DEVIATIONS_(UNIQ/TOT)"))
                .isEqualTo("1/1");
    }

    @Test
    @Order(7)
    void a_client_of_the_allowed_block_is_no_deviation() {
        String before = policyLog();
        ask("192.168.77.5");
        podman.exec("orders-db", "bash", "-c", "exit 3");
        Eventually.get(
                "the second bash, which came after the client",
                () -> guardian.spyctl("get deviations --non-unique -o ndjson")
                        .ok()
                        .out(),
                text -> text.lines().count() >= 2);
        assertThat(policyLog()).startsWith(before).doesNotContain("Ingress");
    }

    @Test
    @Order(8)
    void the_live_policy_gets_an_action_in_the_editor() throws Exception {
        editor("awk '/^  response:/{exit} {print}' \"$1\" > new && printf '%s' \"$ACTIONS\" >> new && "
                + "sed -i 's/mode: audit/mode: enforce/' new && cat new > \"$1\"");
        var edited = guardian.shell(
                        "EDITOR=./editor spyctl edit policy " + policyUid + " --yes", Map.of("ACTIONS", ACTIONS))
                .ok();
        assertThat(edited.err()).contains("Successfully edited container-policy '" + policyUid + "'");
        var row = Table.of(guardian.spyctl("get policies").ok().out())
                .row("UID", policyUid)
                .orElseThrow();
        assertThat(row).containsEntry("STATUS", "Enforcing").containsEntry("VERSION", "2");
        assertThat(guardian.spyctl("get policies -o yaml " + policyUid).ok().out())
                .endsWith(ACTIONS);
    }

    @Test
    @Order(9)
    void in_enforce_mode_only_bash_dies_and_the_rest_is_flagged() {
        Eventually.get(
                "the agent to know version 2",
                () -> podman.exec("orders-db", "bash", "-c", "sleep 20; true"),
                ended -> ended.code() == 137);
        assertThat(podman.exec("orders-db", "dash", "-c", "sleep 1; true").code())
                .isZero();
        String log = Eventually.get(
                "the kill and its result",
                this::policyLog,
                text -> text.contains("Completed \"agentKillProcess\"") && text.contains("Process \"dash\" using"));
        assertThat(log)
                .contains("\nProcess \"bash\" using executable \"/bin/bash\" deviated from policy \"mongo-policy\".\n")
                .containsPattern("\nInitiated \"agentKillProcess\" action for \"proc:[^\"]+\"\\.\n")
                .containsPattern("\nInitiated \"makeRedFlag\" action for \"proc:[^\"]+\"\\.\n");
        assertThat(Eventually.get(
                        "red flags",
                        () -> guardian.spyctl("get redflags").ok().out(),
                        text -> text.contains("guardian")))
                .contains("high");
        assertThat(podman.running()).contains("orders-db", "users-db", "shop-cache");
        ask("192.168.88.5");
    }
}
