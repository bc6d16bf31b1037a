package io.guardian.agent.setup;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class CommandLineTest {
    private static Command read(String line) {
        return CommandLine.read(List.of(line.split(" ", -1)));
    }

    @Test
    void a_run_has_defaults_and_repeatable_options() {
        var command = read("run --server http://127.0.0.1:8480/ --only-cgroup /a --only-cgroup=/b --debug");
        assertThat(command).isInstanceOfSatisfying(Command.Run.class, run -> {
            assertThat(run.options().server()).hasToString("http://127.0.0.1:8480");
            assertThat(run.options().onlyCgroups()).containsExactly(Path.of("/a"), Path.of("/b"));
            assertThat(run.options().data()).isEqualTo(Path.of("/var/lib/guardian/agent"));
            assertThat(run.options().spoolBytes()).isEqualTo(512L << 20);
            assertThat(run.options().debug()).isTrue();
        });
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            stop                                     | unknown command `stop`; use `run` or `uninstall`
            run                                      | option `--server` is missing; give the server's address, such as http://127.0.0.1:8480
            run --server ftp://x                     | server `ftp://x` must look like https://HOST:PORT
            run --server http://a --server http://b  | option `--server` is given twice
            run --server                             | option `--server` needs a value
            run --server http://a --pin a/b          | pin name `a/b` must be 1 to 64 letters, digits, `-` or `_`
            run --server http://a --spool-mib no     | option `--spool-mib` must be a number from 1 to 1048576, not `no`
            run --server http://a --nonsense         | unknown option `--nonsense`; see --help
            uninstall --server http://a              | unknown option `--server`; see --help
            """)
    void mistakes_are_named_with_a_remedy(String line, String message) {
        assertThat(read(line)).isEqualTo(new Command.Wrong(message));
    }
}
