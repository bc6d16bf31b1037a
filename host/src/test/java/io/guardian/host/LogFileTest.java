package io.guardian.host;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogFileTest {
    private static final int BYTES = 1000;

    @TempDir
    private Path folder;

    private List<Path> files() {
        return IntStream.iterate(LogFile.COPIES + 1, i -> i >= 0, i -> i - 1)
                .mapToObj(i -> folder.resolve(i == 0 ? "a.log" : "a.log." + i))
                .filter(Files::exists)
                .toList();
    }

    @Test
    void running_log_stays_within_its_size_and_the_newest_lines_are_all_there_in_order() throws Exception {
        var file = folder.resolve("a.log");
        Files.writeString(file, "from an earlier run\n");
        try (var appended = new FileOutputStream(file.toFile(), true);
                var log = new PrintStream(new LogFile(appended, file, BYTES), true, StandardCharsets.UTF_8)) {
            for (int i = 0; i < 2000; i++) {
                log.println("line " + i);
            }
        }
        assertThat(files())
                .hasSize(LogFile.COPIES + 1)
                .allSatisfy(each -> assertThat(Files.size(each)).isBetween(1L, (long) BYTES));
        var lines = new ArrayList<String>();
        for (var each : files()) {
            lines.addAll(Files.readAllLines(each));
        }
        int first = 2000 - lines.size();
        assertThat(lines)
                .isEqualTo(
                        IntStream.range(first, 2000).mapToObj(i -> "line " + i).toList());
    }

    @Test
    void log_that_can_not_be_copied_is_still_kept_within_its_size() throws Exception {
        var file = folder.resolve("a.log");
        Files.createFile(file);
        // In the copy's place something that can't be replaced.
        Files.createDirectories(folder.resolve("a.log.1/full"));
        Files.createDirectories(folder.resolve("a.log.2/full"));
        Files.createDirectories(folder.resolve("a.log.3/full"));
        try (var appended = new FileOutputStream(file.toFile(), true);
                var log = new PrintStream(new LogFile(appended, file, BYTES), true, StandardCharsets.UTF_8)) {
            for (int i = 0; i < 2000; i++) {
                log.println("line " + i);
            }
        }
        assertThat(Files.size(file)).isLessThanOrEqualTo(BYTES);
        assertThat(Files.readAllLines(file)).last().isEqualTo("line 1999");
    }
}
