package io.guardian.agent.act;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ProcessStatTest {
    private static final String REST = " S 7 8 9 0 -1 4194560 1 2 3 4 5 6 7 8 20 0 1 0 5120 1000 100 1\n";

    @Test
    void a_name_can_not_move_the_fields_behind_it() {
        var plain = ProcessStat.parse("4711 (sleep)" + REST);
        assertThat(plain).contains(new ProcessStat(7, 8, 4194560, 5120));
        assertThat(ProcessStat.parse("4711 (x) S 1 1 1 (y)" + REST)).isEqualTo(plain);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "4711",
                "4711 (sleep)",
                "4711 (sleep) S 1 2",
                "4711 (sleep) S a b c d e f g h i j k l m n o p q r s"
            })
    void what_can_not_be_read_is_nothing(String text) {
        assertThat(ProcessStat.parse(text)).isEmpty();
    }
}
