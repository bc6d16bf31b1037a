package io.guardian.core.id;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class KubernetesUidsTest {
    private static final String CLUSTER = "clus:njtxwtRabwE";
    private static final String POD = "1f1e3c9a-0000-4000-8000-000000000001";

    @Test
    void pod_is_named_by_cluster_and_ten_characters_of_its_own() {
        assertThat(KubernetesUids.pod(CLUSTER, POD))
                .matches("pod:njtxwtRabwE:[A-Za-z0-9_-]{10}")
                .isEqualTo(KubernetesUids.pod(CLUSTER, POD))
                .isNotEqualTo(KubernetesUids.pod(CLUSTER, POD.replace('1', '2')));
    }

    @Test
    void other_objects_carry_the_second_of_their_creation() {
        assertThat(KubernetesUids.object("deployment", CLUSTER, 1_790_000_000L, POD))
                .matches("deployment:njtxwtRabwE:arE7gA:[A-Za-z0-9_-]{10}");
    }

    @Test
    void container_of_a_pod_is_told_apart_by_each_of_its_three_facts() {
        String uid = new PodContainerUid(POD, "cart", 0).in(CLUSTER);

        assertThat(uid).isEqualTo(Uids.podContainer(CLUSTER, POD, "cart", 0));
        assertThat(new PodContainerUid(POD, "cart", 1).in(CLUSTER)).isNotEqualTo(uid);
        assertThat(new PodContainerUid(POD, "cars", 0).in(CLUSTER)).isNotEqualTo(uid);
        assertThat(new PodContainerUid(POD.replace('1', '2'), "cart", 0).in(CLUSTER))
                .isNotEqualTo(uid);
    }

    @Test
    void container_without_a_pod_is_refused() {
        assertThatThrownBy(() -> new PodContainerUid("", "cart", 0)).hasMessageContaining("a container of a pod has");
        assertThatThrownBy(() -> new PodContainerUid(POD, "cart", -1)).hasMessageContaining("-1");
    }
}
