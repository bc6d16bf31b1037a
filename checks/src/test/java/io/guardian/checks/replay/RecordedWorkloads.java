package io.guardian.checks.replay;

import io.guardian.agent.workload.Attribution;
import io.guardian.agent.workload.FirstProcess;
import io.guardian.agent.workload.InstanceKey;
import io.guardian.agent.workload.Resolvers;
import io.guardian.agent.workload.ServiceWorkload;
import io.guardian.agent.workload.UserNames;
import io.guardian.agent.workload.Workload;
import io.guardian.agent.workload.cgroup.CgroupPath;
import io.guardian.checks.fixture.agent.MadeWorkloads;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;

/** The services that a recording itself tells of, by the paths of their cgroups. */
final class RecordedWorkloads extends MadeWorkloads {
    private static final UserNames USERS = new UserNames(Map.of(65534L, "nobody", 1L, "daemon"));

    private final Map<Long, CgroupPath> services = new HashMap<>();
    private final Map<Long, Workload> alive = new HashMap<>();
    private final LongSupplier nowMicros;

    RecordedWorkloads(LongSupplier nowMicros) {
        this.nowMicros = nowMicros;
    }

    @Override
    public Attribution byCgroup(long cgroupId) {
        return attribution(cgroupId);
    }

    @Override
    public Attribution byCgroup(long cgroupId, FirstProcess process) {
        var path = services.get(cgroupId);
        if (path != null) {
            alive.computeIfAbsent(
                    cgroupId,
                    id -> new ServiceWorkload(
                            new InstanceKey("service:" + path + ":" + id),
                            path,
                            id,
                            process.pid(),
                            process.startedAt(),
                            USERS,
                            Resolvers.NONE));
        }
        return attribution(cgroupId);
    }

    private Attribution attribution(long cgroupId) {
        var workload = alive.get(cgroupId);
        return workload == null ? new Attribution.Outside() : new Attribution.Inside(workload);
    }

    @Override
    public void cgroupCreated(long cgroupId, String path) {
        CgroupPath.parse(path)
                .filter(parsed -> parsed.name().endsWith(".service"))
                .ifPresent(parsed -> services.put(cgroupId, parsed));
    }

    @Override
    public void cgroupRemoved(long cgroupId) {
        services.remove(cgroupId);
        var workload = alive.remove(cgroupId);
        if (workload != null) {
            tellEnd(workload, nowMicros.getAsLong());
        }
    }

    @Override
    public List<Workload> alive() {
        return List.copyOf(alive.values());
    }
}
