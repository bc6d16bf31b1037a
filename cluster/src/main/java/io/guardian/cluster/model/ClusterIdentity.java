package io.guardian.cluster.model;

/**
 * The cluster that is watched.
 *
 * @param uid {@code clus:…}, given by the server
 * @param name given by whoever installed the monitor
 * @param kubernetesUid uid of the namespace {@code kube-system}
 */
public record ClusterIdentity(String uid, String name, String kubernetesUid) {}
