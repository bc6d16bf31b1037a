package io.guardian.checks.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.guardian.checks.fixture.Api;
import io.guardian.checks.fixture.Cleanup;
import io.guardian.checks.fixture.Eventually;
import io.guardian.checks.fixture.Requirements;
import io.guardian.checks.fixture.kube.KubeApi;
import io.guardian.checks.fixture.kube.KubeObjects;
import io.guardian.checks.fixture.kube.WatchedCluster;
import io.guardian.core.text.Json;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A large list that is read again, with the monitor's program and the server's. */
@Tag("kernel")
class RelistTest {
    private static final int PODS = 5_000;
    private static final int EACH_CHANGE = 400;
    private static final Duration CATCHING_UP = Duration.ofMinutes(5);

    private final Cleanup cleanup = new Cleanup();
    private final KubeApi kube = cleanup.keep(KubeApi.start());

    @AfterEach
    void stop() {
        cleanup.close();
    }

    /** What is compared of a pod and its container. */
    private record Seen(String name, String app, String image) {}

    private Json.Obj create(String name, String image) {
        return kube.create("pods", "default", KubeObjects.pod(name, Map.of("app", "cart"), Map.of("cart", image)));
    }

    private void relabel(String name) {
        var pod = kube.find("pods", "default", name).orElseThrow();
        var labels = Json.object().put("app", "moved").build();
        kube.replace(
                "pods", "default", pod.with("metadata", pod.object("metadata").with("labels", labels)));
    }

    /** By the uid of the pod. */
    private Map<String, Seen> freshList() {
        var all = new HashMap<String, Seen>();
        for (String path : kube.uids("pods").keySet()) {
            var pod = kube.find("pods", "default", path.substring("default/".length()))
                    .orElseThrow();
            var metadata = pod.object("metadata");
            String image =
                    pod.object("spec").array("containers").objects().getFirst().text("image");
            all.put(
                    metadata.text("uid"),
                    new Seen(
                            metadata.text("name"),
                            metadata.object("labels").text("app"),
                            "docker.io/library/" + image));
        }
        return all;
    }

    /** What the server holds for alive, put together from pods and containers. */
    private static Map<String, Seen> held(Api api) {
        var images = new HashMap<String, String>();
        active(api, "model_container").forEach(record -> images.put(record.text("pod_kuid"), record.text("image")));
        var all = new HashMap<String, Seen>();
        for (var pod : active(api, "model_k8s_pod")) {
            var metadata = pod.object("metadata");
            String uid = metadata.text("uid");
            var labels = metadata.object("labels");
            all.put(uid, new Seen(metadata.text("name"), labels.text("app"), images.getOrDefault(uid, "none")));
        }
        images.forEach((uid, image) -> all.putIfAbsent(uid, new Seen("without a pod", "", image)));
        return all;
    }

    private static List<Json.Obj> active(Api api, String schema) {
        return api.records("k8s", schema).stream()
                .filter(record -> record.text("status").equals("active"))
                .toList();
    }

    private static Map<String, String> versions(Api api, Set<String> uids) {
        var versions = new HashMap<String, String>();
        for (var pod : active(api, "model_k8s_pod")) {
            String uid = pod.object("metadata").text("uid");
            if (uids.contains(uid)) {
                versions.put(uid, pod.number("version").orElseThrow().digits());
            }
        }
        return versions;
    }

    private void equalsFreshList(Api api) {
        var fresh = freshList();
        Eventually.get(
                "the server's pods and containers equal a fresh list", CATCHING_UP, () -> held(api), fresh::equals);
    }

    @Test
    void after_an_expired_watch_over_five_thousand_pods_the_server_holds_what_a_fresh_list_says() {
        Requirements.sensor();
        for (int i = 0; i < PODS; i++) {
            create("p" + i, "redis:7");
        }
        var api = cleanup.keep(WatchedCluster.start("relist", kube)).api();
        equalsFreshList(api);
        var untouched = new HashSet<String>();
        kube.uids("pods").forEach((path, uid) -> {
            if (Integer.parseInt(path.substring("default/p".length())) >= 3 * EACH_CHANGE) {
                untouched.add(uid);
            }
        });
        var before = versions(api, untouched);
        long lists = kube.lists();

        kube.forbid("watch pods");
        kube.dropWatches();
        for (int i = 0; i < EACH_CHANGE; i++) {
            kube.delete("pods", "default", "p" + i);
            kube.delete("pods", "default", "p" + (EACH_CHANGE + i));
            create("p" + (EACH_CHANGE + i), "redis:8");
            relabel("p" + (2 * EACH_CHANGE + i));
            create("fresh" + i, "nginx:1");
        }
        kube.expire();
        kube.allow("watch pods");

        equalsFreshList(api);
        assertThat(kube.lists())
                .as("the past was forgotten, so it was listed again")
                .isGreaterThan(lists);
        assertThat(versions(api, untouched))
                .as("what did not change is not told again")
                .isEqualTo(before)
                .hasSize(PODS - 3 * EACH_CHANGE);
        kube.delete("pods", "default", "fresh0");
        create("after", "redis:7");
        equalsFreshList(api);
    }
}
