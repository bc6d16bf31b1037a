package io.guardian.checks.identity;

import static org.assertj.core.api.Assertions.assertThat;

import io.guardian.checks.fixture.Cleanup;
import io.guardian.checks.fixture.Requirements;
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

/** A container whose processes pass for what its policy allows. */
@Tag("container")
@TestInstance(Lifecycle.PER_CLASS)
class ContainerTrapsTest {
    private static final int LOOPS = 300;
    private static final List<String> ORDERS = List.of(
            "exec /usr/sbin/nginx again",
            "exec /opt/alias/nginx symlink",
            "own-mounts /usr/sbin/nginx own-mounts",
            "thread /usr/sbin/nginx thread-real",
            "leader /usr/sbin/nginx leader-real",
            "as 1000 /usr/bin/raised raised",
            "tmpfs /usr/bin/other /usr/sbin/nginx tmpfs",
            "bind /usr/bin/other /usr/sbin/nginx bind",
            "chroot /jail /usr/sbin/nginx chroot",
            "exec /opt/link/nginx hard-link",
            "memfd /usr/sbin/nginx memfd",
            "deleted /usr/sbin/nginx /tmp/nginx deleted",
            "copied /usr/sbin/nginx /tmp/nginx upper",
            "copied /usr/sbin/nginx /work/nginx volume",
            "exec /opt/script/nginx script",
            "thread /usr/bin/other thread",
            "leader /usr/bin/other leader",
            "as 1001 /usr/sbin/nginx user",
            "own-users /usr/bin/raised 1000 nested",
            "again " + LOOPS + " loop");

    private final Cleanup cleanup = new Cleanup();
    private Stage stage;
    private Seen seen;

    @BeforeAll
    void learnAndForge() throws Exception {
        Requirements.containers();
        stage = cleanup.keep(Stage.open("traps"));
        var podman = stage.podman();
        Forger.makeImage(podman, Files.createDirectories(stage.folder().resolve("image")));
        var forger = Forger.inContainer(podman, "web", stage.folder().resolve("work"), List.of());
        forger.order("exec /usr/sbin/nginx real");
        forger.order("as 1000 /usr/bin/raised real-raised");
        seen = cleanup.keep(Seen.learn(stage.guardian(), "container", Forger.IMAGE, "web", List.of("nginx", "raised")));
        ORDERS.forEach(forger::order);
        moveToSubCgroup("web");
        forger.order("exec /usr/sbin/nginx sub-cgroup-real");
        forger.order("exec /usr/bin/other sub-cgroup");
        var remapped = Forger.inContainer(
                podman,
                "remapped",
                stage.folder().resolve("more"),
                List.of("--uidmap=0:200000:65536", "--gidmap=0:200000:65536"));
        remapped.order("exec /usr/sbin/nginx remapped-root");
        remapped.order("own-users /usr/bin/raised 1000 remapped-nested");
        seen.awaitDeviation("sub-cgroup");
        seen.awaitDeviation("remapped-nested");
    }

    private void moveToSubCgroup(String container) throws Exception {
        String pid = stage.podman().inspect(container, "{{.State.Pid}}");
        String own = Files.readAllLines(Path.of("/proc/" + pid + "/cgroup")).stream()
                .filter(line -> line.startsWith("0::"))
                .findFirst()
                .orElseThrow()
                .substring("0::/".length());
        Path sub = Files.createDirectory(TestCgroup.mount().resolve(own).resolve("sub"));
        Files.writeString(sub.resolve("cgroup.procs"), pid);
    }

    @AfterAll
    void stop() {
        cleanup.close();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            again           | /usr/sbin/nginx | image | root
            symlink         | /usr/sbin/nginx | image | root
            own-mounts      | /usr/sbin/nginx | image | root
            thread-real     | /usr/sbin/nginx | image | root
            leader-real     | /usr/sbin/nginx | image | root
            sub-cgroup-real | /usr/sbin/nginx | image | root
            remapped-root   | /usr/sbin/nginx | image | root
            raised          | /usr/bin/raised | image | root
            """)
    void what_the_policy_knows_is_allowed_however_it_is_reached(String tag, String exe, String origin, String euser) {
        isRecorded(tag, exe, origin, euser);
        assertThat(seen.deviation(seen.process(tag))).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            tmpfs           | /usr/sbin/nginx      | foreign_mount | root | /usr/sbin/nginx (foreign mount)
            bind            | /usr/bin/other       | image         | root | /usr/bin/other
            chroot          | /jail/usr/sbin/nginx | image         | root | /jail/usr/sbin/nginx
            hard-link       | /opt/link/nginx      | image         | root | /opt/link/nginx
            memfd           | memfd:nginx          | memfd         | root | nginx (memfd)
            deleted         | /tmp/nginx           | deleted       | root | /tmp/nginx (deleted)
            upper           | /tmp/nginx           | upper         | root | /tmp/nginx (upper layer)
            volume          | /work/nginx          | other_mount   | root | /work/nginx (other mount)
            script          | /usr/bin/other       | image         | root | /usr/bin/other
            thread          | /usr/bin/other       | image         | root | /usr/bin/other
            leader          | /usr/bin/other       | image         | root | /usr/bin/other
            user            | /usr/sbin/nginx      | image         | 1001 | /usr/sbin/nginx
            nested          | /usr/bin/raised      | image         | shop | /usr/bin/raised
            sub-cgroup      | /usr/bin/other       | image         | root | /usr/bin/other
            remapped-nested | /usr/bin/raised      | image         | shop | /usr/bin/raised
            """)
    void what_passes_for_it_deviates(String tag, String exe, String origin, String euser, String compared) {
        isRecorded(tag, exe, origin, euser);
        assertThat(seen.deviation(seen.process(tag))).containsExactly(compared);
    }

    private void isRecorded(String tag, String exe, String origin, String euser) {
        var process = seen.process(tag);
        assertThat(process.text("exe")).isEqualTo(exe);
        assertThat(process.text("exe_origin")).isEqualTo(origin);
        assertThat(process.text("euser")).isEqualTo(euser);
        assertThat(process.bool("uncertain")).isEmpty();
        assertThat(process.text("container_uid")).isNotEmpty();
    }

    @ParameterizedTest
    @CsvSource({"again,0,0", "raised,0,0", "nested,1000,1000", "remapped-root,200000,0", "remapped-nested,201000,1000"})
    void user_is_numbered_as_the_host_and_as_the_container_does(String tag, long onHost, long inside) {
        var process = seen.process(tag);
        assertThat(process.number("euid").map(Json.Num::asLong)).contains(onHost);
        assertThat(process.number("workload_euid").map(Json.Num::asLong)).contains(inside);
    }

    @Test
    void listing_shows_file_user_and_workload() {
        var process = seen.process("tmpfs");
        var guardian = stage.guardian();
        assertThat(guardian.spyctl("get processes -o yaml " + process.text("id"))
                        .ok()
                        .out())
                .contains(
                        "exe: /usr/sbin/nginx\n",
                        "exe_origin: foreign_mount\n",
                        "euser: root\n",
                        "euid: 0\n",
                        "workload_euid: 0\n",
                        "cgroup: " + stage.cgroup().inHierarchy() + "/libpod-",
                        "container_uid: " + process.text("container_uid") + "\n",
                        "container_id: " + process.text("container_id") + "\n",
                        "fingerprint_uid: " + process.text("fingerprint_uid") + "\n")
                .doesNotContain("uncertain:");
        assertThat(guardian.spyctl("get processes nginx").ok().out())
                .contains(" /usr/sbin/nginx (foreign mount) ", " nginx (memfd) ");
    }

    @Test
    void script_is_told_beside_its_interpreter() {
        assertThat(seen.process("script").text("script")).isEqualTo("/opt/script/nginx");
        assertThat(seen.process("script").text("name")).isEqualTo("nginx");
    }

    @Test
    void sub_cgroup_belongs_to_its_container() {
        var before = seen.process("again");
        assertThat(seen.process("sub-cgroup").text("container_uid")).isEqualTo(before.text("container_uid"));
        assertThat(seen.process("sub-cgroup").text("fingerprint_uid")).isEqualTo(before.text("fingerprint_uid"));
        assertThat(seen.process("sub-cgroup").text("parent_lineage")).isEqualTo(before.text("parent_lineage"));
    }

    @Test
    void thread_that_executes_is_its_process() {
        var process = seen.process("thread");
        assertThat(process.text("id"))
                .isEqualTo(seen.processes("thread").getLast().text("id"));
        assertThat(process.text("parent_lineage"))
                .isEqualTo(seen.process("again").text("parent_lineage"));
    }

    @Test
    void process_that_becomes_itself_again_and_again_stays_one_node() {
        var process = seen.process("loop");
        var all = seen.processes("loop");
        assertThat(all).hasSizeGreaterThan(1);
        assertThat(all).allSatisfy(each -> assertThat(each.text("lineage")).isEqualTo(process.text("lineage")));
        assertThat(all).allSatisfy(each -> assertThat(seen.deviation(each)).isEmpty());
        assertThat(all.stream()
                        .map(each -> each.text("id").replaceFirst("[.][0-9]+$", ""))
                        .distinct())
                .as("the same process")
                .hasSize(1);
        assertThat(all.getLast().text("id")).endsWith("." + LOOPS);
        assertThat(all.getLast().array("ancestors").strings()).hasSizeLessThanOrEqualTo(64);
    }
}
