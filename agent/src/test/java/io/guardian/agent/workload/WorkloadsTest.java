package io.guardian.agent.workload;

import static org.assertj.core.api.Assertions.assertThat;

import io.guardian.agent.workload.cgroup.CgroupPath;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Which cgroups belong to a workload at all. */
final class WorkloadsTest extends OnMadeUpHost {
    @Test
    void a_process_of_no_container_and_no_service_belongs_to_nobody() {
        long shell = cgroups.make("/user.slice/user-0.slice/session-1.scope");
        assertThat(start().byCgroup(shell)).isEqualTo(new Attribution.Outside());
    }

    @Test
    void a_lost_report_of_a_new_cgroup_is_made_good_by_its_first_event() {
        Workloads workloads = start();
        known("/kubepods/pod1/" + A, A);
        long id = cgroups.make("/kubepods/pod1/" + A + "/init");
        await(() -> workloads.byCgroup(id) instanceof Attribution.Inside);
        assertThat(container(workloads.byCgroup(id)).id().text()).isEqualTo(A);
    }

    @Test
    void an_unknown_cgroup_is_unresolved_and_counted() {
        Workloads workloads = start();
        assertThat(workloads.byCgroup(987_654_321L)).isEqualTo(new Attribution.Unresolved(987_654_321L));
        assertThat(workloads.counters().unresolved()).isOne();
    }

    @Test
    void nothing_outside_the_watched_subtrees_is_looked_at() {
        only = List.of(new CgroupPath("/mine"));
        long other = cgroups.make("/system.slice/other.service");
        long own = cgroups.make("/mine/own.service");
        Workloads workloads = start();
        assertThat(workloads.alive()).extracting(Workload::cgroup).containsExactly(new CgroupPath("/mine/own.service"));
        assertThat(workloads.byCgroup(own)).isInstanceOf(Attribution.Inside.class);
        workloads.cgroupCreated(other, "/system.slice/other.service");
        assertThat(workloads.byCgroup(other)).isEqualTo(new Attribution.Outside());
    }

    @Test
    void paths_that_are_none_are_ignored() {
        Workloads workloads = start();
        workloads.cgroupCreated(5, "");
        workloads.cgroupCreated(6, "/a/../b");
        assertThat(workloads.byCgroup(6)).isInstanceOf(Attribution.Unresolved.class);
    }
}
