package io.guardian.agent.workload.cgroup;

import java.util.List;
import java.util.Optional;

/** Who may own a cgroup, by its path alone. */
public final class CgroupOwners {

    private static final String SERVICE = ".service";

    private CgroupOwners() {}

    /** The places on the path that look like a container's own cgroup, innermost first. */
    public static List<ContainerPlace> containers(CgroupPath path) {
        return path.selfAndAncestors().stream()
                .flatMap(place -> ContainerPlace.of(place).stream())
                .toList();
    }

    /**
     * The outermost part of the path that ends in {@code .service}. Whether a container is around it, the caller asks.
     */
    public static Optional<CgroupPath> service(CgroupPath path) {
        return path.selfAndAncestors().stream()
                .filter(place -> isServiceName(place.name()))
                .reduce((inner, outer) -> outer);
    }

    private static boolean isServiceName(String name) {
        return name.endsWith(SERVICE) && name.length() > SERVICE.length();
    }
}
