package io.guardian.agent.workload;

import java.time.Instant;

/**
 * The process that an event speaks of. If the event is the first of a service, this is the process the instance is
 * named by.
 *
 * @param pid host pid
 * @param startedAt when it started
 */
public record FirstProcess(int pid, Instant startedAt) {}
