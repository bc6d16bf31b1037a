package io.guardian.agent.workload;

import static org.assertj.core.api.Assertions.assertThat;

import io.guardian.agent.workload.cgroup.CgroupPath;
import io.guardian.core.id.ContainerId;
import io.guardian.ebpf.UidMap;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class WorkloadTest {

    private static final ContainerFacts FACTS =
            ContainerFacts.unknown(new ContainerId("redis-1"), ContainerRuntime.CONTAINERD);
    private static final PodFacts POD = PodFacts.of("u-1", "cart-0", "shop", Known.unknown());

    private static String name(Workload workload, long hostUid) {
        return workload.userOf(Workload.uidInside(hostUid, workload.uids()));
    }

    @Test
    void a_user_is_named_in_the_workloads_own_user_namespace() {
        UidMap shifted = new UidMap(List.of(new UidMap.Range(0, 100_000, 65_536)));
        Workload workload = ContainerWorkload.of(new CgroupPath("/c"), 7, FACTS)
                .with(new UserNames(Map.of(999L, "shop", 65_534L, "nobody")), Resolvers.NONE, shifted);
        assertThat(name(workload, 100_000)).isEqualTo("root");
        assertThat(name(workload, 100_999)).isEqualTo("shop");
        assertThat(name(workload, 100_001)).isEqualTo("1");
        assertThat(name(workload, 0)).as("the host's root is nobody in there").isEqualTo("nobody");
        assertThat(name(workload, 999)).isEqualTo("nobody");
    }

    @Test
    void without_a_user_namespace_of_its_own_the_hosts_uids_count() {
        Workload workload = ContainerWorkload.of(new CgroupPath("/c"), 7, FACTS);
        assertThat(name(workload, 0)).isEqualTo("root");
        assertThat(name(workload, 4_294_967_294L)).isEqualTo("4294967294");
    }

    @Test
    void a_container_is_pending_until_every_fact_that_decides_is_there() {
        ContainerFacts settled = FACTS.settled(Instant.EPOCH);
        assertThat(FACTS.isPending()).isTrue();
        assertThat(settled.isPending()).isFalse();
        assertThat(settled.createdAt()).isEqualTo(Known.of(Instant.EPOCH));
        assertThat(new ContainerFacts(
                                settled.id(),
                                settled.runtime(),
                                settled.name(),
                                settled.image(),
                                settled.imageId(),
                                settled.createdAt(),
                                settled.sandbox(),
                                Known.of(POD),
                                settled.details())
                        .isPending())
                .as("the labels of its pod are still to come")
                .isTrue();
    }

    @Test
    void the_first_word_stays_and_what_it_lacks_is_added() {
        assertThat(Known.of(1).or(Known.of(2))).isEqualTo(Known.of(1));
        assertThat(Known.<Integer>absent().or(Known.of(2))).isEqualTo(Known.of(2));
        assertThat(Known.<Integer>absent().or(Known.unknown())).isEqualTo(Known.absent());
        assertThat(Known.<Integer>unknown().or(Known.absent())).isEqualTo(Known.absent());
        PodFacts labelled = PodFacts.of("u-1", "cart-0", "shop", Known.of(Map.of("app", "cart")));
        assertThat(POD.or(labelled)).isEqualTo(labelled);
    }

    @Test
    void a_creation_time_never_changes_once_told() {
        ContainerFacts first = FACTS.settled(Instant.ofEpochSecond(1));
        assertThat(first.or(FACTS.settled(Instant.ofEpochSecond(2))).createdAt())
                .isEqualTo(Known.of(Instant.ofEpochSecond(1)));
    }
}
