package io.guardian.core.text;

import static org.assertj.core.api.Assertions.assertThat;

import io.guardian.core.RandomJson;
import io.guardian.core.Seeds;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever is written is read back equal, in the same order. */
class RoundTripTest {

    static LongStream seeds() {
        return Seeds.of(500);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void yaml(long seed) {
        var json = new RandomJson(seed).object();
        String yaml = YamlWriter.write(json);

        assertThat(read(yaml)).singleElement().isEqualTo(json.toText());
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void yaml_stream(long seed) {
        var made = new RandomJson(seed);
        List<Json> documents = new ArrayList<>(List.of(made.object(), made.object(), made.object()));

        assertThat(read(YamlWriter.writeStream(documents)))
                .isEqualTo(documents.stream().map(Json::toText).toList());
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void json_and_ndjson(long seed) throws JsonSyntaxException {
        var made = new RandomJson(seed);
        var documents = List.of(made.object(), made.object());

        assertThat(JsonReader.read(JsonWriter.write(documents.getFirst())).toText())
                .isEqualTo(documents.getFirst().toText());
        assertThat(read(JsonWriter.writeLines(documents)))
                .isEqualTo(documents.stream().map(Json::toText).toList());
    }

    private static List<String> read(String text) {
        var problems = new Problems();
        var trees = TreeReader.read("x", text, problems);
        assertThat(problems.errors()).as(text).isEmpty();
        return trees.stream().map(tree -> TreeJson.toJson(tree).toText()).toList();
    }
}
