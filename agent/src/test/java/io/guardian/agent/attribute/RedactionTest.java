package io.guardian.agent.attribute;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class RedactionTest {
    private final Redaction redaction = new Redaction(List.of("pin"));

    @Test
    void values_of_telling_options_are_hidden_behind_and_after_them() {
        assertThat(redaction.of(List.of("mysql", "--password=hunter2", "-h", "db"), false))
                .containsExactly("mysql", "--password=***", "-h", "db");
        assertThat(redaction.of(List.of("tool", "--Api-Key", "hunter2", "--other", "x"), false))
                .containsExactly("tool", "--Api-Key", "***", "--other", "x");
        assertThat(redaction.of(List.of("env", "DB_SECRET=hunter2", "cmd"), false))
                .containsExactly("env", "DB_SECRET=***", "cmd");
    }

    @Test
    void users_in_urls_are_hidden() {
        assertThat(redaction.of(List.of("curl", "https://joe:hunter2@example.net/x?y@z"), false))
                .containsExactly("curl", "https://***@example.net/x?y@z");
    }

    @Test
    void the_list_can_be_extended() {
        assertThat(redaction.of(List.of("x", "--pin", "1234"), false)).containsExactly("x", "--pin", "***");
    }

    @Test
    void long_lists_are_cut_and_marked() {
        var many = new ArrayList<String>();
        for (int i = 0; i < 100; i++) {
            many.add("a" + i);
        }
        assertThat(redaction.of(many, false)).hasSize(64).endsWith("…");
        assertThat(redaction.of(List.of("x".repeat(9000)), false)).containsExactly("x".repeat(4096), "…");
        assertThat(redaction.of(List.of("x"), true)).containsExactly("x", "…");
    }
}
