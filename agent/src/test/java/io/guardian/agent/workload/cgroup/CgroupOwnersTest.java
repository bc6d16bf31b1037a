package io.guardian.agent.workload.cgroup;

import static org.assertj.core.api.Assertions.assertThat;

import io.guardian.agent.workload.ContainerRuntime;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class CgroupOwnersTest {

    private static final String ID = "0123456789abcdef".repeat(4);
    private static final String OTHER = "f".repeat(64);

    @ParameterizedTest
    @CsvSource({
        "/kubepods/besteffort/pod0e1c/ID, UNKNOWN",
        "/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod1.slice/cri-containerd-ID.scope, CONTAINERD",
        "/kubepods.slice/kubepods-pod1.slice/crio-ID.scope, CRI_O",
        "/kubepods/pod1/crio-ID, CRI_O",
        "/machine.slice/libpod-ID.scope, PODMAN",
        "/libpod_parent/libpod-ID, PODMAN",
        "/system.slice/docker-ID.scope, DOCKER",
        "/docker/ID, UNKNOWN",
        "/k8s.io/ID, UNKNOWN",
        "/default/ID, UNKNOWN",
    })
    void the_names_that_runtimes_give_are_read(String path, ContainerRuntime runtime) {
        List<ContainerPlace> places = CgroupOwners.containers(new CgroupPath(path.replace("ID", ID)));
        assertThat(places).singleElement().satisfies(place -> {
            assertThat(place.id().text()).isEqualTo(ID);
            assertThat(place.runtime()).isEqualTo(runtime);
        });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/",
                "/user.slice/user-0.slice/session-1.scope",
                "/machine.slice/libpod-conmon-ID.scope",
                "/kubepods/pod1/crio-conmon-ID.scope",
                "/crio-conmon-ID",
                "/machine.slice/machine-libpod_pod_ID.slice",
                "/docker/IDf",
                "/docker/docker-ID.scope.d",
                "/x/0123456789ABCDEF0123456789abcdef0123456789abcdef0123456789abcdef",
                "/process_api/e4ddda97186b66f403a945f337b8090a",
            })
    void other_names_are_no_containers(String path) {
        assertThat(CgroupOwners.containers(new CgroupPath(path.replace("ID", ID))))
                .isEmpty();
    }

    @Test
    void what_lies_below_a_container_still_shows_it_and_the_innermost_comes_first() {
        CgroupPath path = new CgroupPath("/docker/" + ID + "/a/libpod-" + OTHER + "/container/init.scope");
        assertThat(CgroupOwners.containers(path))
                .extracting(place -> place.cgroup().text())
                .containsExactly("/docker/" + ID + "/a/libpod-" + OTHER, "/docker/" + ID);
    }

    @Test
    void the_outermost_service_counts() {
        assertThat(CgroupOwners.service(new CgroupPath("/system.slice/a.service/b.service/c")))
                .contains(new CgroupPath("/system.slice/a.service"));
        assertThat(CgroupOwners.service(new CgroupPath("/user.slice/user-1.slice/user@1.service/app.slice/x.service")))
                .contains(new CgroupPath("/user.slice/user-1.slice/user@1.service"));
        assertThat(CgroupOwners.service(new CgroupPath("/system.slice/.service")))
                .isEmpty();
        assertThat(CgroupOwners.service(new CgroupPath("/system.slice/x.service.d")))
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a", "a/b", "//a", "/a/", "/a//b", "/a/../b", "/./a", "/a\nb", "/a\u0000"})
    void text_that_is_no_path_is_refused(String text) {
        assertThat(CgroupPath.parse(text)).isEmpty();
    }

    @Test
    void long_and_deep_paths_are_refused() {
        assertThat(CgroupPath.parse("/" + "a".repeat(4095))).isPresent();
        assertThat(CgroupPath.parse("/" + "a".repeat(4096))).isEmpty();
        assertThat(CgroupPath.parse("/a".repeat(128))).isPresent();
        assertThat(CgroupPath.parse("/a".repeat(129))).isEmpty();
    }

    @Test
    void a_removed_cgroup_is_read_without_its_mark() {
        assertThat(CgroupPath.parse("/a/b (deleted)")).contains(new CgroupPath("/a/b"));
    }

    @Test
    void a_path_is_within_itself_and_what_is_around_it_by_whole_parts() {
        CgroupPath path = new CgroupPath("/a/bc");
        assertThat(path.isWithin(new CgroupPath("/a"))).isTrue();
        assertThat(path.isWithin(path)).isTrue();
        assertThat(path.isWithin(CgroupPath.ROOT)).isTrue();
        assertThat(path.isWithin(new CgroupPath("/a/b"))).isFalse();
        assertThat(new CgroupPath("/a").parent()).isEqualTo(CgroupPath.ROOT);
    }
}
