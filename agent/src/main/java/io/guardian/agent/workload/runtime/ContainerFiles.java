package io.guardian.agent.workload.runtime;

import io.guardian.agent.workload.MountFact;
import java.util.List;

/**
 * Where the files of a container lie on the host.
 *
 * @param rootFolder its root file system; the empty text when not known
 * @param mounts what is mounted over parts of it, which hides the files of the image
 */
public record ContainerFiles(String rootFolder, List<MountFact> mounts) {

    /** Not known. */
    public static final ContainerFiles NONE = new ContainerFiles("", List.of());

    public ContainerFiles {
        mounts = List.copyOf(mounts);
    }

    public boolean isKnown() {
        return !rootFolder.isEmpty();
    }
}
