package io.guardian.core.selector;

import static org.assertj.core.api.Assertions.assertThat;

import io.guardian.core.testing.ReferenceEvaluator;
import io.guardian.core.testing.Seeds;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class PatternIndexTest {

    static LongStream seeds() {
        return Seeds.of(200);
    }

    private static String text(Random random, String alphabet, int longest) {
        var out = new StringBuilder();
        for (int i = random.nextInt(longest + 1); i > 0; i--) {
            out.append(alphabet.charAt(random.nextInt(alphabet.length())));
        }
        return out.toString();
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void the_index_finds_exactly_the_patterns_that_match(long seed) {
        var random = new Random(seed);
        var patterns = new HashMap<String, String>();
        for (int i = random.nextInt(60); i >= 0; i--) {
            String pattern = text(random, "ab/ab/*?[]!", 8);
            patterns.put(pattern, pattern);
        }
        var index = PatternIndex.of(patterns);
        for (int i = 0; i < 200; i++) {
            String value = text(random, "ab/[]!", 10);
            var found = new ArrayList<String>();
            var exact = index.exact(value);
            if (exact != null) {
                found.add(exact);
            }
            for (int at = index.next(value, -1); at >= 0; at = index.next(value, at)) {
                found.add(index.value(at));
            }
            assertThat(found)
                    .as("`%s`", value)
                    .containsExactlyInAnyOrderElementsOf(patterns.keySet().stream()
                            .filter(pattern -> Glob.of(pattern).matches(value))
                            .toList());
        }
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void globs_match_what_their_regular_expressions_match(long seed) {
        var random = new Random(seed);
        for (int i = 0; i < 500; i++) {
            String pattern = text(random, "ab/ab**??", 8);
            String value = text(random, "ab/", 10);
            assertThat(Glob.of(pattern).matches(value))
                    .as("`%s` on `%s`", pattern, value)
                    .isEqualTo(ReferenceEvaluator.glob(pattern, value));
        }
    }

    @Test
    void thousands_of_nested_beginnings_are_all_found() {
        var patterns = new HashMap<String, String>();
        for (int i = 1; i <= 2000; i++) {
            patterns.put("a".repeat(i) + "*", "a".repeat(i));
        }
        var index = PatternIndex.of(patterns);
        int found = 0;
        String value = "a".repeat(1500) + "b";
        for (int at = index.next(value, -1); at >= 0; at = index.next(value, at)) {
            found++;
        }
        assertThat(found).isEqualTo(1500);
        assertThat(List.of(index.next("b", -1))).containsExactly(-1);
    }
}
