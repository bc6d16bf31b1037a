package io.guardian.core.text;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTest {

    @Test
    void text_comes_back_as_it_was_written() throws JsonSyntaxException {
        String text = "{\"z\":1.50,\"a\":[null,true,-0,1E5],\"é\":\"\\\"\\\\\\n😀\",\"\":{}}";

        assertThat(JsonReader.read(text).toText()).isEqualTo(text);
        assertThat(JsonReader.read(text.getBytes(UTF_8), 0, text.getBytes(UTF_8).length)
                        .toText())
                .isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource({
        "1.5, 1.5",
        "1.0, 1",
        "-0.0, 0",
        "1790000000.25, 1790000000.25",
        "1.705435213327981E9, 1705435213.327981",
        "1.0E22, 10000000000000000000000",
        "1.0E-7, 0.0000001",
        "9007199254740993, 9007199254740992"
    })
    void number_made_from_a_double_is_short_and_has_no_exponent(double value, String digits) {
        assertThat(Json.of(value).digits()).isEqualTo(digits);
        assertThat(Json.of(value).asDouble()).isEqualTo(value);
    }

    @Test
    void number_that_json_can_not_hold_is_a_fault() {
        assertThatThrownBy(() -> Json.of(Double.NaN)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void whole_number_is_clamped_to_its_type() {
        assertThat(new Json.Num("1e3").asLong()).isEqualTo(1000);
        assertThat(new Json.Num("1e30").asLong()).isEqualTo(Long.MAX_VALUE);
        assertThat(new Json.Num("-99999999999").asInt()).isEqualTo(Integer.MIN_VALUE);
    }

    @Test
    void value_is_found_at_a_dotted_path() throws JsonSyntaxException {
        var json = JsonReader.readObject(
                "{\"metadata\":{\"labels\":{\"app.kubernetes.io/name\":\"x\"}},\"a.b\":{\"c\":1}}");

        assertThat(json.at("metadata.labels.app.kubernetes.io/name")).contains(Json.of("x"));
        assertThat(json.at("a.b.c")).contains(Json.of(1));
        assertThat(json.at("metadata.none")).isEmpty();
        assertThat(json.at("")).isEmpty();
    }

    @Test
    void field_that_is_set_keeps_its_place() {
        var json = Json.object().put("a", 1).put("b", 2).build();

        assertThat(json.with("a", Json.of(3))
                        .without("b")
                        .with("c", Json.Null.VALUE)
                        .toText())
                .isEqualTo("{\"a\":3,\"c\":null}");
    }

    @Test
    void half_a_surrogate_pair_is_escaped() {
        assertThat(Json.of("a\ud800b").toText()).isEqualTo("\"a\\ud800b\"");
        assertThat(Json.of("\u0001").toText()).isEqualTo("\"\\u0001\"");
    }

    @Test
    void keys_are_ordered_by_code_point_and_not_by_utf_16_unit() {
        var json = Json.object()
                .put("😀", 1)
                .put("\uff5e", 2)
                .put("b", 3)
                .put("B", 4)
                .build();

        assertThat(json.toCanonicalText()).isEqualTo("{\"B\":4,\"b\":3,\"\\uff5e\":2,\"\\ud83d\\ude00\":1}");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "{",
                "[1,]",
                "{\"a\":1,}",
                "01",
                "+1",
                ".5",
                "NaN",
                "'a'",
                "{a:1}",
                "nul",
                "1 2",
                "\"\n\"",
                "\"\\x\"",
                "[1] x",
                "// c\n1",
                "{\"a\":1,\"a\":2}"
            })
    void text_that_is_not_one_value_is_refused(String text) {
        assertThatThrownBy(() -> JsonReader.read(text)).isInstanceOf(JsonSyntaxException.class);
    }

    @Test
    void refusal_says_where_and_names_no_class() {
        var refused = catchThrowableOfType(JsonSyntaxException.class, () -> JsonReader.read("{\"a\": 1,\n \"b\" 2}"));

        assertThat(refused.line()).isEqualTo(2);
        assertThat(refused.column()).isEqualTo(6);
        assertThat(refused)
                .hasMessage("unexpected character ('2' (code 50)): was expecting a colon to separate field name"
                        + " and value");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"a\":",
                "[1,",
                "\"abc",
                "{\"a\":tru}",
                "{\"a\":\"\\q\"}",
                "[1 2]",
                "{\"a\":NaN}",
                "{\"a\":01}",
                "]",
                "{\"a\":/**/1}",
                "{\"a\":1e}",
                "DEPTH",
                "DIGITS",
                "KEY"
            })
    void refusal_speaks_to_users_and_not_to_programmers(String text) {
        String broken = switch (text) {
            case "DEPTH" -> "[".repeat(300);
            case "DIGITS" -> "9".repeat(2000);
            case "KEY" -> "{\"" + "k".repeat(60_000) + "\":1}";
            default -> text;
        };

        assertThat(catchThrowableOfType(JsonSyntaxException.class, () -> JsonReader.read(broken)))
                .message()
                .doesNotContain("Stream", "Feature", "Source", "java")
                .matches("[^A-Z].*[^.]");
    }

    @Test
    void depth_and_digits_are_limited() {
        assertThatThrownBy(() -> JsonReader.read("[".repeat(100_000))).isInstanceOf(JsonSyntaxException.class);
        assertThatThrownBy(() -> JsonReader.read("9".repeat(100_000))).isInstanceOf(JsonSyntaxException.class);
    }

    @Test
    void bytes_that_are_not_utf_8_are_refused() {
        byte[] bytes = {'"', (byte) 0xff, '"'};

        assertThatThrownBy(() -> JsonReader.read(bytes, 0, bytes.length)).isInstanceOf(JsonSyntaxException.class);
    }

    static LongStream seeds() {
        return LongStream.range(0, 200);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void damaged_bytes_are_read_or_refused(long seed) {
        var random = new Random(seed);
        byte[] bytes = "{\"a\":[1.5e3,{\"b\":\"c\\u00e9é\\n\"}],\"d\":null}".getBytes(UTF_8);
        for (int i = random.nextInt(4); i >= 0; i--) {
            bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
        }
        try {
            var json = JsonReader.read(bytes, 0, bytes.length);
            assertThat(JsonReader.read(json.toText())).isEqualTo(json);
        } catch (JsonSyntaxException refused) {
            assertThat(refused.line()).isPositive();
        }
    }
}
