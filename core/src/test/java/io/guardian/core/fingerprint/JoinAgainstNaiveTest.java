package io.guardian.core.fingerprint;

import static org.assertj.core.api.Assertions.assertThat;

import io.guardian.core.testing.Behaviours;
import io.guardian.core.testing.Seeds;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class JoinAgainstNaiveTest {

    static LongStream seeds() {
        return Seeds.of(400);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void the_join_says_what_pairwise_merging_says(long seed) {
        var made = new Behaviours(seed, true);
        var inputs = List.of(made.next(), made.next(), made.next());
        assertThat(Join.join(inputs)).isEqualTo(NaiveJoin.join(inputs));
    }
}
