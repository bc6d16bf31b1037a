package io.guardian.checks.simulation;

import io.guardian.agent.workload.Attribution;
import io.guardian.agent.workload.FirstProcess;
import io.guardian.agent.workload.InstanceKey;
import io.guardian.agent.workload.Resolvers;
import io.guardian.agent.workload.ServiceWorkload;
import io.guardian.agent.workload.UserNames;
import io.guardian.agent.workload.Workload;
import io.guardian.agent.workload.WorkloadListener;
import io.guardian.agent.workload.WorkloadView;
import io.guardian.agent.workload.cgroup.CgroupPath;
import io.guardian.checks.simulation.SimulatedProcess.SimulatedService;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Says whose a cgroup is, from what the simulated machine knows of its services. */
final class SimulatedWorkloads implements WorkloadView {
    private final SimulatedMachine machine;
    private final Map<Long, Workload> known = new HashMap<>();
    private Optional<WorkloadListener> listener = Optional.empty();

    SimulatedWorkloads(SimulatedMachine machine) {
        this.machine = machine;
    }

    void listen(WorkloadListener who) {
        listener = Optional.of(who);
    }

    @Override
    public Attribution byCgroup(long cgroupId) {
        var service = machine.serviceOf(cgroupId);
        return service.isPresent()
                ? new Attribution.Inside(known.computeIfAbsent(cgroupId, id -> workload(service.get())))
                : new Attribution.Outside();
    }

    private static Workload workload(SimulatedService service) {
        return new ServiceWorkload(
                new InstanceKey("service:" + service.path + ":" + service.cgroupId),
                new CgroupPath(service.path),
                service.cgroupId,
                (int) service.cgroupId,
                Instant.ofEpochSecond(1_700_000_000L + service.cgroupId),
                UserNames.NONE,
                Resolvers.NONE);
    }

    @Override
    public Attribution byCgroup(long cgroupId, FirstProcess process) {
        return byCgroup(cgroupId);
    }

    @Override
    public void cgroupCreated(long cgroupId, String path) {
        // Its first process makes it a workload.
    }

    @Override
    public void cgroupRemoved(long cgroupId) {
        var workload = known.remove(cgroupId);
        if (workload != null) {
            long micros = SimulatedMachine.BOOT_WALL_MICROS + machine.now() / 1000;
            listener.ifPresent(
                    who -> who.ended(workload, Instant.ofEpochSecond(micros / 1_000_000, micros % 1_000_000 * 1000)));
        }
    }

    @Override
    public void processEnded(long cgroupId) {
        // The end of a service is told by the end of its cgroup.
    }

    @Override
    public List<Workload> alive() {
        return machine.services().stream()
                .filter(service -> !service.processes.isEmpty())
                .map(service -> known.computeIfAbsent(service.cgroupId, id -> workload(service)))
                .toList();
    }
}
