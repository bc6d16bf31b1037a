package io.guardian.core.schema;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SearchSchemasTest {
    @Test
    void every_schema_of_the_table_is_read_and_titles_are_unique() {
        var all = SearchSchemas.all();

        assertThat(all)
                .hasSizeGreaterThan(40)
                .allSatisfy(schema ->
                        assertThat(schema.fields()).containsKey("id").containsEntry("time", FieldType.DOUBLE));
        assertThat(all.stream().map(SearchSchema::title)).doesNotHaveDuplicates();
    }

    @Test
    void fields_have_the_types_of_the_table() {
        var process = SearchSchemas.byId("model_process").orElseThrow();

        assertThat(process.fields())
                .containsEntry("exe", FieldType.STRING)
                .containsEntry("pid", FieldType.INTEGER)
                .containsEntry("args", FieldType.STRING_ARRAY)
                .containsEntry("environ", FieldType.MAP)
                .containsEntry("interactive", FieldType.BOOL)
                .containsEntry("valid_to", FieldType.DOUBLE);
        assertThat(SearchSchemas.byId("model_connection").orElseThrow().fields())
                .containsEntry("remote_ip", FieldType.IP)
                .containsEntry("bytes_rx", FieldType.LONG);
    }

    @Test
    void a_namespaced_kubernetes_object_has_the_fields_of_its_base() {
        assertThat(SearchSchemas.byId("model_k8s_daemonset").orElseThrow().fields())
                .containsKeys("metadata.namespace", "cluster_uid", "metadata.labels");
    }

    @Test
    void additions_are_marked() {
        var fingerprint = SearchSchemas.byId("model_fingerprint").orElseThrow();

        assertThat(fingerprint.ownAdditions()).contains("covered_by_policy", "namespace");
        assertThat(fingerprint.fields()).containsEntry("covered_by_policy", FieldType.BOOL);
    }

    @Test
    void a_schema_is_found_by_full_schema_string_and_by_title() {
        assertThat(SearchSchemas.byId("event_redflag:suspicious_command:1.1.0")).isPresent();
        assertThat(SearchSchemas.byIdOrTitle("container")).map(SearchSchema::id).contains("model_container");
        assertThat(SearchSchemas.byIdOrTitle("nothing")).isEmpty();
    }
}
