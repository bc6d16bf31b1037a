package io.guardian.agent.workload.runtime;

import io.guardian.agent.workload.ContainerDetails;
import io.guardian.agent.workload.ContainerFacts;
import io.guardian.agent.workload.ContainerRuntime;
import io.guardian.agent.workload.Known;
import io.guardian.agent.workload.cgroup.CgroupPath;
import io.guardian.agent.workload.cgroup.ContainerPlace;
import io.guardian.agent.workload.file.BoundedRead;
import io.guardian.core.id.ContainerId;
import io.guardian.core.id.ImageId;
import io.guardian.core.id.ImageReference;
import io.guardian.core.text.Json;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Podman's storage on disk, which tells all that its socket would and needs no service running:
 * {@code DRIVER-containers/containers.json} has names, image and creation time, {@code DRIVER-images/images.json} the
 * names and digests of images, and each container's {@code userdata/config.json} what it was started with. All are
 * written before the container's cgroup is made.
 */
public final class PodmanStorage implements PlaceSource {

    private static final List<String> DRIVERS = List.of("overlay", "vfs", "btrfs", "zfs");
    private static final int CONFIG_BYTES_MAX = 4 << 20;
    private static final int PID_BYTES_MAX = 16;
    private static final String PODMAN_MANAGER = "libpod";

    private final List<Store> stores;

    /** @param roots the storages; those that don't exist yet are looked for again */
    public PodmanStorage(List<PodmanRoot> roots) {
        List<Store> all = new ArrayList<>();
        for (PodmanRoot root : roots) {
            DRIVERS.forEach(driver -> all.add(new Store(root, driver)));
        }
        this.stores = List.copyOf(all);
    }

    @Override
    public synchronized Optional<RuntimeContainer> at(CgroupPath place) {
        Optional<ContainerId> id = ContainerPlace.of(place).map(ContainerPlace::id);
        return id.flatMap(this::byId);
    }

    private Optional<RuntimeContainer> byId(ContainerId id) {
        return stores.stream().flatMap(store -> store.find(id).stream()).findFirst();
    }

    /** The containers and images that one storage driver keeps below one root. */
    private static final class Store {

        private final Path containers;
        private final Path running;
        private final List<CachedJson> containerLists;
        private final CachedJson images;

        Store(PodmanRoot root, String driver) {
            containers = root.graph().resolve(driver + "-containers");
            running = root.run().resolve(driver + "-containers");
            // Newer versions keep those of `podman run --rm` in a list of their own.
            containerLists = List.of(
                    new CachedJson(containers.resolve("containers.json")),
                    new CachedJson(containers.resolve("volatile-containers.json")),
                    new CachedJson(running.resolve("volatile-containers.json")));
            images = new CachedJson(root.graph().resolve(driver + "-images").resolve("images.json"));
        }

        Optional<RuntimeContainer> find(ContainerId id) {
            return containerLists.stream()
                    .flatMap(list -> byId(list, id.text()).stream())
                    .findFirst()
                    .map(entry -> describe(id, entry));
        }

        private static Optional<Json.Obj> byId(CachedJson list, String id) {
            return list.read().objects().stream()
                    .filter(entry -> entry.text("id").equals(id))
                    .findFirst();
        }

        private RuntimeContainer describe(ContainerId id, Json.Obj entry) {
            StoredContainer stored = StoredContainer.of(entry);
            StoredImage image =
                    byId(images, stored.imageId()).map(StoredImage::of).orElse(StoredImage.NONE);
            OciConfig config = BoundedRead.json(userdata(containers, id).resolve("config.json"), CONFIG_BYTES_MAX)
                    .filter(Json.Obj.class::isInstance)
                    .map(json -> OciConfig.of((Json.Obj) json))
                    .orElse(OciConfig.of(Json.Obj.EMPTY));
            boolean podman = config.annotation("io.container.manager").equals(PODMAN_MANAGER);
            ContainerFacts facts = new ContainerFacts(
                    id,
                    podman ? ContainerRuntime.PODMAN : ContainerRuntime.UNKNOWN,
                    stored.name(),
                    Known.ifPresent(ImageReference.parse(stored.imageName())
                            .or(() -> image.tags().stream().findFirst())),
                    Known.ifPresent(ImageId.parse(stored.imageId())),
                    stored.createdAt(),
                    podman ? Known.of(stored.isInfra()) : Known.unknown(),
                    podman ? Known.absent() : Known.unknown(),
                    details(id, config, image));
            ContainerFiles files = config.root().startsWith("/")
                    ? new ContainerFiles(config.root(), config.mounts(), config.uids())
                    : ContainerFiles.NONE;
            return new RuntimeContainer(facts, files);
        }

        private ContainerDetails details(ContainerId id, OciConfig config, StoredImage image) {
            int pid = BoundedRead.text(userdata(running, id).resolve("pidfile"), PID_BYTES_MAX)
                    .map(OciBundle::pid)
                    .orElse(0);
            return new ContainerDetails(
                    "",
                    config.hostname(),
                    config.user(),
                    config.args(),
                    List.of(),
                    config.mounts(),
                    Platform.text(),
                    image.tags().stream().map(ImageReference::toString).toList(),
                    image.digests(),
                    pid,
                    -1,
                    "");
        }

        private static Path userdata(Path containers, ContainerId id) {
            return containers.resolve(id.text()).resolve("userdata");
        }
    }
}
