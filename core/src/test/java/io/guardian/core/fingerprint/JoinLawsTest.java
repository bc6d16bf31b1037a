package io.guardian.core.fingerprint;

import static org.assertj.core.api.Assertions.assertThat;

import io.guardian.core.policy.Behaviour;
import io.guardian.core.testing.Behaviours;
import io.guardian.core.testing.Seeds;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The join is a join: what a policy says depends on what was seen, and on nothing else. */
class JoinLawsTest {

    static LongStream seeds() {
        return Seeds.of(400);
    }

    private static Behaviour join(Behaviour... behaviours) {
        return Join.join(List.of(behaviours));
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void joining_a_behaviour_with_itself_changes_nothing(long seed) {
        var a = new Behaviours(seed, true).next();
        assertThat(join(a, a)).isEqualTo(join(a));
        assertThat(join(join(a))).isEqualTo(join(a));
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void the_order_of_two_behaviours_does_not_matter(long seed) {
        var made = new Behaviours(seed, true);
        var a = made.next();
        var b = made.next();
        assertThat(join(a, b)).isEqualTo(join(b, a));
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void the_grouping_of_three_behaviours_does_not_matter(long seed) {
        var made = new Behaviours(seed, true);
        var a = made.next();
        var b = made.next();
        var c = made.next();
        assertThat(join(join(a, b), c)).isEqualTo(join(a, join(b, c))).isEqualTo(join(a, b, c));
    }
}
