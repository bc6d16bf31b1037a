package io.guardian.cluster.model;

import java.util.Locale;

/** The kinds of objects that are watched, and how each is called elsewhere. */
public enum Kind {
    NAMESPACE("Namespace"),
    NODE("Node"),
    DEPLOYMENT("Deployment"),
    REPLICA_SET("ReplicaSet"),
    DAEMON_SET("DaemonSet"),
    STATEFUL_SET("StatefulSet"),
    CRON_JOB("CronJob"),
    JOB("Job"),
    SERVICE_ACCOUNT("ServiceAccount"),
    ROLE("Role"),
    CLUSTER_ROLE("ClusterRole"),
    ROLE_BINDING("RoleBinding"),
    CLUSTER_ROLE_BINDING("ClusterRoleBinding"),
    SERVICE("Service"),
    ENDPOINT_SLICE("EndpointSlice"),
    POD("Pod");

    private final String kubernetesName;

    Kind(String kubernetesName) {
        this.kubernetesName = kubernetesName;
    }

    /** {@code ReplicaSet}. */
    public String kubernetesName() {
        return kubernetesName;
    }

    /** {@code replicaset}, the first part of uids. */
    public String uidType() {
        return this == ENDPOINT_SLICE ? "endpoint" : kubernetesName.toLowerCase(Locale.ROOT);
    }

    /** {@code model_k8s_replicaset}. */
    public String recordType() {
        return "model_k8s_" + uidType();
    }

    /** Whether objects of other kinds name it as their owner. */
    public boolean isOwner() {
        return switch (this) {
            case DEPLOYMENT, REPLICA_SET, DAEMON_SET, STATEFUL_SET, CRON_JOB, JOB -> true;
            case NAMESPACE,
                    NODE,
                    SERVICE_ACCOUNT,
                    ROLE,
                    CLUSTER_ROLE,
                    ROLE_BINDING,
                    CLUSTER_ROLE_BINDING,
                    SERVICE,
                    ENDPOINT_SLICE,
                    POD -> false;
        };
    }
}
