package io.guardian.core.ruleset;

import static org.assertj.core.api.Assertions.assertThat;

import io.guardian.core.selector.Scope;
import io.guardian.core.selector.Subject.Facts;
import io.guardian.core.text.Json;
import java.util.List;
import org.junit.jupiter.api.Test;

class ContainerObjectTest {
    private static Json.ObjBuilder pod() {
        return Json.object()
                .put("image", "docker.io/library/redis:7")
                .put("container_name", "cache")
                .put("pod_name", "cache-0")
                .put("pod_namespace", "shop");
    }

    @Test
    void a_sandbox_is_no_object_of_policies() {
        assertThat(ContainerObject.ofRecord(pod().put("sandbox", true).build())).isEmpty();
    }

    @Test
    void a_namespace_whose_record_has_not_come_is_known_by_name_only() {
        var object = ContainerObject.ofRecord(pod().build()).orElseThrow();
        assertThat(object.facts(Scope.NAMESPACE)).isInstanceOfSatisfying(Facts.Present.class, namespace -> {
            assertThat(namespace.get(ContainerObject.NAMESPACE_NAME)).contains(List.of("shop"));
            assertThat(namespace.isUnknown("tier")).isTrue();
        });
        assertThat(object.facts(Scope.POD))
                .isInstanceOfSatisfying(
                        Facts.Present.class,
                        pod -> assertThat(pod.isUnknown("app")).isTrue());
        assertThat(object.facts(Scope.MACHINE))
                .isInstanceOfSatisfying(
                        Facts.Present.class,
                        machine -> assertThat(machine.isUnknown("hostname")).isTrue());
    }

    @Test
    void the_name_of_a_namespace_is_where_the_pod_is_and_not_what_a_label_says() {
        var labels = Json.object()
                .put(ContainerObject.NAMESPACE_NAME, "kube-system")
                .put("tier", "web")
                .build();
        var object = ContainerObject.ofRecord(
                        pod().put("pod_namespace_labels", labels).build())
                .orElseThrow();
        assertThat(object.namespace()).isEqualTo("shop");
        assertThat(((Facts.Present) object.facts(Scope.NAMESPACE)).isUnknown("team"))
                .isFalse();
    }

    @Test
    void digests_of_manifests_stand_beside_that_of_the_configuration() {
        var digests = Json.strings(List.of("docker.io/library/redis@sha256:aa", "sha256:bb"));
        var known = ContainerObject.ofRecord(pod().put("image_id", "sha256:cc")
                        .put("image_repo_digests", digests)
                        .build())
                .orElseThrow();
        assertThat(known.facts(Scope.CONTAINER)).isInstanceOfSatisfying(Facts.Present.class, container -> {
            assertThat(container.get("imageID")).contains(List.of("sha256:cc", "sha256:aa", "sha256:bb"));
            assertThat(container.isUnknown("imageID")).isFalse();
        });
        var fromStatus = ContainerObject.ofRecord(
                        pod().put("image_repo_digests", digests).build())
                .orElseThrow();
        assertThat(((Facts.Present) fromStatus.facts(Scope.CONTAINER)).isUnknown("imageID"))
                .isTrue();
    }

    @Test
    void a_container_outside_pods_and_clusters_lacks_their_scopes() {
        var object = ContainerObject.ofRecord(
                        Json.object().put("image", "x").put("hostname", "n1").build())
                .orElseThrow();
        assertThat(object.facts(Scope.NAMESPACE)).isEqualTo(Facts.ABSENT);
        assertThat(object.facts(Scope.POD)).isEqualTo(Facts.ABSENT);
        assertThat(object.facts(Scope.CLUSTER)).isEqualTo(Facts.ABSENT);
    }
}
