package io.guardian.checks.workload;

import static org.assertj.core.api.Assertions.assertThat;

import io.guardian.checks.fixture.Api;
import io.guardian.checks.fixture.ClusterReport;
import io.guardian.checks.fixture.Eventually;
import io.guardian.checks.fixture.PodSpec;
import io.guardian.checks.fixture.PodStage;
import io.guardian.checks.fixture.Requirements;
import io.guardian.core.text.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A policy for namespaces with a label, on a node that learns the labels later than the pods. */
@Tag("container")
class NamespaceLabelsTest {
    private static final String MONGO = "docker.io/library/mongo:latest";
    private static final String POLICY = """
            apiVersion: spyderbat/v1
            kind: SpyderbatPolicy
            metadata:
              name: prod-only
              type: container
            spec:
              containerSelector:
                image: docker.io/library/mongo:*
              namespaceSelector:
                matchLabels:
                  env: prod
              mode: audit
              processPolicy:
              - name: sleep
                exe:
                - /bin/sleep
                id: sleep_0
                euser:
                - '*'
              networkPolicy:
                egress: []
                ingress: []
              response:
                default:
                - makeRedFlag:
                    severity: high
                actions: []
            """;

    @Test
    void a_policy_waits_for_the_labels_of_a_namespace_and_follows_them() throws IOException {
        Requirements.containerd();
        try (var stage = PodStage.open("labels", List.of("mongo.tar"), "--cluster-name", "harbor");
                var api = Api.of(stage.guardian())) {
            var pods = stage.containerd().pods();
            var pod = pods.run(PodSpec.of("u-labels", "cart-0", "shop"));
            // A shell that stays is one that the policy doesn't know.
            String shell = "/bin/bash -c 'sleep 900; true' & exec /bin/sleep 901";
            String id = pods.start(pod, "cart", 0, MONGO, List.of("/bin/bash", "-c", shell));
            String policy = apply(stage);
            String said = "policies=1";
            Eventually.get("the policy at the agent", () -> stage.guardian().log("agent"), log -> log.contains(said));
            run(stage, api, id, "before-the-labels");
            assertThat(deviations(api, policy)).isZero();
            assertThat(labels(api, id)).containsOnlyKeys("kubernetes.io/metadata.name");

            var cluster = ClusterReport.of(stage.guardian(), "harbor");
            cluster.namespace("shop", Map.of("env", "prod"));
            Eventually.get("the shell that was there before", () -> deviations(api, policy), count -> count > 0);
            Eventually.get(
                    "the labels in the container's record",
                    () -> labels(api, id),
                    labels -> labels.containsKey("env") && labels.containsKey("kubernetes.io/metadata.name"));

            cluster.namespace("shop", Map.of("env", "dev"));
            Eventually.get(
                    "the other label",
                    () -> labels(api, id),
                    labels -> Optional.ofNullable(labels.get("env"))
                            .filter(Json.of("dev")::equals)
                            .isPresent());
            long before = deviations(api, policy);
            run(stage, api, id, "after-the-change");
            assertThat(deviations(api, policy)).isEqualTo(before);
        }
    }

    private static String apply(PodStage stage) throws IOException {
        Files.createDirectories(stage.guardian().data().resolve("work"));
        Files.writeString(stage.guardian().data().resolve("work/prod.yaml"), POLICY);
        String said = stage.guardian().spyctl("apply -f prod.yaml").ok().err();
        return said.substring(said.indexOf("pol:"), said.indexOf("pol:") + "pol:".length() + 20);
    }

    /** Runs a program in the container, and waits until the server has it: the agent has judged it then. */
    private static void run(PodStage stage, Api api, String container, String word) {
        stage.exec(container, "/bin/true " + word).ok();
        Eventually.get(
                "the process " + word,
                () -> api.records("spydergraph", "model_process"),
                all -> all.stream()
                        .anyMatch(record -> record.array("args").strings().contains(word)));
    }

    private static long deviations(Api api, String policy) {
        return api.policyRecords(policy, "event_deviation").size();
    }

    /** What the container's record says of its namespace. */
    private static Map<String, Json> labels(Api api, String container) {
        return api.records("spydergraph", "model_container").stream()
                .filter(record -> record.text("container_id").equals(container))
                .map(record -> record.object("pod_namespace_labels").fields())
                .findFirst()
                .orElse(Map.of());
    }
}
