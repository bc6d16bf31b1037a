package io.guardian.agent.run;

import io.guardian.agent.act.Acting;
import io.guardian.agent.attribute.ProcessTracker;
import io.guardian.agent.attribute.Surroundings;
import io.guardian.agent.decode.RecordSource;
import io.guardian.agent.workload.WorkloadView;

/**
 * All that the agent's core knows of the machine it runs on. Given records, clocks and files, what it does is a
 * function of them: so a simulation can drive it through years and crashes.
 *
 * @param source where records come from
 * @param workloads to whom they belong
 * @param acting does what verdicts ask for
 * @param look what a process is now
 * @param machine its root, mounts and users
 * @param time its clocks
 * @param usage what the agent uses of it
 */
public record Ports(
        RecordSource source,
        WorkloadView workloads,
        Acting acting,
        ProcessTracker.ProcessLook look,
        Surroundings machine,
        Time time,
        Usage usage) {}
