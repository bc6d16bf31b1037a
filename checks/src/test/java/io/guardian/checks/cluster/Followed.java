package io.guardian.checks.cluster;

import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.guardian.agent.log.Log;
import io.guardian.checks.fixture.kube.KubeApi;
import io.guardian.cluster.model.ClusterIdentity;
import io.guardian.cluster.model.Drafts;
import io.guardian.cluster.model.RuntimeClasses;
import io.guardian.cluster.state.ClusterState;
import io.guardian.cluster.state.StateLimits;
import io.guardian.cluster.watch.WatchCounts;
import io.guardian.cluster.watch.Watching;
import io.guardian.core.text.Json;
import java.io.OutputStream;
import java.io.PrintStream;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A cluster's API server with the monitor's reading half on it, and every record that came out. */
final class Followed implements AutoCloseable {
    static final ClusterIdentity CLUSTER = new ClusterIdentity("clus:njtxwtRabwE", "shop", "kube-system-uid");

    private final Runnable closeApi;
    private final KubernetesClient client;
    private final Watching watching;
    private final ClusterState state;
    private final List<Json.Obj> records = new ArrayList<>();

    Followed(KubeApi api) {
        this(api, StateLimits.USUAL);
    }

    Followed(KubeApi api, StateLimits limits) {
        this(api::close, new ConfigBuilder().withMasterUrl(api.url()).withOnlyHttpWatches(true), limits);
    }

    /** @param closeApi run in the end */
    Followed(Runnable closeApi, ConfigBuilder to, StateLimits limits) {
        this.closeApi = closeApi;
        var config = to.withOauthToken("not-a-secret").build();
        client = new KubernetesClientBuilder().withConfig(config).build();
        state = new ClusterState(
                new Drafts(CLUSTER, RuntimeClasses.USUAL_ONLY),
                this::keep,
                () -> Clock.systemUTC().millis() * 1000,
                limits);
        state.startPublishing();
        var silent = new Log(new PrintStream(OutputStream.nullOutputStream()), Clock.systemUTC(), Log.Level.ERROR);
        watching = new Watching(client, state, new WatchCounts(), silent);
        try {
            watching.start(10_000);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", interrupted);
        }
    }

    private void keep(List<Json.Obj> changed) {
        synchronized (records) {
            records.addAll(changed);
        }
    }

    KubernetesClient client() {
        return client;
    }

    ClusterState state() {
        return state;
    }

    Watching watching() {
        return watching;
    }

    /** Every record that came, in order. */
    List<Json.Obj> all() {
        synchronized (records) {
            return List.copyOf(records);
        }
    }

    /** The newest version of each record of a type. */
    List<Json.Obj> newest(String type) {
        Map<String, Json.Obj> newest = new LinkedHashMap<>();
        for (var record : all()) {
            if (record.text("schema").startsWith(type + ":")) {
                newest.put(record.text("id"), record);
            }
        }
        return List.copyOf(newest.values());
    }

    List<Json.Obj> active(String type) {
        return newest(type).stream()
                .filter(record -> record.text("status").equals("active"))
                .toList();
    }

    @Override
    public void close() {
        watching.close();
        client.close();
        closeApi.run();
    }
}
