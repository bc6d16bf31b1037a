package io.guardian.agent.workload.runtime;

import java.nio.file.Path;

/**
 * One storage of podman.
 *
 * @param graph where images and containers are kept ({@code podman --root})
 * @param run where the state of running ones is kept ({@code podman --runroot})
 */
public record PodmanRoot(Path graph, Path run) {

    /** Root's own storage where nothing else is configured. */
    public static final PodmanRoot DEFAULT =
            new PodmanRoot(Path.of("/var/lib/containers/storage"), Path.of("/run/containers/storage"));
}
