package io.guardian.checks.tutorial;

import static org.assertj.core.api.Assertions.assertThat;

import io.guardian.checks.fixture.Api;
import io.guardian.checks.fixture.CriPods;
import io.guardian.checks.fixture.Eventually;
import io.guardian.checks.fixture.PodSpec;
import io.guardian.checks.fixture.PodStage;
import io.guardian.checks.fixture.Requirements;
import io.guardian.checks.fixture.Table;
import java.io.IOException;
import java.nio.file.Files;
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

/** One image in two Kubernetes namespaces, each with a policy of its own. */
@Tag("container")
@TestInstance(Lifecycle.PER_CLASS)
@TestMethodOrder(OrderAnnotation.class)
class NamespaceTutorialTest {
    private static final String MONGO = "docker.io/library/mongo:latest";
    private static final String DEV_CLIENT = "192.168.1.146";
    private static final String PROD_CLIENT = "192.168.4.31";

    private PodStage stage;
    private String devClient = "";
    private String prodClient = "";
    private Running dev;
    private Running gold;
    private Running silver;

    /** A pod with one container in it. */
    private record Running(String container, String address) {}

    @BeforeAll
    void start() {
        Requirements.containerd();
        stage = PodStage.open("namespaces", List.of("mongo.tar"));
        dev = run("dev", "orders-0", "gold");
        gold = run("prod", "orders-0", "gold");
        silver = run("prod", "orders-1", "silver");
        devClient = stage.client(DEV_CLIENT + "/16");
        prodClient = stage.client(PROD_CLIENT + "/16");
        stage.ask(devClient, dev.address());
        stage.ask(prodClient, gold.address());
        stage.ask(prodClient, silver.address());
    }

    @AfterAll
    void stop() {
        if (stage != null) {
            stage.close();
        }
    }

    private Running run(String namespace, String name, String tier) {
        CriPods pods = stage.containerd().pods();
        var pod = pods.run(PodSpec.of("u-" + namespace + "-" + name, name, namespace)
                .labels(Map.of("app", "orders", "tier", tier))
                .ownNetwork());
        return new Running(pods.start(pod, "db", 0, MONGO, List.of()), pods.address(pod));
    }

    private String shell(String line) {
        return stage.guardian().shell(line).ok().out();
    }

    private String covered(String options) {
        return Table.of(shell("spyctl get fingerprints --type container " + options + " mongo:latest"))
                .cell("IMAGE_NAME:TAG", "mongo:latest", "COVERED_BY_POLICY");
    }

    private String file(String name) throws IOException {
        return Files.readString(stage.guardian().data().resolve("work").resolve(name));
    }

    /** Downloads the fingerprints of a namespace until all its pods and their clients are in it. */
    private String download(String namespace, int fingerprints, String client) {
        return Eventually.get(
                "the fingerprints of " + namespace,
                () -> shell("spyctl get fingerprints --type container -o yaml --namespace " + namespace
                        + " mongo:latest > fprints-" + namespace + ".yaml && cat fprints-" + namespace + ".yaml"),
                yaml -> count(yaml, "kind: SpyderbatFingerprint") == fingerprints
                        && count(yaml, client + "/32") == fingerprints);
    }

    private static long count(String text, String part) {
        return text.lines().filter(line -> line.contains(part)).count();
    }

    @Test
    @Order(1)
    void each_namespace_has_its_own_fingerprints() {
        String devPrints = download("dev", 1, DEV_CLIENT);
        String prodPrints = download("prod", 2, PROD_CLIENT);
        assertThat(count(devPrints, "kubernetes.io/metadata.name: dev")).isEqualTo(1);
        assertThat(devPrints).doesNotContain(PROD_CLIENT).doesNotContain("metadata.name: prod");
        assertThat(count(prodPrints, "kubernetes.io/metadata.name: prod")).isEqualTo(2);
        assertThat(prodPrints).doesNotContain(DEV_CLIENT).doesNotContain("metadata.name: dev");
        assertThat(covered("")).isEqualTo("0/3");
        assertThat(covered("--namespace dev")).isEqualTo("0/1");
        assertThat(covered("--namespace prod")).isEqualTo("0/2");
    }

    @Test
    @Order(2)
    void fingerprints_of_one_namespace_make_a_policy_for_that_namespace() throws IOException {
        shell("spyctl create policy --from-file fprints-dev.yaml --name mongo-dev --mode audit > dev.yaml");
        shell("spyctl create policy --from-file fprints-prod.yaml --name mongo-prod --mode audit > prod.yaml");
        assertThat(file("dev.yaml"))
                .contains("""
                  podSelector:
                    matchLabels:
                      app: orders
                      tier: gold
                  namespaceSelector:
                    matchLabels:
                      kubernetes.io/metadata.name: dev
                """)
                .contains("cidr: " + DEV_CLIENT + "/32")
                .doesNotContain(PROD_CLIENT);
        assertThat(file("prod.yaml"))
                .contains("""
                  podSelector:
                    matchLabels:
                      app: orders
                  namespaceSelector:
                    matchLabels:
                      kubernetes.io/metadata.name: prod
                """)
                .contains("cidr: " + PROD_CLIENT + "/32")
                .doesNotContain(DEV_CLIENT);
    }

    @Test
    @Order(3)
    void fingerprints_of_both_make_a_policy_for_any_namespace() throws IOException {
        shell(
                "spyctl create policy --from-file fprints-dev.yaml --from-file fprints-prod.yaml --name both > both.yaml");
        assertThat(file("both.yaml"))
                .doesNotContain("namespaceSelector")
                .contains("  podSelector:\n    matchLabels:\n      app: orders\n")
                .contains("cidr: " + DEV_CLIENT + "/32")
                .contains("cidr: " + PROD_CLIENT + "/32");
    }

    private String apply(String file) {
        String said = stage.guardian().spyctl("apply -f " + file).ok().err();
        assertThat(said).containsPattern("with uid: pol:[A-Za-z0-9]{20}");
        return said.substring(said.indexOf("pol:"), said.indexOf("pol:") + 24);
    }

    /** Runs a command in a container that its policy, if it has one, doesn't know. */
    private void deviate(Running pod, String word) {
        assertThat(stage.exec(pod.container(), ": " + word + "; exit 0").code()).isZero();
    }

    private long deviationsOf(String policy, Running pod) {
        try (var api = Api.of(stage.guardian())) {
            return api.policyRecords(policy, "event_deviation").stream()
                    .filter(record -> record.text("container_uid")
                            .endsWith(pod.container().substring(0, 12)))
                    .count();
        }
    }

    @Test
    @Order(4)
    void a_policy_covers_and_judges_the_pods_of_its_namespace_only() {
        String policy = apply("dev.yaml");
        assertThat(covered("")).isEqualTo("1/3");
        assertThat(covered("--namespace dev")).isEqualTo("1/1");
        assertThat(covered("--namespace prod")).isEqualTo("0/2");
        Eventually.get(
                "a deviation in dev",
                () -> {
                    deviate(gold, "first");
                    deviate(dev, "then");
                    return deviationsOf(policy, dev);
                },
                count -> count > 0);
        stage.ask(prodClient, dev.address());
        String log = Eventually.get(
                "the stranger in dev", () -> shell("spyctl logs policy mongo-dev"), text -> text.contains(PROD_CLIENT));
        assertThat(log).doesNotContain(DEV_CLIENT);
        assertThat(deviationsOf(policy, gold)).isZero();
        assertThat(deviationsOf(policy, silver)).isZero();
    }

    @Test
    @Order(5)
    void a_pod_selector_narrows_a_policy_further() {
        shell("sed -i 's/      app: orders/      app: orders\\n      tier: gold/' prod.yaml");
        String policy = apply("prod.yaml");
        assertThat(covered("--namespace prod")).isEqualTo("1/2");
        assertThat(covered("")).isEqualTo("2/3");
        Eventually.get(
                "a deviation in prod",
                () -> {
                    deviate(silver, "first");
                    deviate(dev, "and");
                    deviate(gold, "then");
                    return deviationsOf(policy, gold);
                },
                count -> count > 0);
        assertThat(deviationsOf(policy, silver)).isZero();
        assertThat(deviationsOf(policy, dev)).isZero();
    }
}
