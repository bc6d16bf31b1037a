package io.guardian.agent.attribute;

import static org.assertj.core.api.Assertions.assertThat;

import io.guardian.agent.workload.InstanceKey;
import io.guardian.agent.workload.Resolvers;
import io.guardian.agent.workload.ServiceWorkload;
import io.guardian.agent.workload.UserNames;
import io.guardian.agent.workload.cgroup.CgroupPath;
import io.guardian.core.text.Json;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What was lost in one workload is no doubt about another. */
class DoubtTest {
    private static final int SLOTS = 64;
    private static final long HOUR_NANOS = 3_600_000_000_000L;

    private final Kernel kernel = new Kernel();
    private final Doubt doubt = new Doubt(kernel::all, LossMark.UNKNOWN, Optional.of(kernel));
    private final Instance shop = instance("shop", 7);
    private final Instance flooder = instance("flooder", 8);

    /** Counts as the programs do. */
    private static final class Kernel implements LossSlots {
        private final int[] in = new int[SLOTS];
        private final int[] names = new int[SLOTS];
        private int anywhere;
        private long lost;

        LossMark all() {
            return new LossMark(1, lost);
        }

        void losesExec(long cgroup) {
            in[slot(cgroup)]++;
            lost++;
        }

        void losesAnswer(long cgroup) {
            names[slot(cgroup)]++;
            lost++;
        }

        void losesCgroup() {
            anywhere++;
            lost++;
        }

        @Override
        public int size() {
            return SLOTS;
        }

        @Override
        public int slot(long cgroupId) {
            return (int) (cgroupId % SLOTS);
        }

        @Override
        public long anywhere() {
            return anywhere;
        }

        @Override
        public int in(int slot) {
            return in[slot];
        }

        @Override
        public int namesIn(int slot) {
            return names[slot];
        }
    }

    private static Instance instance(String name, long cgroupId) {
        var workload = new ServiceWorkload(
                new InstanceKey(name),
                new CgroupPath("/" + name),
                cgroupId,
                1,
                Instant.EPOCH,
                UserNames.NONE,
                Resolvers.NONE);
        return new Instance(workload, new AgentIdentity("agent:a", "mach:a", "o", "h", "", ""), Json.Obj.EMPTY);
    }

    private void look() {
        doubt.clear(doubt.mark(), 0);
    }

    @Test
    void before_the_first_look_all_is_in_doubt() {
        assertThat(doubt.isOpen(shop)).isTrue();
        look();
        assertThat(doubt.isOpen(shop)).isFalse();
    }

    @Test
    void a_workload_that_lost_records_is_in_doubt_and_another_is_not() {
        look();
        kernel.losesExec(8);
        assertThat(doubt.isOpen()).isTrue();
        assertThat(doubt.isOpen(flooder)).isTrue();
        assertThat(doubt.isOpen(shop)).isFalse();
        look();
        assertThat(doubt.isOpen(flooder)).isFalse();
    }

    @Test
    void what_is_lost_while_looking_stays_in_doubt() {
        look();
        var mark = doubt.mark();
        kernel.losesExec(8);
        doubt.clear(mark, 0);
        assertThat(doubt.isOpen(flooder)).isTrue();
    }

    @Test
    void a_cgroup_that_its_processes_were_seen_in_counts_for_a_workload() {
        look();
        kernel.losesExec(9);
        assertThat(doubt.isOpen(shop)).isFalse();
        shop.noteCgroup(9);
        assertThat(doubt.isOpen(shop)).isTrue();
    }

    @Test
    void who_shares_a_number_is_in_doubt_too() {
        look();
        kernel.losesExec(7 + SLOTS);
        assertThat(doubt.isOpen(shop)).isTrue();
    }

    @Test
    void a_workload_of_too_many_cgroups_is_in_doubt_with_all() {
        look();
        for (int id = 1_000; id < 1_300; id++) {
            flooder.noteCgroup(id);
        }
        kernel.losesExec(7);
        assertThat(doubt.isOpen(flooder)).isTrue();
    }

    @Test
    void who_is_in_which_cgroup_concerns_all() {
        look();
        kernel.losesCgroup();
        assertThat(doubt.isOpen(shop)).isTrue();
    }

    @Test
    void an_earlier_runs_mark_is_believed_while_nothing_is_lost() {
        doubt.resume(kernel.all());
        assertThat(doubt.isOpen(shop)).isFalse();
        kernel.losesExec(8);
        assertThat(doubt.isOpen(shop)).isTrue();
    }

    @Test
    void lost_names_are_missed_for_an_hour_by_their_workload_alone() {
        look();
        kernel.losesAnswer(8);
        assertThat(doubt.isOpen(flooder)).as("its processes are what they are").isFalse();
        assertThat(doubt.isOfNames(flooder, 0)).isTrue();
        assertThat(doubt.isOfNames(shop, 0)).isFalse();
        look();
        assertThat(doubt.isOfNames(flooder, HOUR_NANOS - 1)).isTrue();
        assertThat(doubt.isOfNames(flooder, HOUR_NANOS)).isFalse();
    }
}
