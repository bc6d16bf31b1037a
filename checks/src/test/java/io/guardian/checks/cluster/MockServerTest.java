package io.guardian.checks.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.server.mock.KubernetesCrudDispatcher;
import io.fabric8.kubernetes.client.server.mock.KubernetesMockServer;
import io.fabric8.mockwebserver.Context;
import io.fabric8.mockwebserver.MockWebServer;
import io.guardian.checks.fixture.Eventually;
import io.guardian.cluster.model.Kind;
import io.guardian.cluster.state.StateLimits;
import io.guardian.core.text.Json;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * The monitor at an API server that is not of our making: the one that its client library is tested with. That one
 * knows watches by WebSocket only, so this is also the other way of watching.
 */
class MockServerTest {
    private final KubernetesMockServer server = new KubernetesMockServer(
            new Context(), new MockWebServer(), new HashMap<>(), new KubernetesCrudDispatcher(), false);
    private final KubernetesClient user;
    private final Followed followed;

    MockServerTest() {
        server.init();
        user = new KubernetesClientBuilder().withConfig(config().build()).build();
        make("first", "redis:7");
        followed = new Followed(server::destroy, config(), StateLimits.USUAL);
    }

    private ConfigBuilder config() {
        return new ConfigBuilder().withMasterUrl(server.url("/")).withTrustCerts(true);
    }

    @AfterEach
    void close() {
        user.close();
        followed.close();
    }

    private Pod make(String name, String image) {
        return user.resource(new PodBuilder()
                        .withNewMetadata()
                        .withNamespace("default")
                        .withName(name)
                        .endMetadata()
                        .withNewSpec()
                        .addNewContainer()
                        .withName("cart")
                        .withImage(image)
                        .endContainer()
                        .endSpec()
                        .build())
                .create();
    }

    private Json.Obj await(String type, String name, Predicate<Json.Obj> right) {
        return Eventually.get(
                        type + " of " + name,
                        () -> followed.newest(type).stream()
                                .filter(record ->
                                        record.object("metadata").text("name").equals(name)
                                                || record.text("pod_name").equals(name))
                                .filter(right)
                                .toList(),
                        found -> !found.isEmpty())
                .getFirst();
    }

    private static boolean active(Json.Obj record) {
        return record.text("status").equals("active");
    }

    @Test
    void what_is_made_changed_and_deleted_there_is_what_the_records_say() {
        await("model_k8s_pod", "first", MockServerTest::active);
        var made = make("second", "nginx:1");
        user.resource(new DeploymentBuilder()
                        .withNewMetadata()
                        .withNamespace("default")
                        .withName("cart")
                        .endMetadata()
                        .withNewSpec()
                        .withReplicas(3)
                        .endSpec()
                        .build())
                .create();

        var pod = await("model_k8s_pod", "second", MockServerTest::active);
        assertThat(pod.object("metadata").text("uid"))
                .isEqualTo(made.getMetadata().getUid());
        assertThat(await("model_container", "second", MockServerTest::active).text("image"))
                .isEqualTo("docker.io/library/nginx:1");
        await("model_k8s_deployment", "cart", MockServerTest::active);

        user.pods()
                .inNamespace("default")
                .withName("second")
                .edit(before -> new PodBuilder(before)
                        .editMetadata()
                        .addToLabels(Map.of("tier", "test"))
                        .endMetadata()
                        .build());
        var labelled = await(
                "model_k8s_pod",
                "second",
                record ->
                        record.object("metadata").object("labels").text("tier").equals("test"));
        assertThat(labelled.text("id")).isEqualTo(pod.text("id"));

        user.pods().inNamespace("default").withName("first").delete();
        await("model_k8s_pod", "first", record -> record.text("status").equals("closed"));
        await("model_container", "first", record -> record.text("status").equals("closed"));
        assertThat(followed.state().uids(Kind.POD))
                .isEqualTo(Map.of("default/second", made.getMetadata().getUid()));
        assertThat(user.pods().inAnyNamespace().list().getItems().stream()
                        .map(each -> each.getMetadata().getUid()))
                .isEqualTo(List.of(made.getMetadata().getUid()));
    }
}
