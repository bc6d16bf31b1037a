package io.guardian.agent.workload;

import java.util.Locale;

/** The program that keeps a container. */
public enum ContainerRuntime {
    CONTAINERD,
    CRI_O,
    PODMAN,
    DOCKER,
    UNKNOWN;

    /** As records write it: {@code containerd}, {@code cri-o}, {@code podman}. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
