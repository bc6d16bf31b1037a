package io.guardian.agent.decide;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ToldDeviationsTest {
    private final Map<String, String> file = new HashMap<>();
    private ToldDeviations told = new ToldDeviations();

    private void commit() throws IOException {
        told.changes((key, value) -> {
            if (value.isEmpty()) {
                file.remove(key);
            } else {
                file.put(key, value);
            }
        });
    }

    private void restart() {
        told = new ToldDeviations();
        file.forEach((key, value) -> told.take(key, value));
    }

    @Test
    void what_was_told_is_told_once_also_after_a_restart() throws Exception {
        assertThat(told.isRepeat("proc:a", "pol:p sum audit")).isFalse();
        assertThat(told.isRepeat("proc:a", "pol:p sum audit")).isTrue();
        assertThat(told.isRepeat("proc:a", "pol:q sum enforce")).isFalse();
        commit();
        restart();
        assertThat(told.isRepeat("proc:a", "pol:p sum audit")).isTrue();
        assertThat(told.isRepeat("proc:a", "pol:q sum enforce")).isTrue();
        assertThat(told.isRepeat("proc:b", "pol:p sum audit")).isFalse();
    }

    @Test
    void what_came_and_went_between_two_commits_is_never_written() throws Exception {
        told.isRepeat("proc:a", "way");
        told.ended("proc:a");
        told.isRepeat("proc:b", "way");
        commit();
        assertThat(file).containsOnlyKeys("t:proc:b");
        told.ended("proc:b");
        commit();
        assertThat(file).isEmpty();
    }

    @Test
    void a_file_written_anew_holds_what_is_there() throws Exception {
        told.isRepeat("proc:a", "way");
        told.isRepeat("proc:b", "way");
        told.ended("proc:a");
        told.everything(file::put);
        assertThat(file).containsOnlyKeys("t:proc:b");
        commit();
        assertThat(file).containsOnlyKeys("t:proc:b");
    }

    @Test
    void beyond_the_limit_the_oldest_is_forgotten_and_counted() throws Exception {
        for (int i = 0; i < 20_005; i++) {
            told.isRepeat("proc:" + i, "way");
        }
        assertThat(told.size()).isEqualTo(20_000);
        assertThat(told.forgotten()).isEqualTo(5);
        assertThat(told.isRepeat("proc:4", "way")).isFalse();
        assertThat(told.isRepeat("proc:20004", "way")).isTrue();
        commit();
        assertThat(file).hasSize(20_000);
    }
}
