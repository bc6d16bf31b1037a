package io.guardian.agent.state;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class StateLogTest {
    @TempDir
    private Path folder;

    private Path file() {
        return folder.resolve("state.log");
    }

    private Map<String, String> load() throws IOException {
        try (var log = StateLog.open(file())) {
            return load(log);
        }
    }

    private static Map<String, String> load(StateLog log) throws IOException {
        var all = new LinkedHashMap<String, String>();
        log.cutBack();
        log.replay(key -> true, (key, value) -> {
            if (value.isEmpty()) {
                all.remove(key);
            } else {
                all.put(key, value);
            }
        });
        return all;
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void what_was_written_comes_back_across_rewrites(long seed) throws IOException {
        var random = new Random(seed);
        var expected = new LinkedHashMap<String, String>();
        try (var log = StateLog.open(file())) {
            log.cutBack();
            for (int i = 0; i < 500; i++) {
                String key = "k" + random.nextInt(50);
                if (random.nextInt(4) == 0) {
                    expected.remove(key);
                    log.append(Map.of(key, ""));
                } else {
                    expected.put(key, "v" + i);
                    log.append(Map.of(key, "v" + i));
                }
                if (random.nextInt(100) == 0) {
                    log.rewrite(out -> {
                        for (var entry : expected.entrySet()) {
                            out.put(entry.getKey(), entry.getValue());
                        }
                    });
                }
            }
        }
        assertThat(load()).isEqualTo(expected);
    }

    @Test
    void large_changes_are_packed_and_come_back_whole_or_not_at_all() throws IOException {
        var large = new LinkedHashMap<String, String>();
        for (int i = 0; i < 5_000; i++) {
            large.put("process:" + i, "the same words again and again, and number " + i + ", ".repeat(20));
        }
        try (var log = StateLog.open(file())) {
            log.cutBack();
            log.append(large);
            assertThat(log.size()).isLessThan(large.toString().length() / 5L);
        }
        assertThat(load()).isEqualTo(large);
        var whole = Files.readAllBytes(file());
        Files.write(file(), Arrays.copyOf(whole, whole.length - 1));
        assertThat(load()).isEmpty();
    }

    @Test
    void a_file_cut_at_any_byte_gives_the_changes_before_the_cut_and_can_be_added_to() throws IOException {
        try (var log = StateLog.open(file())) {
            log.cutBack();
            for (int i = 0; i < 5; i++) {
                log.append(Map.of("key" + i, "value" + i));
            }
        }
        var whole = Files.readAllBytes(file());
        int each = whole.length / 5;
        for (int cut = 0; cut <= whole.length; cut++) {
            Files.write(file(), Arrays.copyOf(whole, cut));
            try (var log = StateLog.open(file())) {
                assertThat(load(log)).as("cut at %d", cut).hasSize(cut / each);
                log.append(Map.of("new", "one"));
            }
            assertThat(load()).containsEntry("new", "one").hasSize(cut / each + 1);
        }
    }

    @Test
    void a_file_that_is_opened_again_for_each_change_is_written_anew_all_the_same() throws IOException {
        var random = new Random(1);
        for (int i = 0; i < 150; i++) {
            var value = new StringBuilder();
            random.ints(128 << 10, ' ', '~').forEach(letter -> value.append((char) letter));
            try (var log = StateLog.open(file())) {
                log.cutBack();
                log.append(Map.of("key", value.toString()));
                if (log.wantsRewrite()) {
                    log.rewrite(out -> out.put("key", value.toString()));
                }
            }
        }
        assertThat(Files.size(file())).isLessThan(9L << 20);
        assertThat(load()).containsOnlyKeys("key");
    }
}
