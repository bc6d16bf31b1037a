package io.guardian.core.document;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.guardian.core.Cases;
import io.guardian.core.RandomJson;
import io.guardian.core.Seeds;
import io.guardian.core.text.Json;
import io.guardian.core.text.Problem;
import io.guardian.core.text.YamlWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever is sent as a document, the answer is a right document or problems in plain words. */
class DamagedDocumentsTest {
    private static final List<Document> EXAMPLES =
            Documents.parse("", Cases.text("documents/examples.yaml")).documents();

    static LongStream seeds() {
        return Seeds.of(400);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void values_replaced_at_random(long seed) {
        var random = new Random(seed);
        var made = new RandomJson(seed);
        Json document = EXAMPLES.get(random.nextInt(EXAMPLES.size())).source();
        for (int i = random.nextInt(3); i >= 0; i--) {
            document = damaged(document, random, made);
        }
        if (document instanceof Json.Obj object) {
            check(Documents.parse(object));
            check(Documents.parse("f.yaml", YamlWriter.write(object)));
        }
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void bytes_replaced_at_random(long seed) {
        var random = new Random(seed);
        var example = EXAMPLES.get(random.nextInt(EXAMPLES.size())).source();
        byte[] bytes = (random.nextBoolean() ? YamlWriter.write(example) : example.toText()).getBytes(UTF_8);
        for (int i = random.nextInt(5); i >= 0; i--) {
            bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(random.nextBoolean() ? 128 : 256);
        }
        check(Documents.parse("f", bytes));
    }

    @Test
    void many_problems_are_counted_and_not_all_kept() {
        var rules = new ArrayList<Json>();
        for (int i = 0; i < 500; i++) {
            rules.add(Json.object().build());
        }
        var parsed = Documents.parse(Json.object()
                .put("apiVersion", Documents.API_VERSION)
                .put("kind", "SpyderbatRuleset")
                .put(
                        "metadata",
                        Json.object().put("name", "r").put("type", "cluster").build())
                .put("spec", Json.object().put("rules", new Json.Arr(rules)).build())
                .build());

        assertThat(parsed.errors()).hasSize(200);
        assertThat(parsed.dropped()).isEqualTo(3 * 500 - 200);
    }

    private static Json damaged(Json value, Random random, RandomJson made) {
        if (random.nextInt(5) == 0) {
            return made.value(2);
        }
        return switch (value) {
            case Json.Obj object
            when !object.fields().isEmpty() -> {
                var keys = List.copyOf(object.fields().keySet());
                String key = keys.get(random.nextInt(keys.size()));
                yield switch (random.nextInt(6)) {
                    case 0 -> object.without(key);
                    case 1 -> object.with(made.text(), made.value(1));
                    default -> object.with(key, damaged(object.get(key).orElseThrow(), random, made));
                };
            }
            case Json.Arr list
            when !list.items().isEmpty() -> {
                var items = new ArrayList<>(list.items());
                int at = random.nextInt(items.size());
                items.set(at, damaged(items.get(at), random, made));
                yield new Json.Arr(items);
            }
            case Json.Obj _, Json.Arr _, Json.Str _, Json.Num _, Json.Bool _, Json.Null _ -> made.value(2);
        };
    }

    private static void check(Parsed parsed) {
        assertThat(parsed.documents().isEmpty()).isEqualTo(!parsed.errors().isEmpty());
        for (var document : parsed.documents()) {
            var again = Documents.parse(document.source());
            assertThat(again.errors()).isEmpty();
            assertThat(again.documents().getFirst().resource()).isEqualTo(document.resource());
            assertThat(again.documents().getFirst().source().toText())
                    .isEqualTo(document.source().toText());
        }
        for (Problem problem : parsed.errors()) {
            assertThat(problem.message())
                    .isNotEmpty()
                    .doesNotContain("java", "Exception", "jackson", "snakeyaml")
                    .matches("(?s)[^A-Z].*|YAML.*|JSON.*");
        }
    }
}
