package io.guardian.cluster.watch;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
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
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import io.guardian.agent.log.Log;
import io.guardian.cluster.model.Kind;
import io.guardian.cluster.state.ClusterState;
import java.util.Collections;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Follows all kinds of objects. A kind that can't be read (a right is missing, the API server is away) is tried again
 * for ever, with growing pauses, and doesn't hold up the others.
 *
 * <p>The library's informers do the protocol: they begin with a paged list, watch from its resource version, take
 * bookmarks, list again when the server has forgotten that version (410), and renew each watch within ten minutes,
 * which also ends those whose connection died without a word.
 */
public final class Watching implements AutoCloseable {
    /** Objects in one answer of the API server. */
    private static final long PAGE_OBJECTS = 500;

    private final KubernetesClient client;
    private final ClusterState state;
    private final WatchCounts counts;
    private final Log log;
    private final Map<Kind, SharedIndexInformer<? extends HasMetadata>> informers =
            Collections.synchronizedMap(new EnumMap<>(Kind.class));

    public Watching(KubernetesClient client, ClusterState state, WatchCounts counts, Log log) {
        this.client = client;
        this.state = state;
        this.counts = counts;
        this.log = log;
    }

    /**
     * Starts to follow. Pods come last, after everything that their records link to has been read or has been given up
     * for the moment.
     *
     * @param patience how long to wait for the others, in milliseconds
     */
    public void start(long patience) throws InterruptedException {
        for (var kind : Kind.values()) {
            if (kind != Kind.POD) {
                follow(kind);
            }
        }
        awaitRead(EnumSet.complementOf(EnumSet.of(Kind.POD)), patience);
        follow(Kind.POD);
    }

    private void follow(Kind kind) {
        switch (kind) {
            case NAMESPACE -> follow(kind, Namespace.class, Namespace::new);
            case NODE -> follow(kind, Node.class, Node::new);
            case DEPLOYMENT -> follow(kind, Deployment.class, Deployment::new);
            case REPLICA_SET -> follow(kind, ReplicaSet.class, ReplicaSet::new);
            case DAEMON_SET -> follow(kind, DaemonSet.class, DaemonSet::new);
            case STATEFUL_SET -> follow(kind, StatefulSet.class, StatefulSet::new);
            case CRON_JOB -> follow(kind, CronJob.class, CronJob::new);
            case JOB -> follow(kind, Job.class, Job::new);
            case SERVICE_ACCOUNT -> follow(kind, ServiceAccount.class, ServiceAccount::new);
            case ROLE -> follow(kind, Role.class, Role::new);
            case CLUSTER_ROLE -> follow(kind, ClusterRole.class, ClusterRole::new);
            case ROLE_BINDING -> follow(kind, RoleBinding.class, RoleBinding::new);
            case CLUSTER_ROLE_BINDING -> follow(kind, ClusterRoleBinding.class, ClusterRoleBinding::new);
            case SERVICE -> follow(kind, Service.class, Service::new);
            case ENDPOINT_SLICE -> follow(kind, EndpointSlice.class, EndpointSlice::new);
            case POD -> follow(kind, Pod.class, Pod::new);
        }
    }

    private <T extends HasMetadata> void follow(Kind kind, Class<T> type, Supplier<T> empty) {
        var items = new StateItems<T>(kind, state, (namespace, name) -> {
            var named = empty.get();
            named.setMetadata(new ObjectMetaBuilder()
                    .withNamespace(namespace.isEmpty() ? null : namespace)
                    .withName(name)
                    .build());
            return named;
        });
        var informer = client.resources(type)
                .inAnyNamespace()
                .withLimit(PAGE_OBJECTS)
                .runnableInformer(0)
                .removeNamespaceIndex()
                .itemStore(items)
                .exceptionHandler((started, failure) -> {
                    counts.failed(kind.kubernetesName());
                    log.warnLimited(
                            "watch",
                            "can't read " + kind.kubernetesName() + " objects now",
                            "error",
                            String.valueOf(failure.getMessage()));
                    return true;
                });
        informers.put(kind, informer);
        var _ = informer.start();
    }

    /** Waits until all of these have been read once, but no longer than this. */
    private void awaitRead(Set<Kind> kinds, long patienceMillis) throws InterruptedException {
        long until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(patienceMillis);
        while (System.nanoTime() < until && !hasRead(kinds)) {
            TimeUnit.MILLISECONDS.sleep(10);
        }
    }

    private boolean hasRead(Set<Kind> kinds) {
        return kinds.stream().allMatch(kind -> {
            var informer = informers.get(kind);
            return informer != null && informer.lastSyncResourceVersion() != null;
        });
    }

    /** Waits until every kind has been read once, but no longer than this. */
    public void awaitReadAll(long patienceMillis) throws InterruptedException {
        awaitRead(EnumSet.allOf(Kind.class), patienceMillis);
    }

    /** Whether pods and what places them have been read at least once. */
    public boolean hasReadPods() {
        return hasRead(EnumSet.of(Kind.NAMESPACE, Kind.NODE, Kind.POD));
    }

    /** Whether every kind has been read at least once. */
    public boolean hasReadAll() {
        return hasRead(EnumSet.allOf(Kind.class));
    }

    /** Kinds that could not be read yet. */
    public Set<Kind> notRead() {
        var kinds = EnumSet.noneOf(Kind.class);
        informers.forEach((kind, informer) -> {
            if (informer.lastSyncResourceVersion() == null) {
                kinds.add(kind);
            }
        });
        return kinds;
    }

    @Override
    public void close() {
        informers.values().forEach(SharedIndexInformer::stop);
    }
}
