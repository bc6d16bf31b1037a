package io.guardian.agent.decide;

import static org.assertj.core.api.Assertions.assertThat;

import io.guardian.agent.attribute.AgentIdentity;
import io.guardian.agent.attribute.Image;
import io.guardian.agent.attribute.Instance;
import io.guardian.agent.attribute.LineageHash;
import io.guardian.agent.attribute.Program;
import io.guardian.agent.workload.ContainerDetails;
import io.guardian.agent.workload.ContainerFacts;
import io.guardian.agent.workload.ContainerRuntime;
import io.guardian.agent.workload.ContainerWorkload;
import io.guardian.agent.workload.InstanceKey;
import io.guardian.agent.workload.Known;
import io.guardian.agent.workload.PodFacts;
import io.guardian.agent.workload.Resolvers;
import io.guardian.agent.workload.UserNames;
import io.guardian.agent.workload.cgroup.CgroupPath;
import io.guardian.agent.workload.runtime.ContainerFiles;
import io.guardian.core.event.ExeOrigin;
import io.guardian.core.id.ContainerId;
import io.guardian.core.id.ImageId;
import io.guardian.core.id.ImageReference;
import io.guardian.core.text.Json;
import io.guardian.core.text.JsonReader;
import io.guardian.core.text.JsonSyntaxException;
import io.guardian.ebpf.ProcessKey;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A policy for some namespaces only, on an agent that may not know the labels of a namespace yet. */
class NamespaceLabelsTest {
    private static final AgentIdentity IDENTITY =
            new AgentIdentity("agent:a", "mach:WhfD6bTSCB8", "org", "host", "clus:njtxwtRabwE", "harbor");

    private final Judge judge = new Judge(IDENTITY);

    private static PolicyBundle bundle(String selectors, String namespaces) {
        String policy = """
                {"apiVersion":"spyderbat/v1","kind":"SpyderbatPolicy",
                 "metadata":{"name":"p","type":"container","uid":"pol:q7Rk2ZtV0bXeM4dLs9Wc"},
                 "spec":{"containerSelector":{"image":"docker.io/library/*"},%s,"mode":"audit",
                  "processPolicy":[],"networkPolicy":{"ingress":[],"egress":[]},
                  "response":{"default":[{"makeRedFlag":{"severity":"high"}}],"actions":[]}}}""".formatted(selectors);
        try {
            return PolicyBundle.read(JsonReader.readObject(
                            "{\"revision\":2,\"policies\":[" + policy + "],\"namespaces\":" + namespaces + "}"))
                    .orElseThrow();
        } catch (JsonSyntaxException bad) {
            throw new AssertionError(bad);
        }
    }

    private static Instance instance(Known<PodFacts> pod) {
        var facts = new ContainerFacts(
                new ContainerId("a".repeat(64)),
                ContainerRuntime.CONTAINERD,
                Known.of("cart"),
                Known.of(ImageReference.parse("cart:1").orElseThrow()),
                Known.of(ImageId.parse("sha256:" + "b".repeat(64)).orElseThrow()),
                Known.of(Instant.EPOCH),
                Known.of(false),
                pod,
                ContainerDetails.NONE);
        var workload = new ContainerWorkload(
                new InstanceKey("container:a"),
                new CgroupPath("/pods/a"),
                7,
                facts,
                UserNames.NONE,
                Resolvers.NONE,
                ContainerFiles.SAME_UIDS,
                true);
        return new Instance(workload, IDENTITY, Json.Obj.EMPTY);
    }

    private static Known<PodFacts> pod(Known<Map<String, String>> labels) {
        return Known.of(PodFacts.of("u", "cart-0", "shop", labels));
    }

    private static final Known<PodFacts> CART = pod(Known.of(Map.of("app", "cart")));

    private static Observation shell(Instance instance) {
        Image image = instance.top()
                .child(
                        new Program("sh", "/bin/dash", "root", "/bin/dash", ExeOrigin.IMAGE),
                        new LineageHash(new byte[16]),
                        instance::takeImagePlace);
        return new Observation.Became(instance, image, ProcessKey.NONE, "proc:x", 1);
    }

    private int deviations(Instance instance) {
        return judge.judge(shell(instance)).size();
    }

    private static String namespaceSelector(String json) {
        return "\"namespaceSelector\":" + json;
    }

    @Test
    void a_label_that_is_not_known_yet_decides_nothing() {
        var instance = instance(CART);
        judge.use(bundle(namespaceSelector("{\"matchLabels\":{\"env\":\"prod\"}}"), "{}"));
        assertThat(judge.isUndecided(instance)).isTrue();
        assertThat(deviations(instance)).isZero();
    }

    @Test
    void its_absence_decides_nothing_either_while_it_is_not_known() {
        var instance = instance(CART);
        judge.use(bundle(
                namespaceSelector(
                        "{\"matchExpressions\":[{\"key\":\"env\",\"operator\":\"NotIn\",\"values\":[\"dev\"]}]}"),
                "{\"other\":{}}"));
        assertThat(judge.isUndecided(instance)).isTrue();
        assertThat(deviations(instance)).isZero();
    }

    @Test
    void the_name_of_the_namespace_is_always_known() {
        var instance = instance(CART);
        judge.use(bundle(namespaceSelector("{\"matchLabels\":{\"kubernetes.io/metadata.name\":\"shop\"}}"), "{}"));
        assertThat(judge.isUndecided(instance)).isFalse();
        assertThat(deviations(instance)).isOne();
        judge.use(bundle(
                namespaceSelector("{\"matchLabels\":{\"kubernetes.io/metadata.name\":\"bank\",\"env\":\"prod\"}}"),
                "{}"));
        assertThat(judge.isUndecided(instance))
                .as("another name decides, whatever else is unknown")
                .isFalse();
        assertThat(deviations(instance)).isZero();
    }

    @Test
    void labels_that_the_server_tells_decide() {
        var instance = instance(CART);
        String prod = namespaceSelector("{\"matchLabels\":{\"env\":\"prod\"}}");
        judge.use(bundle(prod, "{\"shop\":{\"env\":\"prod\",\"kubernetes.io/metadata.name\":\"forged\"}}"));
        assertThat(deviations(instance)).isOne();
        judge.use(bundle(prod, "{\"shop\":{\"labels\":{\"env\":\"prod\"}}}"));
        assertThat(deviations(instance)).isOne();
        judge.use(bundle(prod, "{\"shop\":{\"labels\":\"x\",\"env\":\"prod\"}}"));
        assertThat(deviations(instance)).as("a label called labels").isOne();
        judge.use(bundle(prod, "{\"shop\":{}}"));
        assertThat(judge.isUndecided(instance)).isFalse();
        assertThat(deviations(instance)).isZero();
    }

    @Test
    void what_no_runtime_said_of_a_pod_in_time_stays_undecided() {
        String podSelector =
                "\"podSelector\":{\"matchExpressions\":[{\"key\":\"app\",\"operator\":\"NotIn\",\"values\":[\"x\"]}]}";
        judge.use(bundle(podSelector, "{}"));
        for (var pod : List.of(
                pod(Known.<Map<String, String>>unknown().settled()),
                Known.<PodFacts>unknown().settled())) {
            var instance = instance(pod);
            assertThat(judge.isUndecided(instance)).isTrue();
            assertThat(deviations(instance)).isZero();
        }
    }

    @Test
    void a_container_outside_every_pod_is_never_in_a_namespace() {
        var instance = instance(Known.absent());
        judge.use(bundle(
                namespaceSelector("{\"matchExpressions\":[{\"key\":\"env\",\"operator\":\"DoesNotExist\"}]}"), "{}"));
        assertThat(judge.isUndecided(instance)).isFalse();
        assertThat(deviations(instance)).isZero();
    }
}
