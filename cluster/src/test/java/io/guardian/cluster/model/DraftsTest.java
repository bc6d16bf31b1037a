package io.guardian.cluster.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ContainerStatusBuilder;
import io.fabric8.kubernetes.api.model.EnvVarBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.guardian.core.id.PodContainerUid;
import io.guardian.core.text.Json;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DraftsTest {
    private static final ClusterIdentity CLUSTER = new ClusterIdentity("clus:njtxwtRabwE", "shop", "k-uid");
    private static final String KUID = "1f1e3c9a-0000-4000-8000-000000000001";
    private final Drafts drafts = new Drafts(CLUSTER, RuntimeClasses.USUAL_ONLY);

    private static PodBuilder pod() {
        return new PodBuilder()
                .withNewMetadata()
                .withName("cart-1")
                .withNamespace("dev")
                .withUid(KUID)
                .withCreationTimestamp("2026-09-21T14:13:20Z")
                .withLabels(Map.of("app", "cart"))
                .endMetadata()
                .withNewSpec()
                .addNewContainer()
                .withName("cart")
                .withImage("nginx")
                .endContainer()
                .endSpec();
    }

    private List<RecordDraft> containers(Pod pod) {
        var all = drafts.of(pod);
        assertThat(all.getFirst().type()).isEqualTo("model_k8s_pod");
        return all.subList(1, all.size());
    }

    private Json.Obj container(Pod pod) {
        return containers(pod).getFirst().body();
    }

    @Test
    void declared_container_counts_before_it_runs() {
        var draft = containers(pod().build()).getFirst();

        assertThat(draft.id()).isEqualTo(new PodContainerUid(KUID, "cart", 0).in(CLUSTER.uid()));
        assertThat(draft.isAlive()).isTrue();
        assertThat(draft.fromMicros()).isEqualTo(1_790_000_000_000_000L);
        assertThat(draft.body().text("image")).isEqualTo("docker.io/library/nginx:latest");
        assertThat(draft.body().text("container_state")).isEqualTo("created");
        assertThat(draft.body().text("pod_kuid")).isEqualTo(KUID);
    }

    @Test
    void init_and_ephemeral_containers_are_told_apart_from_ordinary_ones() {
        var pod = pod().editSpec()
                .addNewInitContainer()
                .withName("prepare")
                .withImage("busybox:1")
                .endInitContainer()
                .addNewEphemeralContainer()
                .withName("debug")
                .withImage("alpine:3")
                .endEphemeralContainer()
                .endSpec()
                .build();

        assertThat(containers(pod).stream().map(draft -> draft.body().text("container_kind")))
                .containsExactly("init", "container", "ephemeral");
    }

    @Test
    void restart_is_a_new_container() {
        var first = containers(withStatus(0, "")).getFirst();
        var second = containers(withStatus(1, "")).getFirst();

        assertThat(second.id()).isNotEqualTo(first.id());
        assertThat(second.id()).isEqualTo(new PodContainerUid(KUID, "cart", 1).in(CLUSTER.uid()));
    }

    private static Pod withStatus(int restarts, String imageId) {
        return pod().withNewStatus()
                .addToContainerStatuses(new ContainerStatusBuilder()
                        .withName("cart")
                        .withRestartCount(restarts)
                        .withImageID(imageId)
                        .withContainerID("containerd://" + "ab".repeat(32))
                        .withNewState()
                        .withNewRunning("2026-09-21T14:14:20Z")
                        .endState()
                        .build())
                .endStatus()
                .build();
    }

    @Test
    void image_id_of_the_status_is_a_manifest_digest_with_a_repository_and_the_configuration_without() {
        String digest = "sha256:" + "ab".repeat(32);
        var pulled = container(withStatus(0, "docker.io/library/nginx@" + digest));
        assertThat(pulled.array("image_repo_digests").strings()).containsExactly("docker.io/library/nginx@" + digest);
        assertThat(pulled.string("image_id")).isEmpty();

        var local = container(withStatus(0, digest));
        assertThat(local.text("image_id")).isEqualTo(digest);
        assertThat(local.text("container_id")).isEqualTo("ab".repeat(32));
    }

    @Test
    void ended_container_is_closed_at_its_end() {
        var pod = pod().withNewStatus()
                .addToContainerStatuses(new ContainerStatusBuilder()
                        .withName("cart")
                        .withRestartCount(0)
                        .withNewState()
                        .withNewTerminated()
                        .withFinishedAt("2026-09-21T14:15:20Z")
                        .endTerminated()
                        .endState()
                        .build())
                .endStatus()
                .build();
        var draft = containers(pod).getFirst();

        assertThat(draft.isAlive()).isFalse();
        assertThat(draft.toMicros()).isEqualTo(1_790_000_120_000_000L);
    }

    @Test
    void static_pod_is_named_by_the_uid_that_its_kubelet_uses() {
        var pod = pod().editMetadata()
                .addToAnnotations(PodContainerUid.MIRROR_ANNOTATION, "0123456789abcdef")
                .endMetadata()
                .build();
        var draft = containers(pod).getFirst();

        assertThat(draft.id()).isEqualTo(new PodContainerUid("0123456789abcdef", "cart", 0).in(CLUSTER.uid()));
        assertThat(draft.body().bool("static_pod")).contains(true);
        assertThat(draft.body().text("pod_kuid")).isEqualTo(KUID);
    }

    @ParameterizedTest
    @ValueSource(strings = {"kata", "kata-qemu", "gvisor", "runsc", "Kata-CLH"})
    void pod_in_a_virtual_machine_is_not_observable(String runtimeClass) {
        var body = container(
                pod().editSpec().withRuntimeClassName(runtimeClass).endSpec().build());

        assertThat(body.bool("observable")).contains(false);
        assertThat(body.text("not_observable_reason")).contains("`" + runtimeClass + "`");
    }

    @Test
    void shared_namespaces_of_the_host_and_privilege_are_noted() {
        var body = container(pod().editSpec()
                .withHostPID(true)
                .withHostNetwork(true)
                .editFirstContainer()
                .withNewSecurityContext()
                .withPrivileged(true)
                .endSecurityContext()
                .endContainer()
                .endSpec()
                .build());

        assertThat(body.bool("host_pid")).contains(true);
        assertThat(body.bool("host_network")).contains(true);
        assertThat(body.bool("host_ipc")).contains(false);
        assertThat(body.bool("privileged")).contains(true);
        assertThat(body.bool("observable")).contains(true);
    }

    @Test
    void nothing_of_environment_arguments_and_long_annotations_leaves() {
        var pod = pod().editMetadata()
                .addToAnnotations("kubectl.kubernetes.io/last-applied-configuration", "{secret-a}")
                .addToAnnotations("long", "secret-b".repeat(100))
                .endMetadata()
                .editSpec()
                .editFirstContainer()
                .withEnv(new EnvVarBuilder()
                        .withName("PASSWORD")
                        .withValue("secret-c")
                        .build())
                .withArgs("--password=secret-d")
                .withCommand("secret-e")
                .endContainer()
                .endSpec()
                .build();

        for (var draft : drafts.of(pod)) {
            assertThat(draft.record(1, 1).toText()).doesNotContain("secret-");
        }
    }

    @ParameterizedTest
    @CsvSource({"'', ''", "'not an image!', 'not an image!'", "localhost:5000/a/b, localhost:5000/a/b:latest"})
    void image_is_normalised_or_kept_as_written(String written, String image) {
        var body = container(pod().editSpec()
                .editFirstContainer()
                .withImage(written)
                .endContainer()
                .endSpec()
                .build());

        assertThat(body.text("image")).isEqualTo(image);
    }
}
