package io.guardian.agent.workload;

import java.util.List;

/**
 * Facts of a container that are shown but decide nothing. The empty text, the empty list and 0 mean that no source
 * told.
 *
 * @param state {@code running} or {@code exited}, as the runtime said when it was asked
 * @param hostname host name inside
 * @param user user the entry point runs as, as configured ({@code redis}, {@code 999:999})
 * @param command the entry point's argument vector, as started
 * @param args the arguments a pod's specification adds to the command
 * @param mounts what is mounted into it
 * @param platform {@code linux/amd64}
 * @param imageTags references of its image, in full form
 * @param imageDigests references of its image by manifest digest
 * @param pid host pid of its first process
 * @param restartCount how often its pod restarted it, -1 if nobody told
 * @param isolation what keeps its processes from being seen from outside it, such as a virtual machine
 */
public record ContainerDetails(
        String state,
        String hostname,
        String user,
        List<String> command,
        List<String> args,
        List<MountFact> mounts,
        String platform,
        List<String> imageTags,
        List<String> imageDigests,
        int pid,
        int restartCount,
        String isolation) {

    /** Nothing told. */
    public static final ContainerDetails NONE =
            new ContainerDetails("", "", "", List.of(), List.of(), List.of(), "", List.of(), List.of(), 0, -1, "");

    public ContainerDetails {
        command = List.copyOf(command);
        args = List.copyOf(args);
        mounts = List.copyOf(mounts);
        imageTags = List.copyOf(imageTags);
        imageDigests = List.copyOf(imageDigests);
    }

    /** Adds what another source told; where both did, this one's stays. */
    public ContainerDetails or(ContainerDetails other) {
        return new ContainerDetails(
                or(state, other.state),
                or(hostname, other.hostname),
                or(user, other.user),
                or(command, other.command),
                or(args, other.args),
                or(mounts, other.mounts),
                or(platform, other.platform),
                or(imageTags, other.imageTags),
                or(imageDigests, other.imageDigests),
                pid == 0 ? other.pid : pid,
                restartCount < 0 ? other.restartCount : restartCount,
                or(isolation, other.isolation));
    }

    private static String or(String own, String other) {
        return own.isEmpty() ? other : own;
    }

    private static <T> List<T> or(List<T> own, List<T> other) {
        return own.isEmpty() ? other : own;
    }
}
