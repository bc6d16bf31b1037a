package io.guardian.checks.simulation;

import io.guardian.agent.workload.Attribution;
import io.guardian.agent.workload.ContainerDetails;
import io.guardian.agent.workload.ContainerFacts;
import io.guardian.agent.workload.ContainerRuntime;
import io.guardian.agent.workload.ContainerWorkload;
import io.guardian.agent.workload.InstanceKey;
import io.guardian.agent.workload.Known;
import io.guardian.agent.workload.Resolvers;
import io.guardian.agent.workload.ServiceWorkload;
import io.guardian.agent.workload.UserNames;
import io.guardian.agent.workload.Workload;
import io.guardian.agent.workload.cgroup.CgroupPath;
import io.guardian.agent.workload.runtime.ContainerFiles;
import io.guardian.checks.fixture.agent.MadeWorkloads;
import io.guardian.core.id.ContainerId;
import io.guardian.core.id.ImageId;
import io.guardian.core.id.ImageReference;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Says whose a cgroup is, from what the simulated machine knows; what a container is it is told some time later. */
final class SimulatedWorkloads extends MadeWorkloads {
    private static final Resolvers RESOLVERS = new Resolvers(SimulatedNames.RESOLVERS);

    private final SimulatedMachine machine;
    private final Map<Long, Workload> known = new HashMap<>();

    SimulatedWorkloads(SimulatedMachine machine) {
        this.machine = machine;
    }

    @Override
    public Attribution byCgroup(long cgroupId) {
        var instance = machine.instanceOf(cgroupId);
        return instance.isPresent() ? new Attribution.Inside(current(instance.get())) : new Attribution.Outside();
    }

    /** Tells of whom more is known by now. */
    void tell() {
        List.copyOf(known.keySet()).forEach(id -> machine.instanceOf(id).ifPresent(this::current));
    }

    private Workload current(SimulatedInstance instance) {
        var before = known.get(instance.cgroupId);
        if (before == null) {
            var first = workload(instance);
            known.put(instance.cgroupId, first);
            return first;
        }
        if (before.isPending() && machine.now() >= instance.factsNanos) {
            var told = workload(instance);
            known.put(instance.cgroupId, told);
            tell(who -> who.changed(told));
            return told;
        }
        return before;
    }

    private Workload workload(SimulatedInstance instance) {
        var start = Instant.ofEpochSecond(1_700_000_000L + instance.cgroupId);
        if (!instance.container) {
            return new ServiceWorkload(
                    new InstanceKey("service:" + instance.path + ":" + instance.cgroupId),
                    new CgroupPath(instance.path),
                    instance.cgroupId,
                    (int) instance.cgroupId,
                    start,
                    UserNames.NONE,
                    RESOLVERS);
        }
        var id = new ContainerId("%064x".formatted(instance.cgroupId));
        boolean told = machine.now() >= instance.factsNanos;
        return new ContainerWorkload(
                new InstanceKey("container:" + id),
                new CgroupPath(instance.path),
                instance.cgroupId,
                told ? facts(id, start) : ContainerFacts.unknown(id, ContainerRuntime.CONTAINERD),
                UserNames.NONE,
                RESOLVERS,
                ContainerFiles.SAME_UIDS,
                told);
    }

    private static ContainerFacts facts(ContainerId id, Instant start) {
        return new ContainerFacts(
                id,
                ContainerRuntime.CONTAINERD,
                Known.of("shop"),
                Known.of(ImageReference.parse(Template.IMAGE).orElseThrow()),
                Known.of(ImageId.parse("sha256:" + "b".repeat(64)).orElseThrow()),
                Known.of(start),
                Known.of(false),
                Known.absent(),
                ContainerDetails.NONE);
    }

    @Override
    public void cgroupRemoved(long cgroupId) {
        var workload = known.remove(cgroupId);
        if (workload != null) {
            tellEnd(workload, SimulatedMachine.BOOT_WALL_MICROS + machine.now() / 1000);
        }
    }

    @Override
    public List<Workload> alive() {
        return machine.instances().stream().map(this::current).toList();
    }
}
