package io.guardian.core.document;

import static org.assertj.core.api.Assertions.assertThat;

import io.guardian.core.fingerprint.CreatePolicy;
import io.guardian.core.policy.PolicyMode;
import io.guardian.core.policy.Switches;
import io.guardian.core.text.Json;
import io.guardian.core.text.YamlWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class PolicyEditsTest {

    private static String resource(String name) throws IOException {
        try (var in = PolicyEditsTest.class.getResourceAsStream("/cases/create/" + name)) {
            if (in == null) {
                throw new AssertionError("no resource " + name);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static Document read(String text) {
        var parsed = Documents.parse("case.yaml", text);
        assertThat(parsed.errors()).isEmpty();
        return parsed.documents().getFirst();
    }

    private static String create(Document input, String name) {
        var options = new CreatePolicy.Options(name, PolicyMode.AUDIT, Switches.NONE, false);
        return switch (PolicyEdits.create(List.of(input.resource()), options)) {
            case PolicyEdits.Creation.Created(var document, var notices) -> {
                assertThat(notices).isEmpty();
                yield YamlWriter.write(document.toJson());
            }
            case PolicyEdits.Creation.Refused(var reason) -> reason;
        };
    }

    private static PolicyEdits.Merged merge(Document target, Json.Obj source, Resource incoming, boolean force) {
        if (target.resource() instanceof WorkloadDocument workload) {
            return PolicyEdits.merge(source, workload, List.of(incoming), force);
        }
        throw new AssertionError("not a workload policy");
    }

    @Test
    void fingerprints_of_one_image_become_the_policy_of_the_example() throws IOException {
        assertThat(create(read(resource("mongo-fingerprints.yaml")), "mongo-policy"))
                .isEqualTo(resource("mongo-policy.yaml"));
    }

    @Test
    void a_policy_made_of_a_policy_is_that_policy() throws IOException {
        assertThat(create(read(resource("mongo-policy.yaml")), "mongo-policy"))
                .isEqualTo(resource("mongo-policy.yaml"));
    }

    @Test
    void merging_what_a_policy_was_made_of_changes_nothing() throws IOException {
        var policy = read(resource("mongo-policy.yaml"));
        var merged = merge(
                policy,
                policy.source(),
                read(resource("mongo-fingerprints.yaml")).resource(),
                false);
        assertThat(merged.changed()).isFalse();
        assertThat(merged.notices()).isEmpty();
        assertThat(merged.document()).isEqualTo(policy.source());
    }

    @Test
    void another_image_is_reported_and_skipped_unless_forced() throws IOException {
        var policy = read(resource("mongo-policy.yaml"));
        var other = read(resource("mongo-fingerprints.yaml")
                .replace("mongo:latest", "mongo:8")
                .replace("192.168.4.31", "192.168.9.9"));
        var skipped = merge(policy, policy.source(), other.resource(), false);
        assertThat(skipped.changed()).isFalse();
        assertThat(skipped.notices()).hasSize(2).first().asString().contains("containerSelector.image");
        var forced = merge(policy, policy.source(), other.resource(), true);
        assertThat(forced.changed()).isTrue();
        assertThat(YamlWriter.write(forced.document()))
                .contains("192.168.9.9/32", "image: docker.io/library/mongo:latest")
                .doesNotContain("mongo:8");
    }

    @Test
    void a_merged_document_keeps_the_order_of_its_keys() throws IOException {
        var policy = read("""
                apiVersion: spyderbat/v1
                kind: SpyderbatPolicy
                spec:
                  mode: enforce
                  networkPolicy:
                    ingress: []
                    egress: []
                  processPolicy:
                  - {id: a_0, name: a, exe: [/bin/a], euser: [root]}
                  containerSelector: {image: 'docker.io/library/mongo:*'}
                  response: {actions: [], default: []}
                metadata: {type: container, name: mine}
                """);
        var merged = merge(
                policy,
                policy.source(),
                read(resource("mongo-fingerprints.yaml")).resource(),
                false);
        assertThat(merged.changed()).isTrue();
        assertThat(merged.document().fields().keySet()).containsExactly("apiVersion", "kind", "spec", "metadata");
        assertThat(merged.document().object("spec").fields().keySet())
                .containsExactly("mode", "networkPolicy", "processPolicy", "containerSelector", "response");
        assertThat(merged.document()
                        .object("spec")
                        .object("networkPolicy")
                        .fields()
                        .keySet())
                .containsExactly("ingress", "egress");
        assertThat(merged.diff().nodes()).hasSize(1);
    }
}
