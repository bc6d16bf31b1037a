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

    @Test
    void an_agent_in_a_container_is_told_what_it_cannot_see() {
        var command = read("run --server https://g:8480 --host-root /host --machine-name node-7 "
                + "--machine-address 10.0.0.7 --machine-address fd00::7");
        assertThat(command)
                .isInstanceOfSatisfying(
                        Command.Run.class,
                        run -> assertThat(run.options().host())
                                .isEqualTo(new AgentOptions.Host(
                                        Path.of("/host"), "node-7", List.of("10.0.0.7", "fd00::7"))));
        assertThat(read("run --server https://g:8480"))
                .isInstanceOfSatisfying(
                        Command.Run.class,
                        run -> assertThat(run.options().host())
                                .isEqualTo(new AgentOptions.Host(Path.of("/"), "", List.of())));
    }

    @Test
    void dns_servers_besides_those_of_resolv_conf_are_given_by_address() {
        assertThat(read("run --server https://g:8480 --resolver 169.254.20.10 --resolver fd00::a"))
                .isInstanceOfSatisfying(
                        Command.Run.class,
                        run -> assertThat(run.options().resolvers()).hasToString("[169.254.20.10, fd00::a]"));
    }

    @Test
    void an_agent_acts_unless_it_is_read_only() {
        assertThat(read("run --server https://g:8480"))
                .isInstanceOfSatisfying(
                        Command.Run.class,
                        run -> assertThat(run.options().readOnly()).isFalse());
        assertThat(read("run --server https://g:8480 --read-only"))
                .isInstanceOfSatisfying(
                        Command.Run.class,
                        run -> assertThat(run.options().readOnly()).isTrue());
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
            run --server http://a --host-root proc   | host root `proc` must begin with `/`
            run --server http://a --machine-name a_b | machine name `a_b` must be up to 253 letters, digits, `-` or `.`
            run --server http://a --machine-address $(HOST_IP) | machine address `$(HOST_IP)` must be an IPv4 or IPv6 address
            run --server http://a --resolver dns.local | resolver `dns.local` must be an IPv4 or IPv6 address without a port
            run --server http://a --resolver 10.0.0.2:53 | resolver `10.0.0.2:53` must be an IPv4 or IPv6 address without a port
            uninstall --server http://a              | unknown option `--server`; see --help
            """)
    void mistakes_are_named_with_a_remedy(String line, String message) {
        assertThat(read(line)).isEqualTo(new Command.Wrong(message));
    }
}
