package io.guardian.core.text;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The text may come from anybody: it is read in bounded time and space, or refused with one line. */
class TreeReaderTest {
    private final Problems problems = new Problems();

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '^',
            value = {
                "12 | 12",
                "+12 | 12",
                "007 | 7",
                "0x1F | 31",
                "0o17 | 15",
                "1.50 | 1.50",
                ".5 | 0.5",
                "1. | 1",
                "1e3 | 1e3",
                "true | true",
                "~ | null",
                "yes | \"yes\"",
                "'12' | \"12\"",
                "1_000 | \"1_000\"",
                ".inf | \".inf\"",
                "2024-01-16 | \"2024-01-16\"",
                "!!str 12 | \"12\"",
                "!!int '12' | 12"
            })
    void plain_scalar_means_what_yaml_1_2_says(String yaml, String json) {
        assertThat(json("a: " + yaml)).containsExactly("{\"a\":" + json + "}");
    }

    @Test
    void alias_is_a_copy() {
        var tree = (Tree.Mapping)
                TreeReader.read("", "a: &x [1]\nb: *x\n", problems).getFirst();

        assertThat(TreeJson.toJson(tree).toText()).isEqualTo("{\"a\":[1],\"b\":[1]}");
        assertThat(tree.get("a").orElseThrow()).isNotSameAs(tree.get("b").orElseThrow());
    }

    @Test
    void aliases_that_multiply_are_refused() {
        var text = new StringBuilder("a0: &a0 [x, x, x, x, x, x, x, x, x]\n");
        for (int i = 1; i < 30; i++) {
            text.append("a%d: &a%d [%s]\n".formatted(i, i, ("*a" + (i - 1) + ", ").repeat(8) + "*a" + (i - 1)));
        }

        assertThat(errors(text.toString())).containsExactly("f:6:10: aliases expand to more than 100000 values");
    }

    @Test
    void alias_without_an_anchor_or_inside_its_own_is_refused() {
        assertThat(errors("a: *b\n")).containsExactly("f:1:4: alias `*b` names no anchor before it");
        assertThat(errors("a: &b [*b]\n")).hasSize(1);
    }

    @Test
    void depth_is_limited_in_yaml_json_and_aliases() {
        assertThat(errors("[".repeat(100_000))).hasSize(1);
        assertThat(errors("{\"a\":".repeat(100_000))).hasSize(1);
        assertThat(errors("- ".repeat(300) + "x")).containsExactly("f:1:403: more than 200 levels");
        assertThat(errors("a: &a " + "[".repeat(150) + "]".repeat(150) + "\nb: " + "[".repeat(100) + "*a"
                        + "]".repeat(100)))
                .hasSize(1);
    }

    @Test
    void huge_scalar_is_only_a_scalar() {
        String text = "x".repeat(500_000);

        assertThat(json("a: " + text)).containsExactly("{\"a\":\"" + text + "\"}");
        assertThat(json("{\"a\": \"" + text + "\"}")).containsExactly("{\"a\":\"" + text + "\"}");
        assertThat(json("a: " + "9".repeat(5000))).containsExactly("{\"a\":\"" + "9".repeat(5000) + "\"}");
    }

    @Test
    void characters_that_yaml_forbids_are_named() {
        assertThat(errors("a: x\nb: \0"))
                .containsExactly(
                        "f:2:4: character U+0000 is not allowed in YAML; remove it, or write it as an escape in"
                                + " double quotes");
        assertThat(errors("a: \u001b[31m")).hasSize(1);
        assertThat(errors("a: \ud800")).hasSize(1);
    }

    @Test
    void bytes_that_are_not_utf_8_are_placed() {
        byte[] bytes = "é: x\ny: ".getBytes(UTF_8);
        var bad = java.util.Arrays.copyOf(bytes, bytes.length + 1);
        bad[bytes.length] = (byte) 0xff;

        assertThat(TreeReader.decode("f", bad, problems)).isEmpty();
        assertThat(problems.errors().getFirst()).hasToString("f:2:4: byte 0xff is not UTF-8; save the file as UTF-8");
    }

    @Test
    void byte_order_mark_is_dropped() {
        assertThat(json("\ufeffa: 1")).containsExactly("{\"a\":1}");
        assertThat(json("\ufeff{\"a\": 1}")).containsExactly("{\"a\":1}");
    }

    @Test
    void flow_style_is_no_json_and_still_read() {
        assertThat(json("{a: b, c: [d]}")).containsExactly("{\"a\":\"b\",\"c\":[\"d\"]}");
        assertThat(json("{a: b}\n---\n{c: d}\n")).containsExactly("{\"a\":\"b\"}", "{\"c\":\"d\"}");
    }

    @Test
    void json_values_one_after_another_are_documents() {
        assertThat(json("{\"a\": 1}\n{\"a\": 2}\n")).containsExactly("{\"a\":1}", "{\"a\":2}");
        assertThat(json("[{\"a\": 1}]")).containsExactly("[{\"a\":1}]");
    }

    @Test
    void empty_documents_of_a_stream_are_passed_over() {
        assertThat(json("---\na: 1\n---\n---\n# only words\n---\nb: 2\n")).containsExactly("{\"a\":1}", "{\"b\":2}");
    }

    @Test
    void every_repeated_key_is_told() {
        assertThat(errors("a: 1\nb: {c: 1, c: 2}\na: 3\n"))
                .containsExactly(
                        "f:2:11: repeated key `c`; keep one; the first is at line 2, column 5",
                        "f:3:1: repeated key `a`; keep one; the first is at line 1, column 1");
    }

    @Test
    void tag_that_makes_objects_is_refused() {
        assertThat(errors("a: !!javax.script.ScriptEngineManager [x]\n"))
                .containsExactly("f:1:4: tag `tag:yaml.org,2002:javax.script.ScriptEngineManager` is not known here;"
                        + " remove it");
        assertThat(errors("? [a]\n: b\n")).containsExactly("f:1:3: a key is a list and not text");
    }

    static LongStream seeds() {
        return LongStream.range(0, 300);
    }

    /** Damaged documents end in trees or problems, never in an exception. */
    @ParameterizedTest
    @MethodSource("seeds")
    void damaged_text_never_throws(long seed) {
        var random = new Random(seed);
        var text = new StringBuilder(
                random.nextBoolean()
                        ? "a:\n- {b: 'c', d: [1, 2]}\n- &x \"y\"\n- *x\n"
                        : "{\"a\": [1, {\"b\": \"c\\n\"}]}");
        String alphabet = "{}[]:,-?&*!|>'\"%@`# \n\t\\0\0aé\ud800x1.";
        for (int i = random.nextInt(6); i >= 0; i--) {
            int at = random.nextInt(text.length());
            char c = alphabet.charAt(random.nextInt(alphabet.length()));
            switch (random.nextInt(3)) {
                case 0 -> text.insert(at, c);
                case 1 -> text.setCharAt(at, c);
                default -> text.deleteCharAt(at);
            }
            if (text.isEmpty()) {
                text.append('a');
            }
        }
        var trees = TreeReader.read("f", text.toString(), problems);

        assertThat(trees.isEmpty() && problems.errorCount() == 0)
                .as(text.toString())
                .isEqualTo(text.toString().isBlank());
    }

    private List<String> json(String text) {
        var trees = TreeReader.read("f", text, problems);
        assertThat(problems.errors()).isEmpty();
        return trees.stream().map(tree -> TreeJson.toJson(tree).toText()).toList();
    }

    private static List<String> errors(String text) {
        var found = new Problems();
        TreeReader.read("f", text, found);
        return found.errors().stream().map(Problem::toString).toList();
    }
}
