package io.guardian.checks.install;

import static org.assertj.core.api.Assertions.assertThat;

import io.guardian.agent.setup.AgentOptions;
import io.guardian.agent.setup.Command;
import io.guardian.agent.setup.CommandLine;
import io.guardian.backend.server.ServerOptions;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The programs understand what the chart tells them. */
final class ChartArgumentsTest {

    static List<String> valueSets() {
        return Chart.valueSets();
    }

    @ParameterizedTest
    @MethodSource("valueSets")
    void the_node_agent_takes_its_arguments(String valueSet) {
        for (var arguments : arguments(valueSet, "node-agent")) {
            assertThat(CommandLine.read(arguments)).isInstanceOf(Command.Run.class);
        }
    }

    @ParameterizedTest
    @MethodSource("valueSets")
    void the_server_takes_its_arguments(String valueSet) throws ServerOptions.BadOption {
        for (var arguments : arguments(valueSet, "server")) {
            assertThat(ServerOptions.parse(arguments).listen()).isEqualTo("0.0.0.0");
        }
    }

    @ParameterizedTest
    @MethodSource("valueSets")
    void the_cluster_monitor_takes_its_arguments(String valueSet) {
        var all = arguments(valueSet, "cluster-monitor");
        assertThat(all).hasSize(1);
        assertThat(io.guardian.cluster.setup.CommandLine.read(all.getFirst(), Map.of()))
                .isInstanceOf(io.guardian.cluster.setup.Command.Run.class);
    }

    @Test
    void the_node_agent_is_told_where_it_runs() {
        var command = CommandLine.read(arguments("default", "node-agent").getFirst());
        assertThat(command).isInstanceOfSatisfying(Command.Run.class, run -> {
            assertThat(run.options().server()).hasToString("https://guardian-server.guardian.svc:8480");
            assertThat(run.options().code())
                    .isEqualTo(new AgentOptions.CodeSource.File(Path.of("/etc/guardian/registration/code")));
            assertThat(run.options().host())
                    .isEqualTo(new AgentOptions.Host(Path.of("/host"), "node-1", List.of("192.0.2.1")));
        });
    }

    /** As the kubelet gives them: with the variables replaced. */
    private static List<List<String>> arguments(String valueSet, String component) {
        return Chart.render(valueSet).containers().stream()
                .filter(container -> container.workload().component().equals(component))
                .map(container -> container.args().stream()
                        .map(argument -> argument.replace("$(NODE_NAME)", "node-1")
                                .replace("$(NODE_ADDRESS)", "192.0.2.1")
                                .replace("$(POD_NAME)", "monitor-0"))
                        .toList())
                .toList();
    }
}
