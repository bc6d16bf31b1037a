package io.guardian.checks.tutorial;

import static org.assertj.core.api.Assertions.assertThat;

import io.guardian.checks.fixture.Api;
import io.guardian.checks.fixture.Cleanup;
import io.guardian.checks.fixture.Containerd;
import io.guardian.checks.fixture.Eventually;
import io.guardian.checks.fixture.GuardianRun;
import io.guardian.checks.fixture.Images;
import io.guardian.checks.fixture.Requirements;
import io.guardian.checks.fixture.Shell;
import io.guardian.checks.fixture.Table;
import io.guardian.checks.fixture.TestCgroup;
import io.guardian.checks.fixture.kube.KubeApi;
import io.guardian.checks.fixture.kube.KubeNode;
import io.guardian.checks.fixture.kube.KubeObjects;
import io.guardian.core.text.Json;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer.OrderAnnotation;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.TestMethodOrder;

/**
 * Guardrails around a cluster, from the list of clusters to a pod that is killed for its image. The API server is the
 * fixture's, over HTTP; the pods run in containerd.
 */
@Tag("container")
@TestInstance(Lifecycle.PER_CLASS)
@TestMethodOrder(OrderAnnotation.class)
class ClusterTutorialTest {
    private static final String DEMO = "docker.io/guyduchatelet/spyderbat-demo:";
    private static final String MONGO = "docker.io/library/mongo:latest";
    private static final String DNS = "registry.k8s.io/coredns/coredns:v1.11.1";
    private static final String TIME = "\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\dZ";
    private static final String POLICY = """
            apiVersion: spyderbat/v1
            items:
            - apiVersion: spyderbat/v1
              kind: SpyderbatRuleset
              metadata:
                name: demo-cluster_ruleset
                type: cluster
              spec:
                rules:
                - namespaceSelector:
                    matchExpressions:
                    - {key: kubernetes.io/metadata.name, operator: In, values: [rsvp-svc-dev, rsvp-svc-prod]}
                  verb: allow
                  target: container::image
                  values:
                  - docker.io/guyduchatelet/spyderbat-demo:1
                  - docker.io/library/mongo:latest
                - namespaceSelector:
                    matchLabels:
                      kubernetes.io/metadata.name: kube-system
                  verb: allow
                  target: container::image
                  values:
                  - registry.k8s.io/coredns/coredns:v1.11.1
            - apiVersion: spyderbat/v1
              kind: SpyderbatPolicy
              metadata:
                name: demo-cluster-policy
                type: cluster
              spec:
                enabled: true
                mode: audit
                clusterSelector:
                  matchFields:
                    name: demo-cluster
                rulesets:
                - demo-cluster_ruleset
                response:
                  default:
                  - makeRedFlag:
                      severity: high
                  actions: []
            """;

    private final Cleanup cleanup = new Cleanup();
    private KubeApi kube = KubeApi.start();
    private KubeNode node;
    private GuardianRun guardian;
    private String containerUid = "";

    @BeforeAll
    void start() throws Exception {
        Requirements.containerd();
        cleanup.keep(kube);
        Path folder = Files.createTempDirectory("gc");
        cleanup.keep(() -> Shell.run("rm", "-rf", folder.toString()));
        var cgroup = cleanup.keep(TestCgroup.create("clustertutorial"));
        var containerd = cleanup.keep(Containerd.start(folder.resolve("c"), cgroup));
        for (String image : List.of("pause.tar", "redis.tar", "mongo.tar")) {
            containerd.load("k8s.io", Images.folder().resolve(image));
        }
        for (String name : List.of(DEMO + "1", DEMO + "2", DEMO + "3", DNS)) {
            containerd
                    .ctr("k8s.io", "images", "tag", "docker.io/library/redis:7", name)
                    .ok();
        }
        node = new KubeNode(kube, containerd, "node-1");
        for (String namespace : List.of("rsvp-svc-dev", "rsvp-svc-prod")) {
            node.deploy(namespace, "rsvp-web", DEMO + "1");
            node.deploy(namespace, "rsvp-db", MONGO);
        }
        node.deploy("kube-system", "coredns", DNS);
        guardian = cleanup.keep(GuardianRun.start(
                folder.resolve("data"),
                cgroup,
                List.of(
                        "--cri-socket",
                        containerd.socket().toString(),
                        "--containerd-state",
                        containerd.state().toString(),
                        "--kubeconfig",
                        kube.kubeconfig(folder.resolve("kubeconfig")).toString(),
                        "--cluster-name",
                        "demo-cluster")));
    }

    @AfterAll
    void stop() {
        cleanup.close();
    }

    @Test
    @Order(1)
    void clusters_are_listed() {
        var listed = guardian.spyctl("get clusters").ok();
        var table = Table.of(listed.out());
        assertThat(listed.err()).contains("Getting clusters");
        assertThat(table.columns()).containsExactly("NAME", "UID", "CLUSTER_ID", "FIRST_SEEN", "LAST_DATA");
        var row = table.row("NAME", "demo-cluster").orElseThrow();
        assertThat(row.get("UID")).matches("clus:[A-Za-z0-9_-]{11}");
        assertThat(row)
                .containsEntry(
                        "CLUSTER_ID",
                        kube.find("namespaces", "", "kube-system")
                                .orElseThrow()
                                .object("metadata")
                                .text("uid"));
        assertThat(row.get("FIRST_SEEN")).matches(TIME);
        assertThat(row.get("LAST_DATA")).matches(TIME);
    }

    @Test
    @Order(2)
    void policy_and_ruleset_are_generated_in_the_three_ways_of_scoping() throws Exception {
        String policy = Eventually.get(
                "rules for all five workloads",
                () -> {
                    guardian.shell("spyctl create cluster-policy -C demo-cluster --namespace -n demo-cluster-policy"
                                    + " > cluster-policy.yaml")
                            .ok();
                    return read("cluster-policy.yaml");
                },
                text -> text.equals(POLICY));
        assertThat(policy).isEqualTo(POLICY);
        var created = guardian.spyctl("create cluster-policy -C demo-cluster --namespace -n demo-cluster-policy")
                .ok();
        assertThat(created.err())
                .contains("Validating cluster(s) exist within the system.")
                .contains("Creating ruleset for cluster demo-cluster")
                .contains("Generating container rules...")
                .contains("Cluster(s) validated... creating policy.");

        String one = guardian.spyctl("create cluster-policy -C demo-cluster --namespace kube-system -n one")
                .ok()
                .out();
        assertThat(one)
                .contains("kubernetes.io/metadata.name: kube-system", DNS)
                .doesNotContain("mongo");
        String global = guardian.spyctl("create cluster-policy -C demo-cluster -n all")
                .ok()
                .out();
        assertThat(global).contains(DEMO + "1", MONGO, DNS).doesNotContain("namespaceSelector");
    }

    private String read(String file) {
        return Shell.run("cat", guardian.data().resolve("work/" + file).toString())
                .ok()
                .out();
    }

    @Test
    @Order(3)
    void applying_the_file_makes_ruleset_and_policy() {
        var applied = guardian.spyctl("apply -f cluster-policy.yaml").ok();
        assertThat(applied.err())
                .containsPattern("Successfully applied new cluster ruleset with uid: rs:[A-Za-z0-9]{20}")
                .containsPattern("Successfully applied new cluster guardian policy with uid: pol:[A-Za-z0-9]{20}");
        var policies =
                Table.of(guardian.spyctl("get policies --type cluster").ok().out());
        assertThat(policies.columns()).containsExactly("UID", "NAME", "STATUS", "TYPE", "VERSION", "CREATE_TIME");
        var policy = policies.row("NAME", "demo-cluster-policy").orElseThrow();
        assertThat(policy)
                .containsEntry("STATUS", "Auditing")
                .containsEntry("TYPE", "cluster")
                .containsEntry("VERSION", "1");
        assertThat(policy.get("CREATE_TIME")).matches(TIME);
        var rulesets =
                Table.of(guardian.spyctl("get rulesets --type cluster").ok().out());
        assertThat(rulesets.columns()).containsExactly("UID", "NAME", "TYPE", "VERSION", "CREATE_TIME", "LAST_UPDATED");
        assertThat(rulesets.row("NAME", "demo-cluster_ruleset").orElseThrow())
                .containsEntry("TYPE", "cluster")
                .containsEntry("VERSION", "1");
    }

    private String policyLog() {
        return guardian.spyctl("logs policy demo-cluster-policy").ok().out();
    }

    @Test
    @Order(4)
    void in_audit_mode_a_new_image_is_logged_and_its_pod_lives() {
        assertThat(policyLog()).as("what is allowed makes no line").isEmpty();
        var pod = node.deploy("rsvp-svc-dev", "rsvp-next", DEMO + "2");
        String log = Eventually.get(
                "the new image in the log", this::policyLog, text -> text.contains("Would have initiated"));
        assertThat(log)
                .contains("(audit mode): Container image \"" + DEMO + "2\" ns:\"rsvp-svc-dev\" cluster:\"demo-cluster\""
                        + " deviated from policy \"demo-cluster-policy\".\n")
                .containsPattern("\\(audit mode\\): Would have initiated \"makeRedFlag\" action for"
                        + " \"cont:[A-Za-z0-9_-]{11}:[A-Za-z0-9_-]{11}:[0-9a-f]{12}\"\\."
                        + " Not initiated due to \"audit\" mode\\.\n");
        assertThat(node.running()).contains(pod.object("metadata").text("uid"));
        assertThat(kube.deletions()).isEmpty();
    }

    @Test
    @Order(5)
    void a_pod_on_a_node_without_an_agent_is_judged_by_what_it_declares() {
        kube.create("nodes", "", KubeObjects.node("node-2"));
        // on its node from the first moment: a pod is judged as soon as it appears, and the record says what was so
        // then
        var pod = KubeObjects.pod("rsvp-far", Map.of("app", "rsvp-far"), Map.of("rsvp-far", DEMO + "3"));
        kube.create("pods", "rsvp-svc-prod", KubeObjects.running(pod, "node-2"));
        Eventually.get(
                "the line of the pod's image",
                this::policyLog,
                text -> text.contains("(audit mode): Container image \"" + DEMO + "3\" ns:\"rsvp-svc-prod\""
                        + " cluster:\"demo-cluster\" deviated from policy \"demo-cluster-policy\".\n"));
        try (var api = Api.of(guardian)) {
            var deviation = records(api, "audit", "event_deviation").stream()
                    .filter(record -> record.text("pod_name").equals("rsvp-far"))
                    .findFirst()
                    .orElseThrow();
            assertThat(deviation.array("explanations").objects())
                    .singleElement()
                    .satisfies(why -> assertThat(why.text("text"))
                            .isEqualTo("container::image `" + DEMO + "3` is denied by default: no rule reaches it"));
            assertThat(deviation.text("hostname")).isEqualTo("node-2");
            assertThat(deviation.text("muid")).isEmpty();
        }
        kube.delete("pods", "rsvp-svc-prod", "rsvp-far");
    }

    @Test
    @Order(6)
    void nodes_and_pods_name_the_machine_whose_agent_registered() throws Exception {
        var identity = Files.readString(guardian.data().resolve("agent/identity.json"));
        String muid = ((Json.Obj) Api.parse(identity)).text("muid");
        var nodes = Eventually.get(
                "the machine in the table of nodes",
                () -> Table.of(guardian.spyctl("get nodes").ok().out()),
                table -> table.row("NAME", "node-1")
                        .filter(row -> muid.equals(row.get("MUID")))
                        .isPresent());
        assertThat(nodes.row("NAME", "node-2").orElseThrow()).containsEntry("MUID", "N/A");
        String line = "\nmuid: " + muid + "\n";
        assertThat(guardian.spyctl("get nodes node-1 -o yaml").ok().out()).contains(line);
        assertThat(guardian.spyctl("get pods coredns -o yaml").ok().out()).contains(line);
        assertThat(guardian.spyctl("get pods rsvp-far -o yaml").ok().out()).doesNotContain("muid");
    }

    @Test
    @Order(7)
    void the_policy_gets_the_action_in_the_editor() throws Exception {
        Path editor = guardian.data().resolve("work/editor");
        Files.writeString(editor, """
                #!/bin/sh
                sed -i -e 's/mode: audit/mode: enforce/' -e 's/^\\( *\\)actions: \\[\\]/\\1- agentKillPod:\\n\\1actions: []/' "$1"
                """);
        assertThat(editor.toFile().setExecutable(true)).isTrue();
        guardian.shell("EDITOR=./editor spyctl edit policy demo-cluster-policy --yes")
                .ok();
        var row = Table.of(guardian.spyctl("get policies --type cluster").ok().out())
                .row("NAME", "demo-cluster-policy")
                .orElseThrow();
        assertThat(row).containsEntry("STATUS", "Enforcing").containsEntry("VERSION", "2");
        assertThat(guardian.spyctl("get policies --type cluster -o yaml demo-cluster-policy")
                        .ok()
                        .out())
                .contains("- agentKillPod:");
    }

    @Test
    @Order(8)
    void in_enforce_mode_the_pod_is_deleted_once_and_everything_names_one_container() {
        var pod = node.deploy("rsvp-svc-prod", "rsvp-evil", DEMO + "3");
        String uid = pod.object("metadata").text("uid");
        var deletions = Eventually.get(
                "the pod's deletion",
                () -> kube.deletions().stream()
                        .filter(deletion -> deletion.uid().equals(uid))
                        .toList(),
                found -> !found.isEmpty());
        assertThat(deletions).singleElement().satisfies(deletion -> {
            assertThat(deletion.status()).isEqualTo(200);
            assertThat(deletion.precondition()).isEqualTo(uid);
        });
        Eventually.get("the pod to have stopped in containerd", node::running, running -> !running.contains(uid));

        String log = Eventually.get(
                "the kill and its result",
                this::policyLog,
                text -> text.contains("Completed \"agentKillPod\" action for \"rsvp-evil"));
        var line = Pattern.compile("(?m)^Initiated \"makeRedFlag\" action for \"(cont:[^\"]+)\"\\.$")
                .matcher(log);
        containerUid = line.results()
                .map(found -> found.group(1))
                .reduce((first, last) -> last)
                .orElse("");
        assertThat(containerUid).as(log).matches("cont:[A-Za-z0-9_-]{11}:[A-Za-z0-9_-]{11}:[0-9a-f]{12}");
        assertThat(log)
                .contains(
                        "Container image \"" + DEMO + "3\" ns:\"rsvp-svc-prod\" cluster:\"demo-cluster\" deviated from"
                                + " policy \"demo-cluster-policy\".\n")
                .contains("Initiated \"agentKillPod\" action for \"rsvp-evil-5d9c-x2x7k\" pod.\n");
        try (var api = Api.of(guardian)) {
            assertThat(records(api, "redflags", "event_redflag"))
                    .anyMatch(flag -> flag.text("ref").equals(containerUid));
            assertThat(records(api, "audit", "event_deviation"))
                    .anyMatch(deviation -> deviation.toText().contains("\"" + containerUid + "\""));
        }
        assertThat(kube.deletions().stream().filter(deletion -> deletion.uid().equals(uid)))
                .as("still deleted only once")
                .hasSize(1);
    }

    private static List<Json.Obj> records(Api api, String dataType, String schema) {
        return Eventually.get(schema, () -> api.records(dataType, schema), found -> !found.isEmpty());
    }
}
