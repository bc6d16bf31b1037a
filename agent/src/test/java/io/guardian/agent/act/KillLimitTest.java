package io.guardian.agent.act;

import static org.assertj.core.api.Assertions.assertThat;

import io.guardian.agent.log.Log;
import io.guardian.agent.state.DataFolder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class KillLimitTest {
    private static final long MINUTE_NANOS = 60_000_000_000L;

    @TempDir
    private Path folder;

    @Test
    void the_last_minute_counts_and_each_policy_for_itself() {
        var limit = new KillLimit(2);
        assertThat(limit.take("a", 0)).isTrue();
        assertThat(limit.take("a", MINUTE_NANOS / 2)).isTrue();
        assertThat(limit.take("a", MINUTE_NANOS - 1)).isFalse();
        assertThat(limit.take("b", MINUTE_NANOS - 1)).isTrue();
        assertThat(limit.take("a", MINUTE_NANOS)).isTrue();
        assertThat(limit.take("a", MINUTE_NANOS + 1)).isFalse();
    }

    @Test
    void a_restart_changes_nothing() throws Exception {
        var log = new Log(System.err, Clock.systemUTC(), Log.Level.WARN);
        try (var data = DataFolder.open(folder)) {
            var limit = new KillLimit(2, new KillNotes(data, "boot", log));
            assertThat(limit.take("a", 1)).isTrue();
            limit = new KillLimit(2, new KillNotes(data, "boot", log));
            assertThat(limit.take("a", 2)).isTrue();
            limit = new KillLimit(2, new KillNotes(data, "boot", log));
            assertThat(limit.isReached("a", 3)).isTrue();
            assertThat(limit.take("a", 3)).isFalse();
            assertThat(limit.take("b", 3)).isTrue();
            assertThat(limit.take("a", MINUTE_NANOS + 1)).isTrue();
            assertThat(new KillLimit(2, new KillNotes(data, "another boot", log)).take("b", 3))
                    .isTrue();
        }
    }

    @Test
    void notes_that_are_damaged_count_for_nothing() throws Exception {
        var log = new Log(System.err, Clock.systemUTC(), Log.Level.WARN);
        try (var data = DataFolder.open(folder)) {
            for (var text : List.of("", "{", "[]", "{\"boot_id\":\"boot\",\"kills\":{\"a\":[\"x\",{}]}}")) {
                Files.writeString(folder.resolve("kills.json"), text);
                assertThat(new KillLimit(1, new KillNotes(data, "boot", log)).take("a", 1))
                        .as(text)
                        .isTrue();
            }
        }
    }

    @Test
    void a_limit_of_zero_allows_nothing() {
        assertThat(new KillLimit(0).take("a", 0)).isFalse();
    }
}
