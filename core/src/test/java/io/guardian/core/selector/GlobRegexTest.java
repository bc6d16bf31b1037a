package io.guardian.core.selector;

import static org.assertj.core.api.Assertions.assertThat;

import io.guardian.core.Seeds;
import java.util.Random;
import java.util.regex.Pattern;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class GlobRegexTest {
    static LongStream seeds() {
        return Seeds.of(200);
    }

    private static String text(Random random, String alphabet) {
        var out = new StringBuilder();
        for (int i = random.nextInt(8); i > 0; i--) {
            int at = random.nextInt(alphabet.codePointCount(0, alphabet.length()));
            out.appendCodePoint(alphabet.codePointAt(alphabet.offsetByCodePoints(0, at)));
        }
        return out.toString();
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void a_glob_as_a_regular_expression_matches_the_same(long seed) {
        var random = new Random(seed);
        for (int i = 0; i < 100; i++) {
            var glob = Glob.of(text(random, "abc*?[]!-.\\^$()|\n\ud83d\ude00"));
            var pattern = Pattern.compile(GlobRegex.of(glob));
            for (int n = 0; n < 20; n++) {
                String value = text(random, "abc-.\\]^$[\n\ud83d\ude00");
                assertThat(pattern.matcher(value).matches())
                        .as("`%s` on `%s`", glob, value)
                        .isEqualTo(glob.matches(value));
            }
        }
    }
}
