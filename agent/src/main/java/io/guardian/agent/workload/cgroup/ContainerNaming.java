package io.guardian.agent.workload.cgroup;

import io.guardian.agent.workload.ContainerRuntime;
import io.guardian.core.id.ContainerId;
import java.util.Optional;

/** What a runtime writes before the id in a cgroup's name. */
enum ContainerNaming {
    CRI_CONTAINERD("cri-containerd-", ContainerRuntime.CONTAINERD),
    CRI_O("crio-", ContainerRuntime.CRI_O),
    PODMAN("libpod-", ContainerRuntime.PODMAN),
    DOCKER("docker-", ContainerRuntime.DOCKER),
    BARE("", ContainerRuntime.UNKNOWN);

    private final String prefix;
    private final ContainerRuntime runtime;

    ContainerNaming(String prefix, ContainerRuntime runtime) {
        this.prefix = prefix;
        this.runtime = runtime;
    }

    ContainerRuntime runtime() {
        return runtime;
    }

    /** The id behind the prefix, when it's one that a runtime drew. */
    Optional<ContainerId> read(String name) {
        return name.startsWith(prefix)
                ? ContainerId.parse(name.substring(prefix.length())).filter(ContainerId::isDigest)
                : Optional.empty();
    }
}
