package io.guardian.cluster.model;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.apps.DaemonSet;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.ReplicaSet;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.batch.v1.CronJob;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.api.model.rbac.ClusterRole;
import io.fabric8.kubernetes.api.model.rbac.ClusterRoleBinding;
import io.fabric8.kubernetes.api.model.rbac.Role;
import io.fabric8.kubernetes.api.model.rbac.RoleBinding;
import io.guardian.core.text.Json;
import java.util.ArrayList;
import java.util.List;

/**
 * The records that an object stands for, by itself: links to other objects are added by {@link Links}. Most objects are
 * one record; a pod is one and one for each container, an endpoint slice one for each address and port.
 */
public final class Drafts {
    private final ClusterIdentity cluster;
    private final RuntimeClasses runtimeClasses;

    /** @param runtimeClasses which of them run containers in virtual machines */
    public Drafts(ClusterIdentity cluster, RuntimeClasses runtimeClasses) {
        this.cluster = cluster;
        this.runtimeClasses = runtimeClasses;
    }

    /** The record of the cluster itself. */
    public static RecordDraft cluster(ClusterIdentity cluster, long createdMicros) {
        return new RecordDraft(
                cluster.uid(),
                "model_k8s_cluster",
                createdMicros,
                RecordDraft.ALIVE,
                Json.object()
                        .put("name", cluster.name())
                        .put("kind", "Cluster")
                        .put("cluster_uid", cluster.uid())
                        .put("cluster_name", cluster.name())
                        .put("cluid", cluster.uid())
                        .put("clusterid", cluster.kubernetesUid())
                        .put("red_flag_count", 0)
                        .put("ops_flag_count", 0)
                        .build());
    }

    /** @throws IllegalArgumentException for an object of a kind that isn't watched */
    public List<RecordDraft> of(HasMetadata object) {
        return switch (object) {
            case Pod pod -> pod(pod);
            case EndpointSlice slice -> EndpointDrafts.of(slice, cluster);
            case Namespace namespace -> one(Kind.NAMESPACE, namespace, ClusterObjects.namespace(namespace));
            case Node node -> one(Kind.NODE, node, ClusterObjects.node(node));
            case Service service -> one(Kind.SERVICE, service, ClusterObjects.service(service));
            case ServiceAccount account -> one(Kind.SERVICE_ACCOUNT, account, Access.serviceAccount(account));
            case Deployment deployment -> one(Kind.DEPLOYMENT, deployment, Controllers.deployment(deployment));
            case ReplicaSet set -> one(Kind.REPLICA_SET, set, Controllers.replicaSet(set));
            case DaemonSet set -> one(Kind.DAEMON_SET, set, Controllers.daemonSet(set));
            case StatefulSet set -> one(Kind.STATEFUL_SET, set, Controllers.statefulSet(set));
            case Job job -> one(Kind.JOB, job, Controllers.job(job));
            case CronJob job -> one(Kind.CRON_JOB, job, Controllers.cronJob(job));
            case Role role -> one(Kind.ROLE, role, Access.rules(role.getRules()));
            case ClusterRole role -> one(Kind.CLUSTER_ROLE, role, Access.rules(role.getRules()));
            case RoleBinding binding ->
                one(Kind.ROLE_BINDING, binding, Access.binding(binding.getRoleRef(), binding.getSubjects()));
            case ClusterRoleBinding binding ->
                one(Kind.CLUSTER_ROLE_BINDING, binding, Access.binding(binding.getRoleRef(), binding.getSubjects()));
            default -> throw new IllegalArgumentException("`" + object.getKind() + "` is not watched");
        };
    }

    private List<RecordDraft> one(Kind kind, HasMetadata object, Json.Obj own) {
        var body = ObjectFields.begin(kind, object, cluster);
        own.fields().forEach(body::put);
        return List.of(ObjectFields.draft(kind, object, cluster, body));
    }

    private List<RecordDraft> pod(Pod pod) {
        var facts = PodFacts.of(pod, runtimeClasses);
        var drafts = new ArrayList<RecordDraft>();
        drafts.add(PodDraft.of(pod, facts, cluster));
        drafts.addAll(ContainerDrafts.of(pod, facts, cluster));
        return drafts;
    }
}
