package io.guardian.agent.act;

import static org.assertj.core.api.Assertions.assertThat;

import io.guardian.agent.setup.CgroupScope;
import io.guardian.agent.workload.cgroup.CgroupPath;
import io.guardian.ebpf.CgroupHierarchy;
import io.guardian.ebpf.ProcessKey;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class ReadOnlyGuardsTest {
    private static final ProcessKey SOME_PROCESS = new ProcessKey(4_194_000, 1);

    private final Guards guards = new Guards(
            new CgroupScope(new CgroupHierarchy(Path.of("/nowhere"), 0, CgroupHierarchy.Controller.NONE), List.of()),
            new OwnProcesses(1, Set.of(), List.of()),
            new HostPrograms(0, Path.of("/")));

    @Test
    void guards_look_at_the_process_until_they_are_made_read_only() {
        assertThat(guards.check(SOME_PROCESS, CgroupPath.ROOT)).isEqualTo(new Guards.Verdict.Gone());
        guards.makeReadOnly();
        assertThat(guards.check(SOME_PROCESS, CgroupPath.ROOT))
                .isEqualTo(new Guards.Verdict.Refused("this agent is read-only"));
    }
}
