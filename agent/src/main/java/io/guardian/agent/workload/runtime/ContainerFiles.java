package io.guardian.agent.workload.runtime;

import io.guardian.agent.workload.MountFact;
import io.guardian.ebpf.UidMap;
import java.util.List;

/**
 * What it takes to look into a container from the host: where its files lie and how its users are numbered.
 *
 * @param rootFolder its root file system; the empty text when not known
 * @param mounts what is mounted over parts of it, which hides the files of the image
 * @param uids its user namespace; {@link #SAME_UIDS} where it has none of its own
 */
public record ContainerFiles(String rootFolder, List<MountFact> mounts, UidMap uids) {

    /** The user namespace of the host. */
    public static final UidMap SAME_UIDS = new UidMap(List.of(new UidMap.Range(0, 0, 0xffff_ffffL)));

    /** Not known. */
    public static final ContainerFiles NONE = new ContainerFiles("", List.of(), SAME_UIDS);

    public ContainerFiles {
        mounts = List.copyOf(mounts);
    }

    public boolean isKnown() {
        return !rootFolder.isEmpty();
    }
}
