package io.guardian.ebpf;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The cgroups that are watched.
 *
 * @param hierarchy in which they are
 * @param only the watched subtrees, none inside another; empty for the whole machine
 */
record Scope(CgroupHierarchy hierarchy, List<Target> only) {

    Scope {
        only = List.copyOf(only);
    }

    /** A cgroup with its id. */
    record Target(Path folder, long id) {}

    /** The scope, or why it can't be had in {@code reasons}. */
    static Optional<Scope> of(SensorOptions options, List<String> reasons) {
        CgroupHierarchy hierarchy = CgroupHierarchy.find().orElseThrow();
        Path root = hierarchy.root();
        List<Target> only = new ArrayList<>();
        for (Path folder : options.onlyCgroups()) {
            Path normal = folder.toAbsolutePath().normalize();
            Optional<Long> id = CgroupHierarchy.id(normal);
            if (!normal.startsWith(root)) {
                reasons.add("cgroup folder `" + folder + "` isn't below `" + root + "`");
            } else if (id.isEmpty()) {
                reasons.add("cgroup folder `" + folder + "` isn't there: make it first");
            } else if (options.onlyCgroups().stream().noneMatch(other -> inside(normal, other))) {
                only.add(new Target(normal, id.get()));
            }
        }
        return reasons.isEmpty() ? Optional.of(new Scope(hierarchy, only)) : Optional.empty();
    }

    // A hook at both would run twice for what happens in the inner one.
    private static boolean inside(Path folder, Path other) {
        Path normal = other.toAbsolutePath().normalize();
        return folder.startsWith(normal) && !folder.equals(normal);
    }

    Path root() {
        return hierarchy.root();
    }

    /** The tops of what is watched. */
    List<Target> tops() {
        return only.isEmpty()
                ? List.of(new Target(root(), CgroupHierarchy.id(root()).orElseThrow()))
                : only;
    }

    /**
     * Where cgroup programs are attached: at the tops, and on v1, which has no such hooks, at the root of v2, from
     * where the programs see the whole machine and drop what isn't watched.
     */
    List<Target> hooks(HookRoot v2) {
        return hierarchy.isV1()
                ? v2.folder().flatMap(folder -> CgroupHierarchy.id(folder).map(id -> new Target(folder, id))).stream()
                        .toList()
                : tops();
    }

    /** True if everything is watched. */
    boolean wholeMachine() {
        return only.isEmpty();
    }
}
