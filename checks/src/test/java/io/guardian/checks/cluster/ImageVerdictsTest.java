package io.guardian.checks.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.guardian.checks.fixture.Api;
import io.guardian.checks.fixture.Cleanup;
import io.guardian.checks.fixture.Eventually;
import io.guardian.checks.fixture.GuardianRun;
import io.guardian.checks.fixture.Requirements;
import io.guardian.checks.fixture.kube.KubeApi;
import io.guardian.checks.fixture.kube.KubeObjects;
import io.guardian.checks.fixture.kube.WatchedCluster;
import io.guardian.core.text.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;

/**
 * Every way in which an image may come into a cluster: the verdict of the cluster's policy and its explanation, with
 * the monitor's program and the server's. No node has an agent here; {@code ClusterTutorialTest} has one with and one
 * without.
 */
@Tag("kernel")
@TestInstance(Lifecycle.PER_CLASS)
class ImageVerdictsTest {
    private static final String REDIS = "docker.io/library/redis:7";
    private static final String KNOWN = "sha256:" + "a".repeat(64);
    private static final String OTHER = "sha256:" + "b".repeat(64);
    private static final String BY_DIGEST = "docker.io/library/nginx@" + KNOWN;
    private static final String POLICY = """
            apiVersion: spyderbat/v1
            items:
            - apiVersion: spyderbat/v1
              kind: SpyderbatRuleset
              metadata: {name: shop-images, type: cluster}
              spec:
                rules:
                - namespaceSelector:
                    matchLabels: {kubernetes.io/metadata.name: dev}
                  verb: allow
                  target: container::image
                  values: ['%s', '%s']
            - apiVersion: spyderbat/v1
              kind: SpyderbatPolicy
              metadata: {name: shop-policy, type: cluster}
              spec:
                enabled: true
                mode: audit
                clusterSelector:
                  matchFields: {name: shop}
                rulesets: [shop-images]
                response:
                  default:
                  - makeRedFlag: {severity: high}
                  actions: []
            """.formatted(REDIS, BY_DIGEST);

    private static final String DIGESTS = """
            apiVersion: spyderbat/v1
            items:
            - apiVersion: spyderbat/v1
              kind: SpyderbatRuleset
              metadata: {name: shop-digests, type: cluster}
              spec:
                rules:
                - verb: allow
                  target: container::imageID
                  values: ['*']
                - namespaceSelector:
                    matchLabels: {kubernetes.io/metadata.name: pinned}
                  verb: deny
                  target: container::imageID
                  values: ['%s']
            - apiVersion: spyderbat/v1
              kind: SpyderbatPolicy
              metadata: {name: digest-policy, type: cluster}
              spec:
                enabled: true
                mode: audit
                clusterSelector:
                  matchFields: {name: shop}
                rulesets: [shop-digests]
                response: {default: [], actions: []}
            """.formatted(OTHER);

    private final Cleanup cleanup = new Cleanup();
    private final KubeApi kube = KubeApi.start();
    private GuardianRun guardian;
    private Api api;
    private String policy = "";

    @BeforeAll
    void start() throws Exception {
        Requirements.sensor();
        cleanup.keep(kube);
        for (String namespace : List.of("dev", "pinned")) {
            kube.create("namespaces", "", KubeObjects.namespace(namespace, Map.of()));
        }
        kube.create("nodes", "", KubeObjects.node("node-1"));
        var cluster = cleanup.keep(WatchedCluster.start("verdicts", kube));
        guardian = cluster.guardian();
        api = cluster.api();
        policy = apply(POLICY);
    }

    private String apply(String document) throws IOException {
        Files.createDirectories(guardian.data().resolve("work"));
        Files.writeString(guardian.data().resolve("work/policy.yaml"), document);
        String applied = guardian.spyctl("apply -f policy.yaml -y").ok().err();
        var uid = Pattern.compile("pol:[A-Za-z0-9]{20}").matcher(applied);
        assertThat(uid.find()).as(applied).isTrue();
        return uid.group();
    }

    @AfterAll
    void stop() {
        cleanup.close();
    }

    private Json.Obj run(String namespace, String pod, String image) {
        var created = kube.create("pods", namespace, KubeObjects.pod(pod, Map.of("app", pod), Map.of("app", image)));
        return kube.replace("pods", namespace, KubeObjects.running(created, "node-1"));
    }

    private static Json.Obj with(Json.Obj pod, String list, String name, String image) {
        var container = Json.object().put("name", name).put("image", image).build();
        return pod.with("spec", pod.object("spec").with(list, new Json.Arr(List.of(container))));
    }

    /** The one deviation of a pod's container. */
    private Json.Obj deviation(String namespace, String pod, String container) {
        return deviation(policy, namespace, pod, container);
    }

    private Json.Obj deviation(String policyUid, String namespace, String pod, String container) {
        String uid = container(namespace, pod, container).text("id");
        return Eventually.get(
                        "the deviation of " + pod + "/" + container,
                        () -> api.policyRecords(policyUid, "event_deviation").stream()
                                .filter(record -> record.text("ref").equals(uid))
                                .toList(),
                        found -> found.size() == 1)
                .getFirst();
    }

    private Json.Obj container(String namespace, String pod, String name) {
        return Eventually.get(
                        "the container " + pod + "/" + name,
                        () -> api.records("k8s", "model_container").stream()
                                .filter(record -> record.text("pod_namespace").equals(namespace)
                                        && record.text("pod_name").equals(pod)
                                        && record.text("container_name").equals(name))
                                .toList(),
                        found -> !found.isEmpty())
                .getFirst();
    }

    private void assertDeniedByDefault(String namespace, String pod, String container, String image) {
        var deviation = deviation(namespace, pod, container);
        assertThat(deviation.text("description"))
                .isEqualTo("Container image \"" + image + "\" ns:\"" + namespace
                        + "\" cluster:\"shop\" deviated from policy \"shop-policy\".");
        assertThat(deviation.array("explanations").objects())
                .singleElement()
                .satisfies(why -> assertThat(why.text("text"))
                        .isEqualTo("container::image `" + image + "` is denied by default: no rule reaches it"));
        assertThat(deviation
                        .object("deviation")
                        .object("spec")
                        .array("rules")
                        .objects()
                        .getFirst()
                        .array("values")
                        .strings())
                .as("what would allow it")
                .containsExactly(image);
        assertThat(guardian.spyctl("logs policy shop-policy").ok().out())
                .contains("(audit mode): " + deviation.text("description") + "\n");
    }

    /** A pod that is told after others and denied shows that those others were judged before it. */
    private void assertAllowed(String namespace, String pod, String container) {
        String uid = container(namespace, pod, container).text("id");
        run("dev", "after-" + pod, "busybox:1");
        deviation("dev", "after-" + pod, "app");
        assertThat(api.policyRecords(policy, "event_deviation"))
                .noneMatch(record -> record.text("ref").equals(uid));
    }

    @Test
    void a_new_image_in_a_covered_namespace() {
        run("dev", "old", "redis:7");
        assertAllowed("dev", "old", "app");
        run("dev", "new", "nginx:1.29");
        assertDeniedByDefault("dev", "new", "app", "docker.io/library/nginx:1.29");
    }

    @Test
    void a_namespace_made_after_the_policy() {
        kube.create("namespaces", "", KubeObjects.namespace("staging", Map.of()));
        run("staging", "redis", "redis:7");
        assertDeniedByDefault("staging", "redis", "app", REDIS);
    }

    @Test
    void an_image_named_by_digest() {
        run("dev", "pinned", "nginx@" + KNOWN);
        assertAllowed("dev", "pinned", "app");
        run("dev", "moved", "nginx@" + OTHER);
        assertDeniedByDefault("dev", "moved", "app", "docker.io/library/nginx@" + OTHER);
    }

    @Test
    void an_image_named_by_tag_and_digest_is_neither_its_tag_nor_its_digest_alone() {
        run("dev", "both", "nginx:1.29@" + KNOWN);
        assertDeniedByDefault("dev", "both", "app", "docker.io/library/nginx:1.29@" + KNOWN);
        run("dev", "tagged", "redis:7@" + OTHER);
        assertDeniedByDefault("dev", "tagged", "app", REDIS + "@" + OTHER);
    }

    @Test
    void a_rule_on_the_digest_reaches_an_image_that_names_it_before_anything_runs() throws IOException {
        String digests = apply(DIGESTS);
        kube.create("pods", "pinned", KubeObjects.pod("known", Map.of(), Map.of("app", "nginx:1.29@" + KNOWN)));
        kube.create("pods", "pinned", KubeObjects.pod("other", Map.of(), Map.of("app", "nginx:1.29@" + OTHER)));
        assertThat(container("pinned", "known", "app")
                        .array("image_repo_digests")
                        .strings())
                .containsExactly("docker.io/library/nginx@" + KNOWN);
        assertThat(deviation(digests, "pinned", "other", "app")
                        .array("explanations")
                        .objects())
                .singleElement()
                .satisfies(why -> assertThat(why.text("text"))
                        .isEqualTo("container::imageID `" + OTHER
                                + "` is denied by rule 2 of ruleset `shop-digests` (deny `" + OTHER
                                + "` for namespaceSelector {\"matchLabels\":{\"kubernetes.io/metadata.name\":\"pinned\"}});"
                                + " rule 1 of ruleset `shop-digests` (allow `*` everywhere) says the opposite and is outranked: a rule with"
                                + " a selector outranks one without"));
        assertThat(api.policyRecords(digests, "event_deviation")).hasSize(1);
    }

    @Test
    void an_init_container() {
        var pod = KubeObjects.pod("with-init", Map.of(), Map.of("app", "redis:7"));
        kube.create("pods", "dev", with(pod, "initContainers", "setup", "alpine:3.20"));
        assertDeniedByDefault("dev", "with-init", "setup", "docker.io/library/alpine:3.20");
        assertThat(container("dev", "with-init", "setup").text("container_kind"))
                .isEqualTo("init");
        assertAllowed("dev", "with-init", "app");
    }

    @Test
    void an_ephemeral_container() {
        var pod = run("dev", "debugged", "redis:7");
        kube.replace("pods", "dev", with(pod, "ephemeralContainers", "debugger", "busybox"));
        assertDeniedByDefault("dev", "debugged", "debugger", "docker.io/library/busybox:latest");
        assertThat(container("dev", "debugged", "debugger").text("container_kind"))
                .isEqualTo("ephemeral");
        assertAllowed("dev", "debugged", "app");
    }
}
