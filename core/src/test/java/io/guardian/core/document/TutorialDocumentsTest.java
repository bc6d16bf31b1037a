package io.guardian.core.document;

import static org.assertj.core.api.Assertions.assertThat;

import io.guardian.core.Cases;
import io.guardian.core.text.Json;
import io.guardian.core.text.JsonWriter;
import io.guardian.core.text.YamlWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The documents that a newcomer meets first come out as they went in. */
class TutorialDocumentsTest {

    @ParameterizedTest
    @ValueSource(strings = {"workload-created", "workload-generalised", "workload-applied", "workload-with-kill"})
    void policy_is_written_back_byte_for_byte(String name) {
        String text = Cases.text("documents/" + name + ".yaml");
        var parsed = Documents.parse(name + ".yaml", text);

        assertThat(parsed.errors()).isEmpty();
        assertThat(parsed.notices()).isEmpty();
        var document = parsed.documents().getFirst();
        assertThat(YamlWriter.write(document.source())).isEqualTo(text);
        assertThat(JsonWriter.write(document.source())).startsWith("{\n  \"apiVersion\": \"spyderbat/v1\",\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"workload-created", "workload-generalised"})
    void policy_is_written_from_its_type_byte_for_byte(String name) {
        String text = Cases.text("documents/" + name + ".yaml");
        var policy = (WorkloadDocument)
                Documents.parse("", text).documents().getFirst().resource();

        assertThat(YamlWriter.write(policy.toJson())).isEqualTo(text);
    }

    @Test
    void cluster_policy_with_its_ruleset_is_written_back_byte_for_byte() {
        String text = Cases.text("documents/cluster-policy.yaml");
        var parsed = Documents.parse("cluster-policy.yaml", text);

        assertThat(parsed.errors()).isEmpty();
        assertThat(parsed.isList()).isTrue();
        var ruleset = (Ruleset) parsed.documents().get(0).resource();
        var policy = (ClusterPolicy) parsed.documents().get(1).resource();
        var list = Json.object()
                .put("apiVersion", Documents.API_VERSION)
                .put("items", new Json.Arr(java.util.List.of(ruleset.toJson(), policy.toJson())))
                .build();
        assertThat(YamlWriter.write(list)).isEqualTo(text);
        assertThat(ruleset.rules()).hasSize(2);
    }
}
