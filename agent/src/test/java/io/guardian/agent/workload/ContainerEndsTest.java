package io.guardian.agent.workload;

import static org.assertj.core.api.Assertions.assertThat;

import io.guardian.core.id.ContainerId;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** When a container has ended. */
final class ContainerEndsTest extends OnMadeUpHost {
    @Test
    void a_removed_container_has_ended_and_its_last_events_still_belong_to_it() {
        String place = "/kubepods/pod1/" + A;
        known(place, A);
        long id = cgroups.make(place);
        Workloads workloads = start();
        Workload before = container(workloads.byCgroup(id));
        cgroups.remove(place);
        workloads.cgroupRemoved(id);
        assertThat(heard.next("ended").key()).isEqualTo(before.key());
        assertThat(container(workloads.byCgroup(id)).key()).isEqualTo(before.key());
        assertThat(workloads.alive()).isEmpty();
    }

    @Test
    void a_container_whose_processes_are_gone_has_ended_though_its_cgroup_stays() {
        String place = "/default/" + A;
        known(place, A);
        long id = cgroups.make(place);
        Workloads workloads = start();
        Workload before = container(workloads.byCgroup(id));
        cgroups.populate(place, false);
        workloads.processEnded(id);
        assertThat(heard.next("ended").key()).isEqualTo(before.key());
        assertThat(container(workloads.byCgroup(id)).key()).isEqualTo(before.key());
        assertThat(workloads.alive()).isEmpty();
        cgroups.populate(place, true);
        assertThat(container(workloads.byCgroup(id)).key()).as("started again").isEqualTo(before.key());
        assertThat(workloads.alive()).hasSize(1);
    }

    @Test
    void a_container_gone_before_its_facts_came_is_settled_first_and_then_ends() {
        String place = "/kubepods/pod1/" + A;
        Workloads workloads = start();
        long id = cgroups.make(place);
        workloads.cgroupCreated(id, place);
        cgroups.remove(place);
        answers.put(new ContainerId(A), complete(A));
        workloads.cgroupRemoved(id);
        assertThat(heard.nextSettled().facts().name()).isEqualTo(Known.of("cart"));
        Workload ended = heard.next("ended");
        assertThat(ended.isPending()).isFalse();
        assertThat(container(workloads.byCgroup(id)).key()).isEqualTo(ended.key());
    }

    @Test
    void a_container_that_was_only_created_has_not_ended() {
        patience = Duration.ofMillis(100);
        String place = "/default/" + A;
        known(place, A);
        long id = cgroups.make(place, false);
        Workloads workloads = start();
        workloads.cgroupCreated(id, place);
        heard.nextSettled();
        assertThat(workloads.alive()).hasSize(1);
    }
}
