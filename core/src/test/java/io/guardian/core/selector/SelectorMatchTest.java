package io.guardian.core.selector;

import static org.assertj.core.api.Assertions.assertThat;

import io.guardian.core.Cases;
import io.guardian.core.document.Documents;
import io.guardian.core.document.TracePolicy;
import io.guardian.core.selector.Subject.Facts;
import io.guardian.core.text.Json;
import io.guardian.core.text.Problems;
import io.guardian.core.text.TreeJson;
import io.guardian.core.text.TreeReader;
import java.util.HashSet;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Selectors as users write them against objects as they are observed. */
class SelectorMatchTest {

    @TestFactory
    Stream<DynamicTest> cases() {
        var problems = new Problems();
        var trees = TreeReader.read("cases", Cases.text("selectors.yaml"), problems);
        assertThat(problems.errors()).isEmpty();
        var cases =
                ((Json.Obj) TreeJson.toJson(trees.getFirst())).array("cases").objects();
        assertThat(cases).isNotEmpty();
        return cases.stream().map(one -> DynamicTest.dynamicTest(one.text("name"), () -> check(one)));
    }

    private static void check(Json.Obj one) {
        var selectors = selectors(one.object("selectors"));
        var object = one.object("object");

        assertThat(SelectorMatch.of(selectors).match(scope -> facts(object, scope)))
                .isEqualTo(Selection.valueOf(one.text("expect")));
        assertThat(new Json.Obj(SelectorsJson.fields(selectors)).toText())
                .isEqualTo(one.object("selectors").toText());
    }

    /** Trace policies take selectors of every scope that policies have. */
    private static Selectors selectors(Json.Obj written) {
        var spec = new TreeMap<String, Json>();
        spec.put("mode", Json.of("audit"));
        spec.put("allowedFlags", Json.Arr.EMPTY);
        var fields = new java.util.LinkedHashMap<String, Json>(written.fields());
        fields.putAll(spec);
        var parsed = Documents.parse(Json.object()
                .put("apiVersion", Documents.API_VERSION)
                .put("kind", "SpyderbatPolicy")
                .put(
                        "metadata",
                        Json.object().put("name", "t").put("type", "trace").build())
                .put("spec", new Json.Obj(fields))
                .build());
        assertThat(parsed.errors()).isEmpty();
        return ((TracePolicy) parsed.documents().getFirst().resource()).selectors();
    }

    private static Facts facts(Json.Obj object, Scope scope) {
        var written = object.get(scope.key());
        if (written.isEmpty()) {
            return Facts.ABSENT;
        }
        if (!(written.get() instanceof Json.Obj fields)) {
            return Facts.UNKNOWN;
        }
        var values = new TreeMap<String, List<String>>();
        var unknown = new HashSet<String>();
        fields.fields().forEach((key, value) -> {
            switch (value) {
                case Json.Str(String text) -> values.put(key, List.of(text));
                case Json.Arr list -> values.put(key, list.strings());
                case Json.Null() -> unknown.add(key);
                case Json.Obj _, Json.Num _, Json.Bool _ -> throw new IllegalArgumentException(key);
            }
        });
        return new Facts.Present(values, unknown);
    }
}
