package io.guardian.agent.workload.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.guardian.agent.workload.ContainerRuntime;
import io.guardian.agent.workload.Known;
import io.guardian.agent.workload.MountFact;
import io.guardian.agent.workload.PodFacts;
import io.guardian.agent.workload.cgroup.CgroupPath;
import io.guardian.core.id.ImageReference;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class OciBundlesTest {

    private static final String ID = "0123456789abcdef".repeat(4);

    @TempDir
    private Path state;

    private Optional<RuntimeContainer> at(String place) {
        return new OciBundles(List.of(state.resolve("not-there"), state)).at(new CgroupPath(place));
    }

    private Path bundle(String namespace, String id, String config) throws IOException {
        Path folder = Files.createDirectories(state.resolve("io.containerd.runtime.v2.task")
                .resolve(namespace)
                .resolve(id));
        Files.writeString(folder.resolve("config.json"), config);
        return folder;
    }

    @Test
    void a_container_of_a_pod_is_known_from_its_bundle() throws IOException {
        Path folder = bundle("k8s.io", ID, """
                {"process": {"args": ["/bin/cartd", "-v"], "user": {"uid": 999, "gid": 998}},
                 "hostname": "cart-0", "root": {"path": "rootfs"},
                 "mounts": [{"destination": "/data", "source": "/srv/d", "type": "x", "options": ["rbind", "ro"]},
                            {"destination": "/proc", "source": "proc", "type": "proc"}],
                 "linux": {"cgroupsPath": "/kubepods/pod1/ID",
                           "uidMappings": [{"containerID": 0, "hostID": 100000, "size": 65536}]},
                 "annotations": {"io.kubernetes.cri.container-type": "container",
                   "io.kubernetes.cri.container-name": "cart", "io.kubernetes.cri.image-name": "shop/cart",
                   "io.kubernetes.cri.sandbox-name": "cart-0", "io.kubernetes.cri.sandbox-namespace": "shop",
                   "io.kubernetes.cri.sandbox-uid": "u-1"}}
                """);
        Files.writeString(folder.resolve("init.pid"), "4711");
        assertThat(at("/kubepods/pod1/" + ID)).hasValueSatisfying(found -> {
            assertThat(found.facts().runtime()).isEqualTo(ContainerRuntime.CONTAINERD);
            assertThat(found.facts().name()).isEqualTo(Known.of("cart"));
            assertThat(found.facts().image().map(ImageReference::toString))
                    .isEqualTo(Known.of("docker.io/shop/cart:latest"));
            assertThat(found.facts().imageId()).isEqualTo(Known.unknown());
            assertThat(found.facts().createdAt()).isEqualTo(Known.unknown());
            assertThat(found.facts().sandbox()).isEqualTo(Known.of(false));
            assertThat(found.facts().pod()).isEqualTo(Known.of(PodFacts.of("u-1", "cart-0", "shop", Known.unknown())));
            assertThat(found.facts().pod().asOptional().orElseThrow().namespaceLabels())
                    .isEqualTo(Map.of("kubernetes.io/metadata.name", "shop"));
            assertThat(found.facts().details().command()).containsExactly("/bin/cartd", "-v");
            assertThat(found.facts().details().user()).isEqualTo("999:998");
            assertThat(found.facts().details().pid()).isEqualTo(4711);
            assertThat(found.facts().details().mounts())
                    .containsExactly(
                            new MountFact("/srv/d", "/data", "bind", true),
                            new MountFact("proc", "/proc", "proc", false));
            assertThat(found.files().rootFolder())
                    .isEqualTo(folder.resolve("rootfs").toString());
            assertThat(found.files().uids().inside(100_999)).isEqualTo(999);
        });
    }

    @Test
    void a_sandbox_is_marked_by_the_runtime_and_takes_the_name_of_its_pod() throws IOException {
        bundle("k8s.io", ID, """
                {"annotations": {"io.kubernetes.cri.container-type": "sandbox", "io.kubernetes.cri.sandbox-name": "cart-0"}}
                """);
        assertThat(at("/kubepods/pod1/" + ID)).hasValueSatisfying(found -> {
            assertThat(found.facts().sandbox()).isEqualTo(Known.of(true));
            assertThat(found.facts().name()).isEqualTo(Known.of("cart-0"));
            assertThat(found.facts().pod())
                    .as("an older containerd doesn't tell the uid")
                    .isEqualTo(Known.unknown());
        });
    }

    @Test
    void a_container_with_a_chosen_id_is_found_by_the_cgroup_it_asked_for() throws IOException {
        bundle("default", "redis-1", "{\"linux\": {\"cgroupsPath\": \"own/place\"}}");
        bundle("default", "redis-2", "{\"linux\": {\"cgroupsPath\": \"/default/redis-2\"}}");
        bundle("default", "redis-3", "{\"linux\": {\"cgroupsPath\": \"system.slice:ctr:redis-3\"}}");
        assertThat(at("/own/place").map(found -> found.facts().id().text())).contains("redis-1");
        assertThat(at("/default/redis-2").map(found -> found.facts().id().text()))
                .contains("redis-2");
        assertThat(at("/system.slice/ctr-redis-3.scope")
                        .map(found -> found.facts().id().text()))
                .contains("redis-3");
        assertThat(at("/own/place/below")).isEmpty();
        assertThat(at("/default")).isEmpty();
        assertThat(at("/own/place")).hasValueSatisfying(found -> {
            assertThat(found.facts().name()).isEqualTo(Known.of("redis-1"));
            assertThat(found.facts().pod()).isEqualTo(Known.absent());
        });
    }

    @Test
    void a_bundle_that_goes_and_comes_again_is_read_again() throws IOException {
        OciBundles bundles = new OciBundles(List.of(state));
        Path folder = bundle("default", "redis-1", "{\"linux\": {\"cgroupsPath\": \"/first\"}}");
        assertThat(bundles.at(new CgroupPath("/first"))).isPresent();
        Files.delete(folder.resolve("config.json"));
        Files.delete(folder);
        assertThat(bundles.at(new CgroupPath("/first"))).isEmpty();
        bundle("default", "redis-1", "{\"linux\": {\"cgroupsPath\": \"/second\"}}");
        assertThat(bundles.at(new CgroupPath("/second"))).isPresent();
    }

    @Test
    void half_written_and_hostile_bundles_tell_nothing() throws IOException {
        bundle("k8s.io", ID, "{\"process\": {\"args\": [\"/bin");
        assertThat(at("/kubepods/pod1/" + ID)).isEmpty();
        bundle("default", "redis-1", "[]");
        bundle("default", "redis-2", "{\"linux\": {\"cgroupsPath\": 5}, \"mounts\": 7, \"annotations\": []}");
        assertThat(at("/default/redis-1")).isEmpty();
        assertThat(at("/default/redis-2")).isEmpty();
    }

    @Test
    void a_container_of_docker_waits_for_more() throws IOException {
        bundle("moby", ID, "{}");
        assertThat(at("/docker/" + ID)).hasValueSatisfying(found -> {
            assertThat(found.facts().runtime()).isEqualTo(ContainerRuntime.DOCKER);
            assertThat(found.facts().isPending()).isTrue();
        });
    }
}
