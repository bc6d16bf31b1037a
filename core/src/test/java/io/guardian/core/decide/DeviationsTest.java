package io.guardian.core.decide;

import static io.guardian.core.testing.Sample.ip;
import static io.guardian.core.testing.Sample.listening;
import static io.guardian.core.testing.Sample.node;
import static io.guardian.core.testing.Sample.policy;
import static io.guardian.core.testing.Sample.port;
import static io.guardian.core.testing.Sample.processes;
import static org.assertj.core.api.Assertions.assertThat;

import io.guardian.core.net.Direction;
import io.guardian.core.net.Protocol;
import io.guardian.core.policy.PolicyMode;
import io.guardian.core.policy.Switches;
import io.guardian.core.policy.Switches.Directions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class DeviationsTest {
    private final CompiledPolicy cart = CompiledPolicy.compile(policy(processes(node(
            "cartd_0",
            "cartd",
            "/opt/shop/cartd",
            "shop",
            listening(node("sh_0", "sh", "/usr/bin/dash", ""), port("80"))))));
    private final Deviations deviations = new Deviations(cart);
    private final Observed cartd =
            new Observed("cartd", "/opt/shop/cartd", "shop", cart.root("cartd", "/opt/shop/cartd", "shop"));
    private final Observed shell =
            new Observed("sh", "/usr/bin/dash", "shop", cart.child(cartd.matched(), "sh", "/usr/bin/dash", "shop"));
    private final Observed netcat = new Observed("nc", "/usr/bin/nc", "shop", cart.none());

    private static Connection to(String remote, int port, String... names) {
        return new Connection(Direction.EGRESS, Protocol.TCP, ip(remote), port, List.of(names));
    }

    @Test
    void a_process_is_written_below_the_nearest_node_that_matched() {
        var deviation = deviations.process(List.of(cartd, netcat));
        assertThat(deviation.document("dev:1").toText()).isEqualTo("""
                        {"apiVersion":"spyderbat/v1","kind":"GuardianDeviation","metadata":{"type":"process",\
                        "policy_uid":"pol:q7Rk2ZtV0bXeM4dLs9Wc","uid":"dev:1","checksum":"%s"},\
                        "spec":{"processPolicy":[{"policyNode":{"id":"cartd_0","children":[{"name":"nc",\
                        "exe":["/usr/bin/nc"],"id":"nc_0","euser":["shop"]}]}}]}}""".formatted(deviation.checksum()));
        assertThat(deviation.description())
                .isEqualTo("Process \"nc\" using executable \"/usr/bin/nc\" deviated from policy \"cart-prod\".");
        assertThat(deviation.shortDescription()).isEqualTo("Process \"nc\" exe \"/usr/bin/nc\".");
        assertThat(deviation.checksum()).matches("[0-9a-f]{32}");
    }

    @Test
    void the_whole_chain_of_deviating_images_is_in_the_patch() {
        var forged = new Observed("sh", "/dev/shm/dash", "shop", cart.none());
        var date = new Observed("date", "/usr/bin/date", "root", cart.none());
        assertThat(deviations.process(List.of(cartd, forged, date)).spec().toText())
                .isEqualTo("""
                        {"processPolicy":[{"policyNode":{"id":"cartd_0","children":[{"name":"sh",\
                        "exe":["/dev/shm/dash"],"id":"sh_0","euser":["shop"],"children":[{"name":"date",\
                        "exe":["/usr/bin/date"],"id":"date_0","euser":["root"]}]}]}}]}""");
    }

    @Test
    void a_new_node_does_not_take_the_id_of_the_node_above_it() {
        var inner = new Observed("sh", "/usr/bin/dash", "root", cart.none());
        assertThat(deviations.process(List.of(cartd, shell, inner)).spec().toText())
                .contains("\"policyNode\":{\"id\":\"sh_0\"", "\"id\":\"sh_1\"");
    }

    @Test
    void a_process_without_an_anchor_is_a_plain_root() {
        assertThat(deviations.process(List.of(netcat)).spec().toText())
                .isEqualTo("{\"processPolicy\":[{\"name\":\"nc\",\"exe\":[\"/usr/bin/nc\"],\"id\":\"nc_0\","
                        + "\"euser\":[\"shop\"]}]}");
    }

    @Test
    void a_connection_names_its_node_and_one_peer_and_port() {
        var deviation = deviations.connection(List.of(cartd), to("198.51.100.7", 443));
        assertThat(deviation.spec().toText()).isEqualTo("""
                        {"processPolicy":[{"policyNode":{"id":"cartd_0"}}],"networkPolicy":{"egress":[{"to":[{"ipBlock":\
                        {"cidr":"198.51.100.7/32"}}],"processes":["cartd_0"],"ports":[{"protocol":"TCP","port":443}]}]}}""");
        assertThat(deviation.description())
                .isEqualTo("Egress TCP connection of process \"cartd\" to \"198.51.100.7\" port 443 deviated from"
                        + " policy \"cart-prod\".");
        assertThat(deviation.kind().documentType()).isEqualTo("egress");
    }

    @Test
    void a_connection_with_a_valid_name_is_written_by_name() {
        var deviation = deviations.connection(List.of(cartd, netcat), to("198.51.100.7", 443, "evil.test"));
        assertThat(deviation.spec().toText())
                .contains("{\"dnsSelector\":[\"evil.test\"]}", "\"processes\":[\"nc_0\"]", "\"id\":\"nc_0\"");
        assertThat(deviation.description()).contains("to \"evil.test\" port 443");
    }

    @Test
    void an_ingress_connection_comes_from_its_peer() {
        var connection = new Connection(Direction.INGRESS, Protocol.UDP, ip("2001:db8::9"), 53, List.of());
        var deviation = deviations.connection(List.of(cartd), connection);
        assertThat(deviation.description())
                .isEqualTo("Ingress UDP connection of process \"cartd\" from \"2001:db8::9\" port 53 deviated from"
                        + " policy \"cart-prod\".");
        assertThat(deviation.spec().toText()).contains("\"ingress\":[{\"from\":", "2001:db8::9/128");
    }

    @Test
    void no_process_is_named_when_processes_are_switched_off() {
        var off = CompiledPolicy.compile(
                policy(processes(), new Switches(true, Directions.NONE, Directions.NONE, Directions.NONE)));
        assertThat(new Deviations(off)
                        .connection(List.of(new Observed("nc", "/usr/bin/nc", "shop", off.none())), to("10.0.0.1", 1))
                        .spec()
                        .toText())
                .doesNotContain("process");
    }

    @Test
    void a_socket_is_written_on_the_path_from_the_root() {
        var deviation = deviations.socket(List.of(cartd, shell), Protocol.TCP, 8080);
        assertThat(deviation.spec().toText()).isEqualTo("""
                        {"processPolicy":[{"name":"cartd","exe":["/opt/shop/cartd"],"id":"cartd_0","euser":["shop"],\
                        "children":[{"name":"sh","exe":["/usr/bin/dash"],"id":"sh_0","listeningSockets":\
                        [{"protocol":"TCP","port":8080}]}]}]}""");
        assertThat(deviation.description())
                .isEqualTo("Listening socket TCP port 8080 of process \"sh\" deviated from policy \"cart-prod\".");
    }

    @Test
    void equal_behaviour_has_an_equal_checksum_whoever_shows_it() {
        var one = deviations.process(List.of(cartd, netcat));
        var again = new Deviations(CompiledPolicy.compile(cart.policy())).process(List.of(cartd, netcat));
        assertThat(again.checksum()).isEqualTo(one.checksum());
        assertThat(deviations.process(List.of(netcat)).checksum()).isNotEqualTo(one.checksum());
    }

    @Test
    void a_very_long_chain_keeps_its_last_images() {
        var chain = new ArrayList<>(List.of(cartd));
        for (int i = 0; i < 200; i++) {
            chain.add(new Observed("p" + i, "/bin/p", "shop", cart.none()));
        }
        String text = deviations.process(chain).spec().toText();
        assertThat(text).contains("\"p199_0\"", "\"p136_0\"").doesNotContain("\"p135_0\"");
    }

    @Test
    void hostile_names_cannot_forge_a_line_of_the_log() {
        var forged = new Observed("a\"\n\\b", "/tmp/\u0000x\u009b", "shop", cart.none());
        assertThat(deviations.process(List.of(forged)).description())
                .isEqualTo("Process \"a\\\"\\x0a\\\\b\" using executable \"/tmp/\\x00x\\x9b\" deviated from policy"
                        + " \"cart-prod\".");
    }

    @Test
    void names_that_turn_text_round_or_hide_it_are_shown_by_their_number() {
        assertThat(LogLine.escaped("/bin/\u202exnign\u2066\u200b\u2028\u00e9"))
                .isEqualTo("/bin/\\u202exnign\\u2066\\u200b\\u2028\u00e9");
    }

    @Test
    void log_lines_read_as_the_documentation_gives_them() {
        var deviation = deviations.process(List.of(netcat));
        assertThat(LogLine.deviation(PolicyMode.AUDIT, deviation))
                .isEqualTo("(audit mode): Process \"nc\" using executable \"/usr/bin/nc\" deviated from policy"
                        + " \"cart-prod\".");
        assertThat(LogLine.deviation(PolicyMode.ENFORCE, deviation)).startsWith("Process \"nc\"");
        assertThat(LogLine.action(PolicyMode.AUDIT, "agentKillPod", LogLine.podTarget("cart-6d9f")))
                .isEqualTo("(audit mode): Would have initiated \"agentKillPod\" action for \"cart-6d9f\" pod."
                        + " Not initiated due to \"audit\" mode.");
        assertThat(LogLine.action(PolicyMode.ENFORCE, "makeRedFlag", LogLine.target("cont:a:b:c")))
                .isEqualTo("Initiated \"makeRedFlag\" action for \"cont:a:b:c\".");
        assertThat(LogLine.completed("agentKillProcess", "\"proc:x\"", "killed"))
                .isEqualTo("Completed \"agentKillProcess\" action for \"proc:x\". Result: killed.");
    }
}
