package io.guardian.checks.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.guardian.checks.fixture.Checkout;
import io.guardian.ebpf.RingTap;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The agent says of a recorded ring what it always said. Where a change is meant, {@code -Drings.write=true} writes the
 * expected file again, and its difference shows what the change does.
 */
class ReplayTest {
    private static final Path PLACE = Path.of("checks/src/test/resources/rings/service");
    private static final Path WHERE = Checkout.root().resolve(PLACE);
    private static final Path EXPECTED = WHERE.resolveSibling("service.expected");

    @TempDir
    Path folder;

    private static Recording recording() throws IOException {
        return Recording.read(WHERE, RingTap.layoutVersion());
    }

    private String replay(Recording recording, String name) throws IOException {
        var warnings = new ByteArrayOutputStream();
        var said = Replay.run(recording, folder.resolve(name), new PrintStream(warnings, true, StandardCharsets.UTF_8));
        assertThat(warnings.toString(StandardCharsets.UTF_8)).isEmpty();
        return Said.text(said);
    }

    @Test
    void a_recorded_service_is_told_of_as_expected() throws IOException {
        var said = replay(recording(), "once");
        if (Boolean.getBoolean("rings.write")) {
            Files.writeString(EXPECTED, said);
        }
        assertThat(said).isEqualTo(Files.readString(EXPECTED));
    }

    @Test
    void a_recording_replays_the_same_again() throws IOException {
        assertThat(replay(recording(), "once")).isEqualTo(replay(recording(), "again"));
    }

    @Test
    void each_process_that_ended_is_told_of_as_ended() throws IOException {
        var said = replay(recording(), "once");
        assertThat(said).contains("process 1\n").doesNotContain("status: active");
    }

    @Test
    void a_recording_of_another_layout_is_refused_with_how_to_record_anew() {
        assertThatThrownBy(() -> Recording.read(WHERE, RingTap.layoutVersion() + 1))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("record it anew, as root, with `./guardian bench record-ring");
    }
}
