package io.guardian.agent.workload;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Whose a cgroup is that lies in several. */
final class NestedWorkloadsTest extends OnMadeUpHost {
    @Test
    void a_container_wins_over_the_service_around_it() {
        String place = "/system.slice/containerd.service/kubepods/pod1/" + A;
        known(place, A);
        long id = cgroups.make(place);
        assertThat(container(start().byCgroup(id)).id().text()).isEqualTo(A);
    }

    @Test
    void a_service_inside_a_container_belongs_to_the_container() {
        known("/pods/" + A, A);
        long id = cgroups.make("/pods/" + A + "/system.slice/sshd.service");
        Workloads workloads = start();
        assertThat(container(workloads.byCgroup(id)).cgroup().text()).isEqualTo("/pods/" + A);
    }

    @Test
    void of_nested_containers_the_innermost_known_one_counts() {
        known("/docker/" + A, A);
        known("/docker/" + A + "/libpod-" + B, B);
        long inner = cgroups.make("/docker/" + A + "/libpod-" + B + "/x");
        assertThat(container(start().byCgroup(inner)).id().text()).isEqualTo(B);
    }

    @Test
    void a_folder_named_like_a_container_inside_a_known_one_does_not_leave_it() {
        known("/pods/" + A, A);
        long forged = cgroups.make("/pods/" + A + "/docker-" + B + ".scope");
        assertThat(container(start().byCgroup(forged)).id().text()).isEqualTo(A);
    }

    @Test
    void a_folder_named_like_a_container_inside_a_service_goes_back_to_the_service() {
        patience = Duration.ofMillis(100);
        cgroups.make("/system.slice/app.service");
        long id = cgroups.make("/system.slice/app.service/" + A);
        Workloads workloads = start();
        assertThat(container(workloads.byCgroup(id)).isPending()).isTrue();
        heard.next("ended");
        assertThat(service(workloads.byCgroup(id)).unit()).isEqualTo("app.service");
    }
}
