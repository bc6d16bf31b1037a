package io.guardian.core.document;

import static org.assertj.core.api.Assertions.assertThat;

import io.guardian.core.Cases;
import io.guardian.core.text.Json;
import io.guardian.core.text.Problem;
import io.guardian.core.text.Problems;
import io.guardian.core.text.TreeJson;
import io.guardian.core.text.TreeReader;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** What is wrong with a document is said at its place, in words that a user can act on. */
class ProblemCasesTest {

    @TestFactory
    Stream<DynamicTest> workload_policy() {
        return cases("problems/workload-policy.yaml");
    }

    @TestFactory
    Stream<DynamicTest> other_documents() {
        return cases("problems/other.yaml");
    }

    private static Stream<DynamicTest> cases(String file) {
        var problems = new Problems();
        var trees = TreeReader.read(file, Cases.text(file), problems);
        assertThat(problems.errors()).isEmpty();
        var top = (Json.Obj) TreeJson.toJson(trees.getFirst());
        var cases = top.array("cases").objects();
        assertThat(cases).isNotEmpty();
        return cases.stream().map(one -> DynamicTest.dynamicTest(one.text("name"), () -> check(top.text("base"), one)));
    }

    private static void check(String base, Json.Obj one) {
        var parsed = Documents.parse("policy.yaml", one.string("input").orElseGet(() -> changed(base, one)));

        assertThat(lines(parsed.errors())).isEqualTo(one.array("errors").strings());
        assertThat(lines(parsed.notices())).isEqualTo(one.array("notices").strings());
        assertThat(parsed.documents().isEmpty()).isEqualTo(!parsed.isValid());
    }

    private static String changed(String base, Json.Obj one) {
        var pairs = one.array("replace").strings();
        String text = base;
        for (int i = 0; i < pairs.size(); i += 2) {
            assertThat(text).contains(pairs.get(i));
            text = text.replace(pairs.get(i), pairs.get(i + 1));
        }
        return text;
    }

    private static List<String> lines(List<Problem> problems) {
        return problems.stream().map(Problem::toString).toList();
    }
}
