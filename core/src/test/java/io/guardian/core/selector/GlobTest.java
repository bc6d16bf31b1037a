package io.guardian.core.selector;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GlobTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = ' ',
            quoteCharacter = '^',
            value = {
                "a a true",
                "a b false",
                "* ^^ true",
                "* a/b.c true",
                "a*c abbc true",
                "a*c abb false",
                "*.svc.local x.y.svc.local true",
                "? a true",
                "? ^^ false",
                "? 😀 true",
                "?? 😀 false",
                "[abc] b true",
                "[a-c] b true",
                "[a-c] d false",
                "[!a-c] d true",
                "[!a-c] b false",
                "[*] * true",
                "[*] a false",
                "[ [ true",
                "a[b a[b true",
                "[] [] true",
                "[]a] ] true",
                "[]a] a true",
                "[!]a] b true",
                "[!]a] ] false",
                "[!] [!] true",
                "[a-] - true",
                "[-a] - true",
                "[z-a] m false",
                "** a true",
                "a**b ab true",
                "*a*b*c xaybzc true",
                "*a*b*c xaybz false",
                "[😀-😂] 😁 true",
                "/usr/bin/python3.? /usr/bin/python3.9 true",
                "A a false",
                "mongo:* mongo: true"
            })
    void pattern_matches_the_whole_text(String pattern, String text, boolean matches) {
        assertThat(Glob.of(pattern).matches(text)).isEqualTo(matches);
    }

    @ParameterizedTest
    @CsvSource({
        "a, a, true",
        "a*, abc, true",
        "a*, ab*, false",
        "a*, a*, true",
        "[a, '[a', true",
        "*, '', true",
        "abc, a*, false"
    })
    void pattern_covers_itself_and_exact_texts_that_it_matches(String pattern, String other, boolean covers) {
        assertThat(Glob.covers(pattern, other)).isEqualTo(covers);
    }

    /** Against the plain definition, written as slowly as it is said. */
    @Test
    void matching_agrees_with_its_definition() {
        var random = new Random(11);
        for (int i = 0; i < 20_000; i++) {
            String pattern = text(random, "ab*?", 7);
            String value = text(random, "ab", 9);

            assertThat(Glob.of(pattern).matches(value))
                    .as(pattern + " " + value)
                    .isEqualTo(slow(pattern, value));
        }
    }

    private static String text(Random random, String alphabet, int maxLength) {
        var out = new StringBuilder();
        for (int i = random.nextInt(maxLength + 1); i > 0; i--) {
            out.append(alphabet.charAt(random.nextInt(alphabet.length())));
        }
        return out.toString();
    }

    private static boolean slow(String pattern, String value) {
        if (pattern.isEmpty()) {
            return value.isEmpty();
        }
        if (pattern.charAt(0) == '*') {
            return slow(pattern.substring(1), value) || !value.isEmpty() && slow(pattern, value.substring(1));
        }
        return !value.isEmpty()
                && (pattern.charAt(0) == '?' || pattern.charAt(0) == value.charAt(0))
                && slow(pattern.substring(1), value.substring(1));
    }

    @Test
    void many_stars_end_in_reasonable_time() {
        assertThat(Glob.of("*a".repeat(2000) + "b").matches("a".repeat(20_000))).isFalse();
    }
}
