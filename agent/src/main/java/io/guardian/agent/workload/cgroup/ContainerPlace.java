package io.guardian.agent.workload.cgroup;

import io.guardian.agent.workload.ContainerRuntime;
import io.guardian.core.id.ContainerId;
import java.util.Optional;

/**
 * A cgroup whose name is the one that a container runtime would give to a container's.
 *
 * <table>
 * <caption>The names, by runtime and cgroup driver</caption>
 * <tr><th>runtime</th><th>systemd driver</th><th>cgroupfs driver</th></tr>
 * <tr><td>containerd under Kubernetes</td><td>{@code cri-containerd-ID.scope}</td><td>{@code …/podUID/ID}</td></tr>
 * <tr><td>CRI-O</td><td>{@code crio-ID.scope}</td><td>{@code …/crio-ID}</td></tr>
 * <tr><td>podman</td><td>{@code libpod-ID.scope}</td><td>{@code libpod_parent/libpod-ID}</td></tr>
 * <tr><td>Docker</td><td>{@code docker-ID.scope}</td><td>{@code docker/ID}</td></tr>
 * <tr><td>containerd, other namespaces</td><td>{@code …-ID.scope}</td><td>{@code NAMESPACE/ID}</td></tr>
 * </table>
 *
 * ID is 64 hex digits. The monitors beside them ({@code crio-conmon-ID.scope}, {@code libpod-conmon-ID.scope}) are not
 * containers and their names don't match. Podman's cgroup of a pod is a bare 64 hex digits as well; the runtime that is
 * asked about it doesn't know it.
 *
 * @param cgroup the place
 * @param id the container's id
 * @param runtime the runtime that the name speaks of
 */
public record ContainerPlace(CgroupPath cgroup, ContainerId id, ContainerRuntime runtime) {

    private static final String SCOPE = ".scope";

    /** Reads the last part of the path. */
    public static Optional<ContainerPlace> of(CgroupPath cgroup) {
        String name = cgroup.name();
        String bare = name.endsWith(SCOPE) ? name.substring(0, name.length() - SCOPE.length()) : name;
        for (ContainerNaming naming : ContainerNaming.values()) {
            Optional<ContainerId> id = naming.read(bare);
            if (id.isPresent()) {
                return id.map(found -> new ContainerPlace(cgroup, found, naming.runtime()));
            }
        }
        return Optional.empty();
    }
}
