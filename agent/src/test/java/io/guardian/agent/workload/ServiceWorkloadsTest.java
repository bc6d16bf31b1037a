package io.guardian.agent.workload;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;

/** When a service is a workload, and what it is called. */
final class ServiceWorkloadsTest extends OnMadeUpHost {
    @Test
    void a_service_is_the_outermost_part_and_its_sub_cgroups_belong_to_it() {
        long top = cgroups.make("/system.slice/outer.service");
        long sub = cgroups.make("/system.slice/outer.service/inner.service/worker");
        Workloads workloads = start();
        assertThat(service(workloads.byCgroup(sub)).cgroup().text()).isEqualTo("/system.slice/outer.service");
        assertThat(workloads.byCgroup(sub)).isSameAs(workloads.byCgroup(top));
        assertThat(service(workloads.byCgroup(top)).unit()).isEqualTo("outer.service");
    }

    @Test
    void a_service_is_named_by_its_first_process_and_its_users_by_the_host() {
        Workloads workloads = start();
        long id = cgroups.make("/system.slice/nginx.service");
        workloads.cgroupCreated(id, "/system.slice/nginx.service");
        ServiceWorkload service = service(workloads.byCgroup(id));
        assertThat(service.users().nameOf(33)).isEqualTo("www");
        assertThat(service.users().nameOf(34)).isEqualTo("34");
        assertThat(service.resolvers().addresses()).hasToString("[10.0.0.2]");
        assertThat(service.isPending()).isFalse();
    }

    @Test
    void the_process_of_the_first_event_names_a_service_whose_processes_are_gone() {
        Workloads workloads = start();
        long id = cgroups.make("/system.slice/quick.service");
        Instant startedAt = Instant.parse("2026-11-21T21:05:00Z");
        ServiceWorkload service = service(workloads.byCgroup(id, new FirstProcess(4711, startedAt)));
        assertThat(service.mainPid()).isEqualTo(4711);
        assertThat(service.startedAt()).isEqualTo(startedAt);
    }

    @Test
    void a_service_that_empties_has_ended_and_starts_anew_with_its_next_process() {
        long id = cgroups.make("/system.slice/nginx.service");
        Workloads workloads = start();
        Workload first = service(workloads.byCgroup(id, new FirstProcess(100, CREATED)));
        cgroups.populate("/system.slice/nginx.service", false);
        workloads.processEnded(id);
        assertThat(heard.next("ended").key()).isEqualTo(first.key());
        assertThat(service(workloads.byCgroup(id))).as("a straggler's event").isEqualTo(first);
        cgroups.populate("/system.slice/nginx.service", true);
        Workload second = service(workloads.byCgroup(id, new FirstProcess(200, CREATED.plusSeconds(9))));
        assertThat(second.key()).isNotEqualTo(first.key());
    }

    @Test
    void an_empty_service_is_no_workload_at_the_start() {
        cgroups.make("/system.slice/off.service", false);
        assertThat(start().alive()).isEmpty();
    }
}
