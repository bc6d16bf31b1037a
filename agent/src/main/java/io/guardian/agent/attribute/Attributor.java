package io.guardian.agent.attribute;

import io.guardian.agent.workload.Attribution;
import io.guardian.agent.workload.InstanceKey;
import io.guardian.agent.workload.Workload;
import io.guardian.core.text.Json;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** The workload instances that are in use, by key. Touched by the pipeline's thread. */
public final class Attributor {
    private static final int INSTANCES_MAX = 10_000;

    private final CgroupOwners owners;
    private final AgentIdentity identity;
    private final Map<InstanceKey, Instance> instances = new HashMap<>();
    private final Map<String, Json.Obj> presets = new HashMap<>();

    /** Says whose a cgroup is. */
    @FunctionalInterface
    public interface CgroupOwners {
        /**
         * @param pid a process of the cgroup, as the host sees it
         * @param startWallMicros when that process started
         */
        Attribution of(long cgroupId, int pid, long startWallMicros);
    }

    public Attributor(CgroupOwners owners, AgentIdentity identity) {
        this.owners = owners;
        this.identity = identity;
    }

    public AgentIdentity identity() {
        return identity;
    }

    public Attribution attribution(long cgroupId, int pid, long startWallMicros) {
        return owners.of(cgroupId, pid, startWallMicros);
    }

    /** The instance of a workload; absent beyond the limit. */
    public Optional<Instance> instance(Workload workload) {
        var known = instances.get(workload.key());
        if (known != null) {
            known.update(workload);
            return Optional.of(known);
        }
        if (instances.size() >= INSTANCES_MAX) {
            return Optional.empty();
        }
        var preset = presets.getOrDefault(workload.cgroup() + "|" + workload.cgroupId(), Json.Obj.EMPTY);
        var made = new Instance(workload, identity, preset);
        instances.put(workload.key(), made);
        return Optional.of(made);
    }

    /**
     * The uids that an earlier run gave to the workload in a cgroup, for when it is seen again.
     *
     * @param place path and id of the cgroup
     */
    void preset(String place, Json.Obj kept) {
        presets.put(place, kept);
    }

    /** What is seen from now on is new. */
    void forgetPresets() {
        presets.clear();
    }

    /** The instance of this key, if it is in use. */
    public Optional<Instance> known(InstanceKey key) {
        return Optional.ofNullable(instances.get(key));
    }

    public void forget(InstanceKey key) {
        var gone = instances.remove(key);
        if (gone != null) {
            gone.paths().forget();
        }
    }

    public Collection<Instance> all() {
        return instances.values();
    }
}
