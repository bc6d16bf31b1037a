/**
 * Kubernetes clusters as the server sees them: the containers that pods declare joined with those that runtimes run,
 * the labels of namespaces, and whether cluster policies allow each container.
 *
 * <p>In come the records of cluster monitors and node agents in the order of the log; out go one
 * {@code model_container} per container whoever saw it, and deviations from cluster policies to {@code respond}. The
 * state is in memory, small per container, bounded, and made again from the history after a restart. Start reading at
 * {@link io.guardian.backend.cluster.ClusterJudging}.
 */
@org.jspecify.annotations.NullMarked
package io.guardian.backend.cluster;
