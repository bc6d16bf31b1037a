/**
 * The cluster monitor: one deployment per Kubernetes cluster that tells the server what the cluster holds and deletes
 * the pods that the server asks it to.
 *
 * <p>In: the objects of the Kubernetes API, and actions from the server. Out: one record per object and per declared
 * container, and the results of actions.
 */
@org.jspecify.annotations.NullMarked
package io.guardian.cluster;
