package io.guardian.agent.attribute;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.guardian.core.event.ExeOrigin;
import java.util.HashSet;
import org.junit.jupiter.api.Test;

/** Whoever makes up long paths finds a limit, and nobody else pays for it. */
final class LongPathsTest {
    private static final String FOLDER = "/" + "d".repeat(250) + "/" + "e".repeat(250) + "/" + "f".repeat(250) + "/";

    private final TextRoom room = new TextRoom();

    private static Program program(String path) {
        return Program.of("x", new Executable(path, ExeOrigin.UPPER), "root", true);
    }

    private Program runs(LongPaths workload, String path) {
        return workload.fitting(program(path), true, room);
    }

    private void fill(LongPaths workload) {
        for (int i = 0; i < 2_000; i++) {
            runs(workload, FOLDER + i);
        }
    }

    @Test
    void a_workload_with_very_many_long_paths_takes_no_more_than_its_room() {
        var workload = new LongPaths();
        fill(workload);
        assertThat(room.takenByPaths())
                .isBetween((long) TextRoom.PATH_CHARS_OF_ONE - 2_000, (long) TextRoom.PATH_CHARS_OF_ONE);
        assertThat(room.shortened()).isPositive();
        assertThat(runs(workload, "/usr/bin/short").path()).isEqualTo("/usr/bin/short");
        assertThat(runs(workload, FOLDER + 1)).as("held already").isEqualTo(program(FOLDER + 1));
        workload.forget();
        assertThat(room.takenByPaths()).isZero();
    }

    @Test
    void very_many_workloads_have_a_limit_in_all_and_each_has_some_room_of_its_own() {
        int fills = TextRoom.PATH_CHARS_MAX / TextRoom.PATH_CHARS_OF_ONE + 2;
        for (int i = 0; i < fills; i++) {
            fill(new LongPaths());
        }
        assertThat(room.takenByPaths()).isLessThan(TextRoom.PATH_CHARS_MAX + (long) fills * TextRoom.PATH_CHARS_LEAST);
        assertThat(runs(new LongPaths(), FOLDER + "honest")).isEqualTo(program(FOLDER + "honest"));
    }

    @Test
    void a_path_without_room_is_named_by_a_hash_and_its_end() {
        var workload = new LongPaths();
        fill(workload);
        var tool = runs(workload, FOLDER + "bin/tool");
        assertThat(tool.path()).matches("…[0-9a-f]{32}/bin/tool");
        assertThat(tool.exe()).isEqualTo(tool.path() + " (upper layer)");
        assertThat(runs(workload, FOLDER + "bin/tool")).as("the same again").isEqualTo(tool);
        assertThat(tool.isSameFile(program(FOLDER + "bin/tool"))).isTrue();
        assertThat(program(FOLDER + "bin/tool").isSameFile(tool)).isTrue();
        assertThat(tool.isSameFile(program(FOLDER + "bin/tool2"))).isFalse();
    }

    @Test
    void different_files_never_have_one_name() {
        var names = new HashSet<String>();
        for (int i = 0; i < 10_000; i++) {
            names.add(LongPaths.shortened(FOLDER + i + "/bin/tool"));
        }
        assertThat(names).hasSize(10_000).noneMatch(name -> name.startsWith("/"));
        String once = LongPaths.shortened(FOLDER + "🐳".repeat(200) + "b");
        assertThat(LongPaths.shortened(once)).isEqualTo(once);
        assertThat(new String(once.getBytes(UTF_8), UTF_8))
                .as("no half characters")
                .isEqualTo(once);
    }

    @Test
    void what_had_room_before_a_restart_has_it_after() {
        var workload = new LongPaths();
        fill(workload);
        long before = room.takenByPaths();
        var after = new TextRoom();
        var restored = new LongPaths();
        for (int i = 0; i < 2_000; i++) {
            var kept = runs(workload, FOLDER + i);
            assertThat(restored.restored(kept, after)).isEqualTo(kept);
            restored.restored(kept, after);
        }
        assertThat(after.takenByPaths()).isEqualTo(before);
    }
}
