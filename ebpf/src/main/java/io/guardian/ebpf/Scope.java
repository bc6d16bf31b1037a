package io.guardian.ebpf;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The cgroups that are watched.
 *
 * @param root where the v2 hierarchy is mounted
 * @param only the watched subtrees, none inside another; empty for the whole machine
 */
record Scope(Path root, List<Target> only) {

    Scope {
        only = List.copyOf(only);
    }

    /** A cgroup with its id. */
    record Target(Path folder, long id) {}

    /** The scope, or why it can't be had in {@code reasons}. */
    static Optional<Scope> of(SensorOptions options, List<String> reasons) {
        Path root = CgroupRoot.find().orElseThrow();
        List<Target> only = new ArrayList<>();
        for (Path folder : options.onlyCgroups()) {
            Path normal = folder.toAbsolutePath().normalize();
            Optional<Long> id = CgroupRoot.id(normal);
            if (!normal.startsWith(root)) {
                reasons.add("cgroup folder `" + folder + "` isn't below `" + root + "`");
            } else if (id.isEmpty()) {
                reasons.add("cgroup folder `" + folder + "` isn't there: make it first");
            } else if (options.onlyCgroups().stream().noneMatch(other -> inside(normal, other))) {
                only.add(new Target(normal, id.get()));
            }
        }
        return reasons.isEmpty() ? Optional.of(new Scope(root, only)) : Optional.empty();
    }

    // A hook at both would run twice for what happens in the inner one.
    private static boolean inside(Path folder, Path other) {
        Path normal = other.toAbsolutePath().normalize();
        return folder.startsWith(normal) && !folder.equals(normal);
    }

    /** Where cgroup programs are attached. */
    List<Target> hooks() {
        return only.isEmpty() ? List.of(new Target(root, CgroupRoot.id(root).orElseThrow())) : only;
    }

    /** True if everything is watched. */
    boolean wholeMachine() {
        return only.isEmpty();
    }
}
