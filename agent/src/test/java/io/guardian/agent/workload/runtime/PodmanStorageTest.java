package io.guardian.agent.workload.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.guardian.agent.workload.ContainerFacts;
import io.guardian.agent.workload.ContainerRuntime;
import io.guardian.agent.workload.Known;
import io.guardian.agent.workload.cgroup.CgroupPath;
import io.guardian.core.id.ImageReference;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class PodmanStorageTest {

    private static final String ID = "0123456789abcdef".repeat(4);
    private static final String IMAGE = "ab".repeat(32);
    private static final String CONTAINERS = """
            [{"id": "ID", "names": ["cart"], "image": "IMAGE",
              "metadata": "{\\"image-name\\":\\"IMAGENAME\\",\\"name\\":\\"cart\\"}",
              "created": "2026-11-21T21:21:34.326116113Z"}]
            """;
    private static final CgroupPath PLACE = new CgroupPath("/own/libpod-" + ID);

    @TempDir
    private Path folder;

    private final Path userdata = Path.of("overlay-containers", ID, "userdata");

    @BeforeEach
    void makeStorage() throws IOException {
        write("root/overlay-images/images.json", """
                [{"id": "IMAGE", "digest": "sha256:IMAGE", "names": ["docker.io/library/shop:1.0", "localhost/shop:x"]}]
                """);
        write("root/" + userdata + "/config.json", """
                {"process": {"args": ["/bin/cartd"], "user": {"uid": 0, "gid": 0}}, "hostname": "c1",
                 "root": {"path": "/merged"}, "annotations": {"io.container.manager": "libpod"}}
                """);
        write("run/" + userdata + "/pidfile", "99\n");
    }

    private void write(String file, String content) throws IOException {
        Path path = folder.resolve(file);
        Files.createDirectories(Optional.ofNullable(path.getParent()).orElseThrow());
        Files.writeString(
                path,
                content.replace("IMAGENAME", "shop:1.0").replace("IMAGE", IMAGE).replace("ID", ID));
    }

    private PodmanStorage storage() {
        return new PodmanStorage(List.of(
                new PodmanRoot(folder.resolve("none"), folder.resolve("none")),
                new PodmanRoot(folder.resolve("root"), folder.resolve("run"))));
    }

    @Test
    void all_facts_are_on_disk() throws IOException {
        write("root/overlay-containers/containers.json", CONTAINERS);
        assertThat(storage().at(PLACE)).hasValueSatisfying(found -> {
            ContainerFacts facts = found.facts();
            assertThat(facts.isPending()).isFalse();
            assertThat(facts.runtime()).isEqualTo(ContainerRuntime.PODMAN);
            assertThat(facts.name()).isEqualTo(Known.of("cart"));
            assertThat(facts.image().map(ImageReference::toString)).isEqualTo(Known.of("docker.io/library/shop:1.0"));
            assertThat(facts.imageId().map(Object::toString)).isEqualTo(Known.of("sha256:" + IMAGE));
            assertThat(facts.createdAt()).isEqualTo(Known.of(Instant.parse("2026-11-21T21:21:34.326116113Z")));
            assertThat(facts.pod()).isEqualTo(Known.absent());
            assertThat(facts.sandbox()).isEqualTo(Known.of(false));
            assertThat(facts.details().pid()).isEqualTo(99);
            assertThat(facts.details().imageTags()).containsExactly("docker.io/library/shop:1.0", "localhost/shop:x");
            assertThat(facts.details().imageDigests())
                    .containsExactly("docker.io/library/shop@sha256:" + IMAGE, "localhost/shop@sha256:" + IMAGE);
            assertThat(found.files().rootFolder()).isEqualTo("/merged");
        });
    }

    @Test
    void an_image_given_by_its_id_gets_its_first_name() throws IOException {
        write("root/overlay-containers/containers.json", CONTAINERS.replace("IMAGENAME", IMAGE));
        assertThat(storage().at(PLACE).orElseThrow().facts().image().map(ImageReference::toString))
                .isEqualTo(Known.of("docker.io/library/shop:1.0"));
    }

    @Test
    void containers_that_are_not_kept_are_listed_apart() throws IOException {
        write("root/overlay-containers/volatile-containers.json", CONTAINERS);
        assertThat(storage().at(PLACE)).isPresent();
    }

    @Test
    void other_drivers_keep_other_folders() throws IOException {
        write("root/vfs-containers/containers.json", CONTAINERS);
        assertThat(storage().at(PLACE)).isPresent();
    }

    @Test
    void a_container_made_later_is_found() throws IOException {
        PodmanStorage storage = storage();
        assertThat(storage.at(PLACE)).isEmpty();
        write("root/overlay-containers/containers.json", "[]");
        assertThat(storage.at(PLACE)).isEmpty();
        write("root/overlay-containers/containers.json", CONTAINERS);
        assertThat(storage.at(PLACE)).isPresent();
    }

    @Test
    void a_list_that_is_half_written_tells_nothing() throws IOException {
        write("root/overlay-containers/containers.json", CONTAINERS.substring(0, 40));
        assertThat(storage().at(PLACE)).isEmpty();
    }

    @Test
    void a_cgroup_of_podmans_that_is_no_container_is_none() throws IOException {
        write("root/overlay-containers/containers.json", CONTAINERS);
        assertThat(storage().at(new CgroupPath("/own"))).isEmpty();
        assertThat(storage().at(new CgroupPath("/own/libpod-" + ID + "/container")))
                .isEmpty();
    }
}
