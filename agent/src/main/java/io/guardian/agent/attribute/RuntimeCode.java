package io.guardian.agent.attribute;

import io.guardian.agent.workload.ContainerWorkload;
import io.guardian.agent.workload.ServiceWorkload;
import io.guardian.ebpf.ExeFile;
import io.guardian.ebpf.Origin;
import io.guardian.ebpf.ProcessImage;
import java.util.Set;

/**
 * Tells the code of container runtimes and of systemd, which runs in a workload's cgroup just before the workload's
 * first program, from the workload's own. Asked only about processes that came from outside, so a program of the
 * workload can't hide by looking like a runtime.
 *
 * @param hostMountNamespace the mount namespace of the machine itself
 */
public record RuntimeCode(long hostMountNamespace) {
    private static final Set<String> SYSTEMD =
            Set.of("/usr/lib/systemd/systemd-executor", "/lib/systemd/systemd-executor", "/usr/lib/systemd/systemd");

    boolean is(ProcessImage image, Instance instance) {
        return switch (instance.workload()) {
            // A runtime joins the cgroup first and the mount namespace later, and runs from a file that no container
            // can
            // reach by a path; a container's program starts in its own namespace, from its own files.
            case ContainerWorkload container ->
                image.namespaces().mount() == hostMountNamespace || isOutOfReach(image.exe());
            case ServiceWorkload service ->
                image.namespaces().mount() == hostMountNamespace
                        && image.exe().origin() == Origin.IMAGE
                        && SYSTEMD.contains(image.exe().path());
        };
    }

    private static boolean isOutOfReach(ExeFile exe) {
        boolean nameless = !exe.path().startsWith("/") && !exe.path().equals("unknown") && !exe.pathCut();
        return exe.origin() == Origin.MEMFD || exe.origin() == Origin.DELETED || nameless;
    }
}
