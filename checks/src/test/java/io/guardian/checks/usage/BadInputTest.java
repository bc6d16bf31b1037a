package io.guardian.checks.usage;

import static org.assertj.core.api.Assertions.assertThat;

import io.guardian.checks.fixture.Cleanup;
import io.guardian.checks.fixture.GuardianRun;
import io.guardian.checks.fixture.Requirements;
import io.guardian.checks.fixture.Shell;
import io.guardian.checks.fixture.TestCgroup;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;

/** One clear line for each kind of bad input, the exit code that scripts rely on, and nothing changed. */
@Tag("kernel")
@TestInstance(Lifecycle.PER_CLASS)
class BadInputTest {
    private static final String NODE = """
              - name: shopd
                exe:
                - /usr/bin/shopd
                id: shopd_0
                euser:
                - shop
            """;
    private static final String POLICY = """
            apiVersion: spyderbat/v1
            kind: SpyderbatPolicy
            metadata:
              name: shop
              type: container
            spec:
              containerSelector:
                image: docker.io/library/shop:1
              mode: audit
              processPolicy:
            """ + NODE + """
              networkPolicy:
                egress: []
                ingress: []
            """;

    private final Cleanup cleanup = new Cleanup();
    private GuardianRun guardian;

    @BeforeAll
    void start() throws IOException {
        Requirements.sensor();
        Path folder = Files.createTempDirectory("gu");
        cleanup.keep(() -> Shell.run("rm", "-rf", folder.toString()));
        var cgroup = cleanup.keep(TestCgroup.create("usage"));
        guardian = cleanup.keep(GuardianRun.start(folder.resolve("data"), cgroup, List.of("--no-agent")));
    }

    @AfterAll
    void stop() {
        cleanup.close();
    }

    private Shell.Output apply(String text) {
        try {
            Path work = Files.createDirectories(guardian.data().resolve("work"));
            Files.writeString(work.resolve("policy.yaml"), text);
        } catch (IOException failure) {
            throw new java.io.UncheckedIOException(failure);
        }
        return guardian.spyctl("apply -f policy.yaml -y");
    }

    private void refused(Shell.Output output, String line) {
        assertThat(output.code()).as(output.toString()).isEqualTo(1);
        assertThat(output.out()).isEmpty();
        assertThat(output.err()).contains(line);
        assertThat(guardian.spyctl("get policies -o name").ok().out()).isEmpty();
    }

    @Test
    void unreadable_yaml_is_refused_with_its_place() {
        refused(apply("a: [1,\n  b: {c"), "Error: policy.yaml:2:8: not YAML");
    }

    @Test
    void an_unknown_field_is_refused() {
        refused(
                apply(POLICY.replace("  mode: audit\n", "  mode: audit\n  colour: red\n")),
                "Error: policy.yaml:10:3: spec.colour: unknown key `colour`");
    }

    @Test
    void a_process_id_used_twice_is_refused() {
        refused(
                apply(POLICY.replace(NODE, NODE + NODE.replace("name: shopd", "name: other"))),
                "process id `shopd_0` is used twice; the first is at spec.processPolicy[0].id");
    }

    @Test
    void a_block_with_host_bits_is_refused_with_the_one_that_was_meant() {
        String entry = """
                ingress:
                - from:
                  - ipBlock:
                      cidr: 192.168.3.7/16
                  ports:
                  - protocol: TCP
                    port: 80
                """.indent(4);
        refused(
                apply(POLICY.replace("    ingress: []\n", entry)),
                "`192.168.3.7/16` has host bits set; did you mean `192.168.0.0/16`?");
    }

    @Test
    void a_uid_that_this_organisation_does_not_have_is_unknown() {
        refused(
                apply(POLICY.replace("  type: container\n", "  type: container\n  uid: pol:aaaaaaaaaaaaaaaaaaaa\n")),
                "404 unknown policy `pol:aaaaaaaaaaaaaaaaaaaa`");
    }

    @Test
    void a_wrong_key_is_said_to_be_wrong() {
        var output = guardian.shell("spyctl get policies", Map.of("SPYCTL_API_KEY", "wrong"));
        assertThat(output.code()).isEqualTo(1);
        assertThat(output.err()).contains("Error: 401 API key is not valid").doesNotContain("wrong");
    }

    @Test
    void a_server_that_is_down_is_one_clear_line() {
        var output = guardian.shell("spyctl get policies", Map.of("SPYCTL_API_URL", "http://127.0.0.1:1"));
        assertThat(output.code()).isEqualTo(1);
        assertThat(output.err()).endsWith("Error: cannot reach http://127.0.0.1:1: connection refused\n");
    }

    @Test
    void a_misspelt_command_is_wrong_usage_and_gets_a_hint() {
        var output = guardian.spyctl("get polcies");
        assertThat(output.code()).isEqualTo(2);
        assertThat(output.err()).contains("unknown command `polcies`; did you mean `policies`?");
    }
}
