/**
 * Reads the Kubernetes API: paged lists, then watches with bookmarks, and lists again when a watch has expired.
 *
 * <p>In: what the API server says. Out: calls of {@link io.guardian.cluster.state.ClusterState}. Start reading at
 * {@link io.guardian.cluster.watch.Watching}.
 */
@org.jspecify.annotations.NullMarked
package io.guardian.cluster.watch;
