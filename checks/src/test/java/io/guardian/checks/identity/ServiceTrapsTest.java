package io.guardian.checks.identity;

import static org.assertj.core.api.Assertions.assertThat;

import io.guardian.checks.fixture.Cleanup;
import io.guardian.checks.fixture.NativeProgram;
import io.guardian.checks.fixture.Requirements;
import io.guardian.checks.fixture.Shell;
import io.guardian.checks.fixture.Stage;
import io.guardian.checks.fixture.TestCgroup;
import io.guardian.core.text.Json;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A service whose processes pass for what its policy allows. BIN is a folder of the host's root file system, PART one
 * of another that the host has mounted.
 */
@Tag("container")
@TestInstance(Lifecycle.PER_CLASS)
class ServiceTrapsTest {
    private static final List<String> ORDERS = List.of(
            "exec BIN/nginx again",
            "exec BIN/alias/nginx symlink",
            "own-mounts BIN/nginx own-mounts",
            "exec PART/nginx partition",
            "own-mounts PART/nginx partition-copy",
            "thread BIN/nginx thread-real",
            "leader BIN/nginx leader-real",
            "sub CGROUP/sub BIN/nginx sub-cgroup-real",
            "tmpfs BIN/other BIN/nginx tmpfs",
            "tmpfs BIN/other PART/nginx tmpfs-partition",
            "bind BIN/other BIN/nginx bind",
            "bind BIN/other PART/nginx bind-partition",
            "bind PART/other BIN/nginx bind-from-partition",
            "chroot BIN/jail BIN/nginx chroot",
            "exec BIN/link/nginx hard-link",
            "memfd BIN/nginx memfd",
            "deleted BIN/nginx BIN/gone/nginx deleted",
            "exec BIN/script/nginx script",
            "thread BIN/other thread",
            "leader BIN/other leader",
            "as 65534 BIN/nginx user",
            "own-users BIN/nginx 65534 nested",
            "sub CGROUP/sub BIN/other sub-cgroup");

    private final Cleanup cleanup = new Cleanup();
    private Stage stage;
    private Seen seen;
    private Path bin;
    private Path part;
    private Path service;

    @BeforeAll
    void learnAndForge() throws Exception {
        Requirements.containers();
        stage = cleanup.keep(Stage.open("service-traps"));
        Path home = stage.folder().resolve("service");
        bin = Files.createDirectories(home.resolve("bin"));
        part = Files.createTempDirectory(Path.of("/dev/shm"), "guardian-traps");
        cleanup.keep(() -> Shell.run("rm", "-rf", part.toString()));
        service = stage.cgroup().child("system.slice/forged.service");
        programs();
        var forger = Forger.inService(service, home);
        forger.order(filled("exec BIN/nginx real"));
        forger.order(filled("exec PART/nginx real-partition"));
        seen = cleanup.keep(Seen.learn(
                stage.guardian(),
                "linux-service",
                "forged.service",
                "forged",
                List.of(bin + "/nginx", part + "/nginx")));
        ORDERS.forEach(each -> forger.order(filled(each)));
        fromOutside(filled("into CGROUP BIN/nginx from-outside"));
        forger.order(filled("exec BIN/other last"));
        seen.awaitDeviation("last");
    }

    private void programs() throws Exception {
        // Whoever changes its user has to reach them.
        Shell.run("chmod", "755", stage.folder().toString(), part.toString()).ok();
        NativeProgram.compile("forger", bin);
        NativeProgram.compile("nothing", bin);
        Shell.run("/bin/sh", "-ec", """
                        cd "$1" && cp nothing nginx && cp nothing other && cp nothing "$2/nginx" && cp nothing "$2/other"
                        mkdir alias link gone script && mkdir -p "jail$1"
                        ln -s "$1/nginx" alias/nginx && ln nginx link/nginx && cp nothing "jail$1/nginx"
                        printf '#!%s/other\n' "$1" > script/nginx && chmod 755 script/nginx
                        """, "sh", bin.toString(), part.toString()).ok();
    }

    private String filled(String text) {
        return text.replace("BIN", bin.toString())
                .replace("PART", part.toString())
                .replace("CGROUP", service.toString());
    }

    private void fromOutside(String order) {
        Path beside = stage.cgroup().child("beside");
        String line = "exec '" + bin + "/forger' - " + order;
        Shell.run(TestCgroup.inside(beside, line).toArray(String[]::new)).ok();
    }

    @AfterAll
    void stop() {
        cleanup.close();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            again           | BIN/nginx  | image
            symlink         | BIN/nginx  | image
            own-mounts      | BIN/nginx  | image
            partition       | PART/nginx | other_mount
            partition-copy  | PART/nginx | other_mount
            thread-real     | BIN/nginx  | image
            leader-real     | BIN/nginx  | image
            sub-cgroup-real | BIN/nginx  | image
            """)
    void what_the_policy_knows_is_allowed_however_it_is_reached(String tag, String exe, String origin) {
        isRecorded(tag, exe, origin, "root");
        assertThat(seen.deviation(seen.process(tag))).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            tmpfs               | BIN/nginx      | foreign_mount | root   | BIN/nginx (foreign mount)
            tmpfs-partition     | PART/nginx     | foreign_mount | root   | PART/nginx (foreign mount)
            bind                | BIN/other      | image         | root   | BIN/other
            bind-partition      | BIN/other      | image         | root   | BIN/other
            bind-from-partition | PART/other     | other_mount   | root   | PART/other
            chroot              | BIN/jailBIN/nginx | image      | root   | BIN/jailBIN/nginx
            hard-link           | BIN/link/nginx | image         | root   | BIN/link/nginx
            memfd               | memfd:nginx    | memfd         | root   | nginx (memfd)
            deleted             | BIN/gone/nginx | deleted       | root   | BIN/gone/nginx (deleted)
            script              | BIN/other      | image         | root   | BIN/other
            thread              | BIN/other      | image         | root   | BIN/other
            leader              | BIN/other      | image         | root   | BIN/other
            user                | BIN/nginx      | image         | nobody | BIN/nginx
            nested              | BIN/nginx      | image         | nobody | BIN/nginx
            sub-cgroup          | BIN/other      | image         | root   | BIN/other
            from-outside        | BIN/nginx      | image         | root   | BIN/nginx
            """)
    void what_passes_for_it_deviates(String tag, String exe, String origin, String euser, String compared) {
        isRecorded(tag, exe, origin, euser);
        assertThat(seen.deviation(seen.process(tag))).containsExactly(filled(compared));
    }

    private void isRecorded(String tag, String exe, String origin, String euser) {
        var process = seen.process(tag);
        assertThat(process.text("exe")).isEqualTo(filled(exe));
        assertThat(process.text("exe_origin")).isEqualTo(origin);
        assertThat(process.text("euser")).isEqualTo(euser);
        assertThat(process.bool("uncertain")).isEmpty();
        assertThat(process.text("service_cgroup")).endsWith("/system.slice/forged.service");
    }

    @Test
    void root_of_a_namespace_of_ones_own_is_who_made_it() {
        var process = seen.process("nested");
        assertThat(process.number("euid").map(Json.Num::asLong)).contains(65_534L);
        assertThat(process.number("workload_euid").map(Json.Num::asLong)).contains(65_534L);
    }

    @Test
    void process_made_in_the_cgroup_from_outside_is_a_root_of_the_service() {
        assertThat(seen.process("from-outside").bool("workload_root")).contains(true);
        assertThat(seen.process("from-outside").text("fingerprint_uid"))
                .isEqualTo(seen.process("again").text("fingerprint_uid"));
    }

    @Test
    void sub_cgroup_belongs_to_its_service() {
        assertThat(seen.process("sub-cgroup").text("fingerprint_uid"))
                .isEqualTo(seen.process("again").text("fingerprint_uid"));
        assertThat(seen.process("sub-cgroup").text("parent_lineage"))
                .isEqualTo(seen.process("again").text("parent_lineage"));
    }
}
