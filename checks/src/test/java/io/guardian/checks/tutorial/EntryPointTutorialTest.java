package io.guardian.checks.tutorial;

import static org.assertj.core.api.Assertions.assertThat;

import io.guardian.checks.fixture.Eventually;
import io.guardian.checks.fixture.Requirements;
import io.guardian.checks.fixture.Stage;
import io.guardian.checks.fixture.Table;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * An image whose entry point is a script that prepares a little and becomes the server, as most official images have
 * it: the processes are a tree, and a policy made from it still fits after every restart.
 */
@Tag("container")
class EntryPointTutorialTest {
    private static final String IMAGE = "docker.io/guardian/scripted:1.0";
    private static final String TREE = """
              processPolicy:
              - name: entrypoint.sh
                exe:
                - /bin/dash
                id: entrypoint.sh_0
                euser:
                - mongo
                children:
                - name: date
                  exe:
                  - /bin/date
                  id: date_0
                - name: memcached
                  exe:
                  - /usr/bin/memcached
                  id: memcached_0
                - name: mkdir
                  exe:
                  - /bin/mkdir
                  id: mkdir_0
            """;

    @Test
    void the_tree_of_an_entry_point_script_becomes_a_policy_that_fits_after_restarts() {
        Requirements.containers();
        try (var stage = Stage.open("script", "scripted.tar")) {
            stage.podman().run("orders-db", IMAGE, "none");
            Eventually.get(
                    "a fingerprint of the whole tree",
                    () -> stage.guardian()
                            .spyctl("get fingerprints --type container -o yaml scripted:1.0")
                            .out(),
                    text -> List.of("name: date", "name: mkdir", "name: memcached").stream()
                            .allMatch(text::contains));
            String policy = stage.guardian()
                    .shell("spyctl get fingerprints --type container -o yaml scripted:1.0 > f.yaml && "
                            + "spyctl create policy -f f.yaml -n scripted > p.yaml && cat p.yaml")
                    .ok()
                    .out();
            assertThat(policy).contains(TREE);
            stage.guardian().spyctl("apply -f p.yaml").ok();
            restartedTwice(stage);
            assertThat(stage.policyLog("scripted")).isEmpty();
            stage.podman().exec("orders-db", "date").ok();
            String log = Eventually.get(
                    "date in the wrong place",
                    () -> stage.policyLog("scripted"),
                    text -> text.contains("Process \"date\""));
            assertThat(log)
                    .doesNotContain("entrypoint")
                    .doesNotContain("memcached")
                    .doesNotContain("mkdir");
        }
    }

    /** Restarts the container; each start is a workload of its own, which the policy covers. */
    private static void restartedTwice(Stage stage) {
        for (int started = 2; started <= 3; started++) {
            stage.podman().podman("restart", "-t", "0", "orders-db").ok();
            String all = started + "/" + started;
            Eventually.get(
                    "the fingerprint of start " + started,
                    () -> Table.of(stage.guardian()
                                    .spyctl("get fingerprints --type container scripted")
                                    .ok()
                                    .out())
                            .cell("IMAGE_NAME:TAG", "scripted:1.0", "COVERED_BY_POLICY"),
                    covered -> covered.equals("1/1") || covered.equals(all));
        }
    }
}
