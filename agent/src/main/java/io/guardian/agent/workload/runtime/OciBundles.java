package io.guardian.agent.workload.runtime;

import io.guardian.agent.workload.cgroup.CgroupPath;
import io.guardian.agent.workload.cgroup.ContainerPlace;
import io.guardian.core.id.ContainerId;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The state folders of containerd (its own, k3s', Docker's), read without asking containerd. A bundle is there before
 * its cgroup is made, so a container is known here before anything runs in it.
 *
 * <p>A cgroup that carries a drawn id is found by that id. Others ({@code ctr run … redis-1}, {@code ctr run --cgroup})
 * are found by the {@code cgroupsPath} of the bundles, of which an index is kept.
 */
public final class OciBundles implements PlaceSource {

    private static final List<String> TASK_FOLDERS =
            List.of("io.containerd.runtime.v2.task", "io.containerd.runtime.v1.linux");
    private static final int NAMESPACES_MAX = 64;
    private static final int BUNDLES_MAX = 4096;

    private final List<Path> stateFolders;
    private final Map<Path, String> cgroupByBundle = new HashMap<>();

    /** @param stateFolders containerd's {@code state} settings; those that don't exist yet are looked for again */
    public OciBundles(List<Path> stateFolders) {
        this.stateFolders = List.copyOf(stateFolders);
    }

    @Override
    public synchronized Optional<RuntimeContainer> at(CgroupPath place) {
        Optional<ContainerId> drawn = ContainerPlace.of(place).map(ContainerPlace::id);
        return drawn.isPresent() ? byId(drawn.get()) : byCgroup(place);
    }

    private Optional<RuntimeContainer> byId(ContainerId id) {
        for (Path namespace : namespaces()) {
            OciBundle bundle = new OciBundle(nameOf(namespace), id, namespace.resolve(id.text()));
            Optional<RuntimeContainer> found = bundle.config().map(bundle::describe);
            if (found.isPresent()) {
                return found;
            }
        }
        return Optional.empty();
    }

    private Optional<RuntimeContainer> byCgroup(CgroupPath place) {
        List<OciBundle> bundles = bundlesWithChosenIds();
        index(bundles);
        return bundles.stream()
                .filter(bundle -> isAt(cgroupByBundle.getOrDefault(bundle.folder(), ""), place))
                .findFirst()
                .flatMap(bundle -> bundle.config().map(bundle::describe));
    }

    /** A specification never changes once its bundle stands, so each is read once. */
    private void index(List<OciBundle> bundles) {
        Set<Path> present = new HashSet<>();
        for (OciBundle bundle : bundles) {
            present.add(bundle.folder());
            if (!cgroupByBundle.containsKey(bundle.folder())) {
                bundle.config().ifPresent(config -> cgroupByBundle.put(bundle.folder(), config.cgroupsPath()));
            }
        }
        cgroupByBundle.keySet().retainAll(present);
    }

    private static boolean isAt(String cgroupsPath, CgroupPath place) {
        String[] systemd = cgroupsPath.split(":", -1);
        if (systemd.length == 3) {
            return place.name().equals(systemd[1] + "-" + systemd[2] + ".scope");
        }
        return !cgroupsPath.isEmpty()
                && place.text().equals(cgroupsPath.startsWith("/") ? cgroupsPath : "/" + cgroupsPath);
    }

    private List<OciBundle> bundlesWithChosenIds() {
        List<OciBundle> bundles = new ArrayList<>();
        for (Path namespace : namespaces()) {
            for (Path folder : children(namespace, BUNDLES_MAX)) {
                ContainerId.parse(nameOf(folder))
                        .map(id -> new OciBundle(nameOf(namespace), id, folder))
                        .ifPresent(bundles::add);
            }
        }
        return bundles;
    }

    private List<Path> namespaces() {
        List<Path> all = new ArrayList<>();
        for (Path state : stateFolders) {
            for (String tasks : TASK_FOLDERS) {
                all.addAll(children(state.resolve(tasks), NAMESPACES_MAX));
            }
        }
        return all;
    }

    private static List<Path> children(Path folder, int most) {
        List<Path> all = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
            for (Path entry : entries) {
                if (all.size() == most) {
                    break;
                }
                all.add(entry);
            }
        } catch (IOException | DirectoryIteratorException absent) {
            return List.of();
        }
        return all;
    }

    private static String nameOf(Path path) {
        Path name = path.getFileName();
        return name == null ? "" : name.toString();
    }
}
