package io.guardian.agent.act;

import io.guardian.ebpf.ProcessKey;
import java.util.Optional;

/**
 * Which program a process was seen to execute. What it shows in {@code /proc} is what it says: whoever is root of a
 * user namespace of his own may have {@code /proc/PID/exe} show another file (PR_SET_MM_MAP).
 */
@FunctionalInterface
public interface SeenPrograms {
    /** Nothing was seen. */
    SeenPrograms NONE = process -> Optional.empty();

    /** Its path in the root of its workload; absent if nobody saw the exec. */
    Optional<String> of(ProcessKey process);
}
