/**
 * Which workload an event belongs to, and what is known of it.
 *
 * <p>In come cgroup ids and paths as the kernel reports them; out come {@link io.guardian.agent.workload.Attribution}s:
 * a container, an instance of a service, or none. Facts about a container arrive from the runtimes a little later than
 * its cgroup, so each fact is present, absent or unknown yet ({@link io.guardian.agent.workload.Known}), and listeners
 * hear of every change.
 *
 * <p>Start reading at {@link io.guardian.agent.workload.Workloads}; what a path says by itself is decided in
 * {@link io.guardian.agent.workload.cgroup}, what a runtime says is read in {@link io.guardian.agent.workload.runtime},
 * and files of a container are read in {@link io.guardian.agent.workload.file}.
 */
@org.jspecify.annotations.NullMarked
package io.guardian.agent.workload;
