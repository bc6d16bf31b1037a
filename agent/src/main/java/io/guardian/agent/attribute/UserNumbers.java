package io.guardian.agent.attribute;

import io.guardian.ebpf.UidMap;
import java.util.Optional;

/** How user namespaces number the host's users. */
@FunctionalInterface
public interface UserNumbers {
    /** Where nobody can tell. */
    UserNumbers NONE = (pid, userNamespace) -> Optional.empty();

    /** The uids of a namespace; empty if the process isn't in it any more. */
    Optional<UidMap> of(int pid, long userNamespace);
}
