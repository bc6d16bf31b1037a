/**
 * Cgroups by id and path: what a path says by itself of the workload behind it, and the tree that gives a path to an
 * id.
 *
 * <p>In come paths and ids from the kernel, out come {@link io.guardian.agent.workload.cgroup.CgroupOwners}. A path's
 * parts are named by whoever made the folder, which inside a container may be an attacker: a path by itself is never
 * proof that a container exists within another.
 *
 * <p>Start reading at {@link io.guardian.agent.workload.cgroup.CgroupOwners}.
 */
@org.jspecify.annotations.NullMarked
package io.guardian.agent.workload.cgroup;
