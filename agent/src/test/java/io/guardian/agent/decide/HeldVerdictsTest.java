package io.guardian.agent.decide;

import static org.assertj.core.api.Assertions.assertThat;

import io.guardian.agent.attribute.AgentIdentity;
import io.guardian.agent.attribute.Image;
import io.guardian.agent.attribute.Instance;
import io.guardian.agent.workload.InstanceKey;
import io.guardian.agent.workload.Resolvers;
import io.guardian.agent.workload.ServiceWorkload;
import io.guardian.agent.workload.UserNames;
import io.guardian.agent.workload.cgroup.CgroupPath;
import io.guardian.core.text.Json;
import io.guardian.ebpf.ProcessKey;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class HeldVerdictsTest {
    private static final long SECOND = 1_000_000_000L;

    private final HeldVerdicts held = new HeldVerdicts();
    private final Instance one = instance("one");
    private final Instance other = instance("other");

    private static Instance instance(String name) {
        var workload = new ServiceWorkload(
                new InstanceKey(name), new CgroupPath("/" + name), 1, 1, Instant.EPOCH, UserNames.NONE, Resolvers.NONE);
        return new Instance(workload, new AgentIdentity("agent:a", "mach:a", "o", "h", "", ""), Json.Obj.EMPTY);
    }

    private static Observation in(Instance instance, int number) {
        return new Observation.Became(instance, Image.NOWHERE, ProcessKey.NONE, "proc:" + number, number);
    }

    @Test
    void what_waited_comes_out_in_order_once_its_workload_is_known() {
        held.hold(in(one, 1), 0);
        held.hold(in(other, 2), 0);
        held.hold(in(one, 3), SECOND);
        var resolved = held.take(instance -> instance.equals(one));
        assertThat(resolved).containsExactly(new HeldVerdicts.Resolved(one, List.of(in(one, 1), in(one, 3)), false));
        assertThat(held.take(instance -> instance.equals(one))).isEmpty();
        assertThat(held.take(instance -> true)).hasSize(1);
    }

    @Test
    void after_ten_seconds_it_is_given_up_and_the_workload_is_late() {
        held.hold(in(one, 1), 0);
        held.hold(in(one, 2), 5 * SECOND);
        assertThat(held.expire(10 * SECOND)).isZero();
        assertThat(held.expire(11 * SECOND)).isOne();
        assertThat(held.take(instance -> true))
                .containsExactly(new HeldVerdicts.Resolved(one, List.of(in(one, 2)), true));
    }

    @Test
    void what_finds_no_room_is_given_up_at_once() {
        for (int i = 0; i < HeldVerdicts.OF_ONE_MAX; i++) {
            assertThat(held.hold(in(one, i), 0)).isTrue();
        }
        assertThat(held.hold(in(one, -1), 0)).isFalse();
        assertThat(held.hold(in(other, 1), 0)).as("others have room").isTrue();
        assertThat(held.forget(one.workload().key())).isEqualTo(HeldVerdicts.OF_ONE_MAX);
        assertThat(held.hold(in(one, 1), 0)).isTrue();
    }

    @Test
    void all_workloads_together_have_a_limit_too() {
        for (int i = 0; i < HeldVerdicts.ALL_MAX; i++) {
            assertThat(held.hold(in(instance("w" + i / 1000), i), 0)).isTrue();
        }
        assertThat(held.hold(in(one, 1), 0)).isFalse();
        assertThat(held.expire(11 * SECOND)).isEqualTo(HeldVerdicts.ALL_MAX);
        assertThat(held.hold(in(one, 1), 11 * SECOND)).isTrue();
    }
}
