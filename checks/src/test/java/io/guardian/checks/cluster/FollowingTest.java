package io.guardian.checks.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.guardian.checks.fixture.Eventually;
import io.guardian.checks.fixture.kube.KubeApi;
import io.guardian.checks.fixture.kube.KubeObjects;
import io.guardian.cluster.model.Kind;
import io.guardian.cluster.state.StateLimits;
import io.guardian.core.text.Json;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What the monitor knows is what a fresh list would say, whatever happened to lists and watches on the way. */
class FollowingTest {
    private static final Map<String, String> REDIS = Map.of("redis", "redis:7");

    private final KubeApi api = KubeApi.start();
    private Followed followed = new Followed(api);

    @AfterEach
    void close() {
        followed.close();
    }

    private void equalsFreshList(Kind kind, String resource) {
        Eventually.get(
                "the state of " + resource + " equals a fresh list",
                () -> followed.state().uids(kind),
                uids -> uids.equals(api.uids(resource)));
    }

    private Json.Obj createPod(String namespace, String name) {
        return api.create("pods", namespace, KubeObjects.pod(name, Map.of("app", "cart"), REDIS));
    }

    private Json.Obj await(String type, String name) {
        return Eventually.get(
                        type + " of " + name,
                        () -> followed.active(type).stream()
                                .filter(record ->
                                        record.object("metadata").text("name").equals(name)
                                                || record.text("pod_name").equals(name))
                                .toList(),
                        found -> !found.isEmpty())
                .getFirst();
    }

    @Test
    void every_kind_of_object_becomes_its_record() {
        var resources = Map.ofEntries(
                Map.entry("nodes", "model_k8s_node"),
                Map.entry("deployments", "model_k8s_deployment"),
                Map.entry("replicasets", "model_k8s_replicaset"),
                Map.entry("daemonsets", "model_k8s_daemonset"),
                Map.entry("statefulsets", "model_k8s_statefulset"),
                Map.entry("jobs", "model_k8s_job"),
                Map.entry("cronjobs", "model_k8s_cronjob"),
                Map.entry("services", "model_k8s_service"),
                Map.entry("serviceaccounts", "model_k8s_serviceaccount"),
                Map.entry("roles", "model_k8s_role"),
                Map.entry("clusterroles", "model_k8s_clusterrole"),
                Map.entry("rolebindings", "model_k8s_rolebinding"),
                Map.entry("clusterrolebindings", "model_k8s_clusterrolebinding"));
        var withoutNamespace = List.of("nodes", "clusterroles", "clusterrolebindings");
        for (String resource : resources.keySet()) {
            api.create(
                    resource,
                    withoutNamespace.contains(resource) ? "" : "default",
                    KubeObjects.bare(resource, "one-of-" + resource, Map.of()));
        }
        resources.forEach((resource, type) -> {
            var record = await(type, "one-of-" + resource);
            assertThat(record.text("cluster_uid")).isEqualTo(Followed.CLUSTER.uid());
            assertThat(record.text("id")).matches(type.replace("model_k8s_", "") + ":njtxwtRabwE:.{6}:.{10}");
        });
        assertThat(await("model_k8s_namespace", "default").object("k8s_status").text("phase"))
                .isEqualTo("Active");
    }

    @Test
    void pod_is_linked_to_node_deployment_and_namespace_in_whatever_order_they_come() {
        api.create("namespaces", "", KubeObjects.namespace("dev", Map.of("tier", "test")));
        var deployment = KubeObjects.deployment("cart", 1)
                .with(
                        "metadata",
                        Json.object().put("name", "cart").put("uid", "d-1").build());
        var replicaSet = KubeObjects.ownedBy(
                KubeObjects.replicaSet("cart-5d", "cart", 1)
                        .with(
                                "metadata",
                                Json.object()
                                        .put("name", "cart-5d")
                                        .put("uid", "r-1")
                                        .build()),
                deployment);
        var pod = KubeObjects.ownedBy(KubeObjects.pod("cart-5d-x", Map.of("app", "cart"), REDIS), replicaSet);

        api.create("pods", "dev", KubeObjects.running(pod, "n1"));
        await("model_k8s_pod", "cart-5d-x");
        api.create("replicasets", "dev", replicaSet);
        await("model_k8s_replicaset", "cart-5d");
        api.create("nodes", "", KubeObjects.node("n1"));
        api.create("deployments", "dev", deployment);

        var linked = Eventually.get(
                "the pod with all its links",
                () -> await("model_k8s_pod", "cart-5d-x"),
                record -> !record.text("deployment_uid").isEmpty()
                        && !record.text("node_uid").isEmpty());
        assertThat(linked.text("deployment_uid"))
                .isEqualTo(await("model_k8s_deployment", "cart").text("id"));
        assertThat(linked.text("deployment_name")).isEqualTo("cart");
        assertThat(linked.text("owner_uid"))
                .isEqualTo(await("model_k8s_replicaset", "cart-5d").text("id"));
        assertThat(linked.text("owner_kind")).isEqualTo("ReplicaSet");
        assertThat(linked.text("node_uid"))
                .isEqualTo(await("model_k8s_node", "n1").text("id"));
        var container = Eventually.get(
                "the container with its node",
                () -> await("model_container", "cart-5d-x"),
                record -> !record.text("node_uid").isEmpty());
        assertThat(container.text("image")).isEqualTo("docker.io/library/redis:7");
        assertThat(container.text("pod_uid")).isEqualTo(linked.text("id"));
        assertThat(container.object("pod_namespace_labels").text("tier")).isEqualTo("test");
    }

    @Test
    void labels_of_a_namespace_reach_its_containers_when_they_change() {
        var namespace = api.create("namespaces", "", KubeObjects.namespace("dev", Map.of("tier", "test")));
        createPod("dev", "a");
        Eventually.get(
                "the first labels",
                () -> await("model_container", "a")
                        .object("pod_namespace_labels")
                        .text("tier"),
                "test"::equals);

        api.replace(
                "namespaces",
                "",
                namespace.with(
                        "metadata",
                        namespace
                                .object("metadata")
                                .with(
                                        "labels",
                                        Json.object().put("tier", "prod").build())));

        Eventually.get(
                "the new labels",
                () -> await("model_container", "a")
                        .object("pod_namespace_labels")
                        .text("tier"),
                "prod"::equals);
    }

    @Test
    void deleted_pod_ends_with_its_containers_and_keeps_its_fields() {
        createPod("default", "a");
        await("model_container", "a");

        api.delete("pods", "default", "a");

        var closed = Eventually.get(
                        "the closed container",
                        () -> followed.newest("model_container"),
                        all -> all.stream()
                                .anyMatch(record -> record.text("status").equals("closed")))
                .getFirst();
        assertThat(closed.text("image")).isEqualTo("docker.io/library/redis:7");
        assertThat(closed.number("valid_to")).isPresent();
        assertThat(followed.active("model_k8s_pod")).isEmpty();
    }

    @Test
    void watch_that_drops_goes_on_where_it_was() {
        createPod("default", "a");
        await("model_k8s_pod", "a");
        // The library takes a watch that soon ends without a word for one that the server refuses, and lists again.
        var more = new AtomicInteger();
        Eventually.get(
                "each watch to tell something",
                () -> {
                    createPod("default", "more-" + more.incrementAndGet());
                    return api.watches();
                },
                watches -> watches >= Kind.values().length);
        long lists = api.lists();

        api.dropWatches();
        createPod("default", "b");
        api.delete("pods", "default", "a");

        equalsFreshList(Kind.POD, "pods");
        assertThat(api.lists()).as("no new list").isEqualTo(lists);
    }

    @Test
    void expired_watch_is_made_good_by_a_list_and_deletions_meanwhile_are_noticed() {
        for (int i = 0; i < 20; i++) {
            createPod("default", "p" + i);
        }
        equalsFreshList(Kind.POD, "pods");
        var before = followed.all().size();

        api.forbid("watch pods");
        api.dropWatches();
        api.delete("pods", "default", "p3");
        api.delete("pods", "default", "p4");
        createPod("default", "p4");
        createPod("default", "fresh");
        api.expire();
        api.allow("watch pods");

        equalsFreshList(Kind.POD, "pods");
        var ended = Eventually.get(
                "the two that went",
                () -> followed.newest("model_k8s_pod").stream()
                        .filter(record -> record.text("status").equals("closed"))
                        .map(record -> record.object("metadata").text("name"))
                        .sorted()
                        .toList(),
                List.of("p3", "p4")::equals);
        assertThat(ended).hasSize(2);
        assertThat(await("model_k8s_pod", "p4").object("metadata").text("uid"))
                .isEqualTo(api.uids("pods").get("default/p4"));
        var since = followed.all().subList(before, followed.all().size());
        assertThat(since.stream()
                        .filter(record -> record.text("schema").startsWith("model_k8s_pod:"))
                        .map(record -> record.object("metadata").text("name")))
                .as("pods that did not change are not told again")
                .containsOnly("p3", "p4", "fresh");
    }

    @Test
    void list_is_read_by_pages_and_starts_over_when_its_continuation_expires() {
        followed.close();
        var large = KubeApi.start();
        for (int i = 0; i < 1234; i++) {
            large.create("pods", "default", KubeObjects.pod("p" + i, Map.of(), REDIS));
        }
        large.expireNextContinuation();
        followed = new Followed(large);

        Eventually.get("all pods", () -> followed.state().uids(Kind.POD), uids -> uids.equals(large.uids("pods")));
        assertThat(followed.active("model_container")).hasSize(1234);
    }

    @Test
    void server_that_was_away_is_caught_up_with() {
        for (int i = 0; i < 10; i++) {
            createPod("default", "p" + i);
        }
        equalsFreshList(Kind.POD, "pods");

        api.leave();
        api.delete("pods", "default", "p1");
        createPod("default", "late");
        api.expire();
        api.comeBack();

        equalsFreshList(Kind.POD, "pods");
        equalsFreshList(Kind.NAMESPACE, "namespaces");
    }

    @Test
    void kind_that_may_not_be_read_does_not_hold_up_the_others() {
        followed.close();
        var strict = KubeApi.start();
        strict.forbid("list clusterroles");
        strict.create("pods", "default", KubeObjects.pod("a", Map.of(), REDIS));
        followed = new Followed(strict);

        await("model_container", "a");
        assertThat(followed.watching().notRead()).contains(Kind.CLUSTER_ROLE);
        strict.allow("list clusterroles");
        Eventually.get("nothing left unread", () -> followed.watching().notRead(), java.util.Set::isEmpty);
    }

    @Test
    void objects_beyond_the_limit_are_counted_and_not_held() {
        followed.close();
        var large = KubeApi.start();
        for (int i = 0; i < 30; i++) {
            large.create("pods", "default", KubeObjects.pod("p" + i, Map.of(), REDIS));
        }
        followed = new Followed(large, new StateLimits(20));

        Eventually.get("ten over", () -> followed.state().overLimit(), count -> count == 10);
        assertThat(followed.state().count(Kind.POD)).isEqualTo(20);
    }
}
