/**
 * What container runtimes say of their containers, each source a class: state folders that containerd writes for runc,
 * podman's storage, and the Container Runtime Interface over its socket.
 *
 * <p>In come a cgroup's place or a container's id, out comes a
 * {@link io.guardian.agent.workload.runtime.RuntimeContainer}. The sources that read files answer before a container's
 * first exec; those that ask over a socket know more and answer a little later.
 *
 * <p>Start reading at {@link io.guardian.agent.workload.runtime.PlaceSource} and
 * {@link io.guardian.agent.workload.runtime.ContainerSource}.
 */
@org.jspecify.annotations.NullMarked
package io.guardian.agent.workload.runtime;
