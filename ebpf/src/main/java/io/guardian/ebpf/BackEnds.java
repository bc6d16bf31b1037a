package io.guardian.ebpf;

import static io.guardian.ebpf.KernelProgram.EACH_OTHER_SOCKET;
import static io.guardian.ebpf.KernelProgram.EACH_SOCKET;
import static io.guardian.ebpf.KernelProgram.EACH_TASK;
import static io.guardian.ebpf.KernelProgram.EACH_USER;
import static io.guardian.ebpf.KernelProgram.ON_CGROUP_MKDIR;
import static io.guardian.ebpf.KernelProgram.ON_CONNECT4;
import static io.guardian.ebpf.KernelProgram.ON_CONNECT6;
import static io.guardian.ebpf.KernelProgram.ON_EGRESS;
import static io.guardian.ebpf.KernelProgram.ON_INGRESS;
import static io.guardian.ebpf.KernelProgram.ON_PREPARE_EXEC;
import static io.guardian.ebpf.KernelProgram.ON_SOCKET;
import static io.guardian.ebpf.KernelProgram.ON_TCP_STATE;

import io.guardian.ebpf.Capabilities.BackEnd;
import java.util.List;
import java.util.Set;

/** Which way each part of the work takes, given what is attached. The ways themselves are the programs'. */
final class BackEnds {
    private BackEnds() {}

    /**
     * The choices.
     *
     * @param attached the programs that run
     * @param workloads by which cgroups workloads are told
     * @param fetchingAdd whether the kernel's atomic addition returns the old value
     * @param securityHooks what came of trying a program at a security hook
     * @param functionEntries the same for one at the entry of a function
     */
    static List<BackEnd> of(
            Set<KernelProgram> attached,
            CgroupHierarchy workloads,
            boolean fetchingAdd,
            String securityHooks,
            String functionEntries) {
        boolean connects = attached.containsAll(Set.of(ON_CONNECT4, ON_CONNECT6));
        boolean datagrams = attached.containsAll(Set.of(ON_INGRESS, ON_EGRESS));
        return List.of(
                new BackEnd("workloads", workloads.isV1() ? "cgroup v1, " + workloads.controller() : "cgroup v2"),
                new BackEnd("record_numbers", fetchingAdd ? "atomic addition" : "lanes for those who interrupt"),
                new BackEnd("socket_names", fetchingAdd ? "cookies" : "cookies, addresses where there is none yet"),
                new BackEnd(
                        "user_before_exec",
                        attached.contains(ON_PREPARE_EXEC)
                                ? "at exec"
                                : attached.contains(EACH_USER)
                                        ? "with the process's next act, or within a second"
                                        : "none"),
                new BackEnd(
                        "connect",
                        connects
                                ? "cgroup hooks"
                                : attached.contains(ON_TCP_STATE) ? "state changes of TCP; no UDP" : "none"),
                new BackEnd("accept", attached.contains(ON_TCP_STATE) ? "state changes of TCP" : "none"),
                new BackEnd("datagrams_and_dns", datagrams ? "packets of the cgroup; DNS by TCP too" : "none"),
                new BackEnd(
                        "other_sockets",
                        attached.contains(ON_SOCKET)
                                ? "when they are made"
                                : attached.contains(EACH_OTHER_SOCKET) ? "looked for while they are open" : "none"),
                new BackEnd("cgroups", attached.contains(ON_CGROUP_MKDIR) ? "tracepoints" : "none"),
                new BackEnd(
                        "what_ran_before",
                        attached.containsAll(Set.of(EACH_TASK, EACH_SOCKET)) ? "iterators" : "incomplete"),
                new BackEnd("lsm", securityHooks),
                new BackEnd("fentry", functionEntries));
    }
}
