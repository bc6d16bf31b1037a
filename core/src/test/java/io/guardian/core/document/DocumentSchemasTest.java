package io.guardian.core.document;

import static org.assertj.core.api.Assertions.assertThat;

import io.guardian.core.Cases;
import io.guardian.core.text.Json;
import io.guardian.core.text.JsonReader;
import io.guardian.core.text.JsonSyntaxException;
import io.guardian.core.text.JsonWriter;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** The schemas demand what the readers demand: neither can forget a field that the other knows. */
class DocumentSchemasTest {
    private static final Map<String, List<String>> SCHEMA_OF = Map.of(
            "baseline", List.of("SpyderbatBaseline"),
            "cluster-policy", List.of("SpyderbatPolicy", "cluster"),
            "config", List.of("Config"),
            "deviation", List.of("GuardianDeviation"),
            "fingerprint", List.of("SpyderbatFingerprint"),
            "fingerprint-group", List.of("FingerprintGroup"),
            "policy", List.of("SpyderbatPolicy", "container"),
            "ruleset", List.of("SpyderbatRuleset"),
            "trace-suppression-policy", List.of("SpyderbatPolicy", "trace"),
            "uid-list", List.of("UidList"));

    @Test
    void every_schema_is_valid_json_of_the_draft() throws JsonSyntaxException {
        for (var name : DocumentSchemas.names()) {
            var schema = DocumentSchemas.of(name).orElseThrow();
            assertThat(JsonReader.read(JsonWriter.write(schema))).isEqualTo(schema);
            assertThat(schema.text("$schema")).isEqualTo("https://json-schema.org/draft/2020-12/schema");
            assertThat(schema.array("required").strings()).startsWith("apiVersion", "kind");
        }
        assertThat(DocumentSchemas.of("nothing")).isEmpty();
    }

    @TestFactory
    Stream<DynamicTest> what_a_schema_requires_the_reader_requires() {
        return SCHEMA_OF.entrySet().stream()
                .map(entry -> DynamicTest.dynamicTest(entry.getKey(), () -> {
                    var schema = DocumentSchemas.of(entry.getKey()).orElseThrow();
                    var document = example(entry.getValue());
                    assertThat(errors(document)).isZero();
                    walk(schema, schema, document, changed -> changed);
                }));
    }

    private static void walk(Json.Obj root, Json.Obj schema, Json value, UnaryOperator<Json> whole) {
        switch (value) {
            case Json.Obj object
            when schema.fields().containsKey("properties") -> {
                for (var key : schema.array("required").strings()) {
                    assertThat(errors(whole.apply(object.without(key))))
                            .as("without " + key)
                            .isPositive();
                }
                boolean closed = schema.bool("additionalProperties").isPresent();
                assertThat(errors(whole.apply(object.with("zzzzzzzz", Json.of("x")))) > 0)
                        .as("unknown key beside " + object.fields().keySet())
                        .isEqualTo(closed);
                object.fields().forEach((key, inner) -> {
                    var known = schema.object("properties").get(key);
                    if (closed) {
                        assertThat(known).as(key).isPresent();
                    }
                    known.ifPresent(found -> walk(
                            root,
                            resolved(root, (Json.Obj) found),
                            inner,
                            changed -> whole.apply(object.with(key, changed))));
                });
            }
            case Json.Arr list
            when schema.fields().containsKey("items") -> {
                for (int i = 0; i < list.items().size(); i++) {
                    int at = i;
                    walk(
                            root,
                            resolved(root, schema.object("items")),
                            list.items().get(i),
                            changed -> {
                                var items = new java.util.ArrayList<>(list.items());
                                items.set(at, changed);
                                return whole.apply(new Json.Arr(items));
                            });
                }
            }
            case Json.Obj _, Json.Arr _, Json.Str _, Json.Num _, Json.Bool _, Json.Null _ -> {}
        }
    }

    private static Json.Obj resolved(Json.Obj root, Json.Obj schema) {
        return schema.string("$ref")
                .map(ref -> root.object("$defs").object(ref.substring(ref.lastIndexOf('/') + 1)))
                .orElse(schema);
    }

    /** A context that is wrong is skipped with a notice, and counts here. */
    private static long errors(Json document) {
        var parsed = Documents.parse((Json.Obj) document);
        return parsed.errors().size()
                + parsed.notices().stream()
                        .filter(notice -> notice.message().startsWith("context skipped"))
                        .count();
    }

    /** @param wanted kind and, for policies, type */
    private static Json.Obj example(List<String> wanted) {
        return Documents.parse("", Cases.text("documents/examples.yaml")).documents().stream()
                .map(Document::source)
                .filter(source -> source.text("kind").equals(wanted.getFirst()))
                .filter(source -> wanted.size() == 1
                        || source.object("metadata").text("type").equals(wanted.getLast()))
                .findFirst()
                .orElseThrow();
    }
}
