package io.guardian.core.document;

import static org.assertj.core.api.Assertions.assertThat;

import io.guardian.core.Cases;
import io.guardian.core.text.YamlWriter;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** One right document of every kind is read without a word, stored and read again. */
class DocumentExamplesTest {

    @TestFactory
    Stream<DynamicTest> every_kind_has_an_example_that_is_read_without_problems() {
        var parsed = Documents.parse("examples.yaml", Cases.text("documents/examples.yaml"));
        assertThat(parsed.errors()).isEmpty();
        assertThat(parsed.notices()).isEmpty();
        assertThat(parsed.documents().stream().map(Document::kind)).contains(Kind.values());
        return parsed.documents().stream()
                .map(document ->
                        DynamicTest.dynamicTest(document.kind() + " " + document.name(), () -> staysTheSame(document)));
    }

    private static void staysTheSame(Document document) {
        var fromJson = Documents.parse(document.source());
        assertThat(fromJson.errors()).isEmpty();
        assertThat(fromJson.documents().getFirst().resource()).isEqualTo(document.resource());
        assertThat(fromJson.documents().getFirst().source().toText())
                .isEqualTo(document.source().toText());

        String yaml = YamlWriter.write(document.source());
        var fromYaml = Documents.parse("again.yaml", yaml);
        assertThat(fromYaml.documents().getFirst().resource()).isEqualTo(document.resource());
        assertThat(YamlWriter.write(fromYaml.documents().getFirst().source())).isEqualTo(yaml);
    }
}
