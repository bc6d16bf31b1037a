package io.guardian.core.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class YamlWriterTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "docker.io/library/mongo:*",
                "192.168.0.0/16",
                "sha256:68248f2793e077e818710fc5d6f6f93f1ae5739b694d541b7e0cd114e064fa11",
                "/usr/bin/mongod",
                "kubernetes.io/metadata.name",
                "a b, c",
                "it's",
                "-v",
                "?x",
                "::1/128",
                "a#b",
                "a:b",
                "naïve 😀",
                "1.2.3",
                "10.0.0.1",
                "v1.20",
                "8248f2793e07x",
                "nope",
                "Onward",
                "2024-01-16T",
                "x\\n"
            })
    void text_that_every_reader_takes_for_text_is_plain(String text) {
        assertThat(YamlWriter.write(Json.of(text))).isEqualTo(text + "\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "*",
                "yes",
                "No",
                "on",
                "OFF",
                "y",
                "N",
                "true",
                "False",
                "null",
                "~",
                "1.20",
                "007",
                "0x1f",
                "0b101",
                "0o17",
                "1_000",
                "+12",
                "-1",
                ".5",
                "1.",
                "1e3",
                "1.5e+3",
                "12e10",
                "4:20",
                "1:2:3:4:5:6:7:8",
                "4:20.5",
                ".inf",
                "-.INF",
                ".nan",
                "=",
                "<<",
                "2024-01-16",
                "2024-01-16T13:52:51Z",
                "2024-1-6 3:52:51 +1",
                "-",
                "?",
                ":",
                "- a",
                "? a",
                ": a",
                "#a",
                "a #b",
                "a: b",
                "a:",
                " a",
                "a ",
                "[a]",
                "{a}",
                "&a",
                "!a",
                "|",
                ">",
                "%a",
                "@a",
                "`a`",
                "\"a\"",
                "'a'",
                ",a",
                "---",
                "--- a",
                "...",
                "123456789012",
                "\ta",
                "a\tb"
            })
    void text_that_some_reader_takes_for_something_else_is_in_single_quotes(String text) {
        assertThat(YamlWriter.write(Json.of(text))).isEqualTo("'" + text.replace("'", "''") + "'\n");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "line\\nbreak | \"line\\nbreak\"",
                "bell\\u0007 | \"bell\\u0007\"",
                "nul\\0 | \"nul\\0\"",
                "next\\u0085line | \"next\\u0085line\"",
                "half\\ud800 | \"half\ufffd\""
            })
    void text_that_fits_no_single_quotes_is_in_double_quotes(String escaped, String written) {
        String text = escaped.replace("\\n", "\n")
                .replace("\\u0007", "\u0007")
                .replace("\\0", "\0")
                .replace("\\u0085", "\u0085")
                .replace("\\ud800", "\ud800");

        assertThat(YamlWriter.write(Json.of(text))).isEqualTo(written + "\n");
    }

    @ParameterizedTest
    @CsvSource({
        "1790000000.25, 1790000000.25",
        "1790000000.0, 1790000000",
        "1.705435213327981E9, 1705435213.327981",
        "1e3, 1000",
        "0.00001, 0.00001",
        "-0.0, 0",
        "12345678901234567890, 12345678901234567890",
        "1e400, 1e400"
    })
    void number_is_written_in_its_shortest_decimal_form(String digits, String written) {
        assertThat(YamlWriter.write(new Json.Num(digits))).isEqualTo(written + "\n");
        assertThat(JsonWriter.write(new Json.Num(digits))).isEqualTo(written + "\n");
    }

    @Test
    void nested_lists_and_mappings_keep_the_dash_at_the_column_of_the_key() throws JsonSyntaxException {
        var json = JsonReader.read("""
                {"a": [{"b": [1, [2, {"c": null}], []], "d": {}}], "e": {"f": [true]}}""");

        assertThat(YamlWriter.write(json)).isEqualTo("""
                a:
                - b:
                  - 1
                  - - 2
                    - c: null
                  - []
                  d: {}
                e:
                  f:
                  - true
                """);
    }

    @Test
    void mapping_with_key_and_operator_is_in_flow_style() throws JsonSyntaxException {
        var json = JsonReader.read("""
                {"matchExpressions": [{"key": "tier", "operator": "In", "values": ["web", "a:1, b", "no", "x:y"]},
                 {"key": "x", "operator": "Exists"}]}""");

        assertThat(YamlWriter.write(json)).isEqualTo("""
                matchExpressions:
                - {key: tier, operator: In, values: [web, 'a:1, b', 'no', x:y]}
                - {key: x, operator: Exists}
                """);
    }

    @Test
    void independent_documents_are_split_by_three_dashes() {
        assertThat(YamlWriter.writeStream(
                        List.of(Json.of(1), Json.object().put("a", "b").build())))
                .isEqualTo("1\n---\na: b\n");
    }

    @Test
    void key_that_is_too_long_for_one_line_is_marked() {
        String key = "k".repeat(2000);
        String yaml = YamlWriter.write(Json.object().put(key, "v").build());

        assertThat(yaml).isEqualTo("? " + key + "\n: v\n");
        assertThat(TreeJson.toJson(TreeReader.read("", yaml, new Problems()).getFirst())
                        .toText())
                .isEqualTo("{\"" + key + "\":\"v\"}");
    }

    @Test
    void json_is_indented_by_two() throws JsonSyntaxException {
        assertThat(JsonWriter.write(JsonReader.read("{\"a\":[1,{\"b\":\"é\\n\"}],\"c\":{},\"d\":[]}")))
                .isEqualTo("""
                {
                  "a": [
                    1,
                    {
                      "b": "é\\n"
                    }
                  ],
                  "c": {},
                  "d": []
                }
                """);
        assertThat(JsonWriter.writeLines(List.of(Json.of(1), Json.of("x")))).isEqualTo("1\n\"x\"\n");
    }
}
