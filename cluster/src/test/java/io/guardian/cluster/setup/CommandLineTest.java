package io.guardian.cluster.setup;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CommandLineTest {
    private static Command read(String words) {
        return CommandLine.read(List.of(words.split(" ", -1)), Map.of("HOSTNAME", "monitor-1"));
    }

    private static MonitorOptions options(String words) {
        return read(words) instanceof Command.Run(var options) ? options : fail(words);
    }

    private static MonitorOptions fail(String words) {
        throw new AssertionError(words + " gives " + read(words));
    }

    @Test
    void server_and_cluster_name_are_enough_in_a_cluster() {
        var options = options("run --server https://guardian:8480 --cluster-name shop");

        assertThat(options.api()).isEqualTo(new MonitorOptions.Api.InCluster());
        assertThat(options.election()).hasValueSatisfying(election -> {
            assertThat(election.namespace()).isEqualTo("guardian");
            assertThat(election.identity()).startsWith("monitor-1-");
        });
        assertThat(options.kills().protectedNamespaces()).containsExactlyInAnyOrder("kube-system", "guardian");
        assertThat(options.kills().readOnly()).isFalse();
    }

    @Test
    void own_namespace_and_own_pod_are_spared() {
        var kills = options("run --server http://127.0.0.1:8480 --cluster-name shop --namespace sec --identity mon-0"
                        + " --protect-namespace payments --read-only")
                .kills();

        assertThat(kills.protectedNamespaces()).containsExactlyInAnyOrder("kube-system", "sec", "payments");
        assertThat(kills.ownPod()).isEqualTo("sec/mon-0");
        assertThat(kills.readOnly()).isTrue();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "run --cluster-name shop | option `--server` is missing; give the server's address,"
                        + " such as http://127.0.0.1:8480",
                "run --server http://h:1 | option `--cluster-name` is missing; give the name that policies will use",
                "run --server ftp://h --cluster-name a | server `ftp://h` must look like https://HOST:PORT",
                "run --server http://h:1 --cluster-name a --context b |"
                        + " option `--context` names a context of a file: give --kubeconfig too",
                "run --server http://h:1 --cluster-name a --kills-a-minute many |"
                        + " option `--kills-a-minute` must be a number from 0 to 1000000, not `many`",
                "run --serve http://h:1 | unknown option `--serve`; see --help",
                "go | unknown command `go`; use `run`"
            })
    void wrong_words_are_answered_with_what_to_do(String words, String message) {
        assertThat(read(words)).isEqualTo(new Command.Wrong(message));
    }
}
