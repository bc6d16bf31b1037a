/**
 * What the cluster holds now, as far as the API server told, and what of it the server was told.
 *
 * <p>In: objects and the places of objects that are gone. Out: the records that changed by it. Start reading at
 * {@link io.guardian.cluster.state.ClusterState}.
 */
@org.jspecify.annotations.NullMarked
package io.guardian.cluster.state;
