package io.guardian.checks.identity;

import static org.assertj.core.api.Assertions.assertThat;

import io.guardian.checks.fixture.Cleanup;
import io.guardian.checks.fixture.CriPods;
import io.guardian.checks.fixture.NativeProgram;
import io.guardian.checks.fixture.PodSpec;
import io.guardian.checks.fixture.PodStage;
import io.guardian.checks.fixture.Requirements;
import io.guardian.checks.fixture.Shell;
import io.guardian.checks.fixture.TestCgroup;
import io.guardian.core.text.Json;
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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The same traps as of {@link ContainerTrapsTest} in pods, made over the Container Runtime Interface as a kubelet does:
 * and those that only pods have, which share namespaces between containers.
 */
@Tag("container")
@TestInstance(Lifecycle.PER_CLASS)
class PodTrapsTest {
    private static final List<String> ORDERS = List.of(
            "exec /usr/sbin/nginx again",
            "own-mounts /usr/sbin/nginx own-mounts",
            "thread /usr/sbin/nginx thread-real",
            "leader /usr/sbin/nginx leader-real",
            "as 1000 /usr/bin/raised raised",
            "tmpfs /usr/bin/other /usr/sbin/nginx tmpfs",
            "bind /usr/bin/other /usr/sbin/nginx bind",
            "chroot /jail /usr/sbin/nginx chroot",
            "memfd /usr/sbin/nginx memfd",
            "deleted /usr/sbin/nginx /tmp/nginx deleted",
            "copied /usr/sbin/nginx /tmp/nginx upper",
            "copied /usr/sbin/nginx /work/nginx volume",
            "thread /usr/bin/other thread",
            "leader /usr/bin/other leader",
            "as 1001 /usr/sbin/nginx user",
            "own-users /usr/bin/raised 1000 nested",
            "copied /usr/bin/other /tmp/mine mine",
            "borrowed /usr/bin/other /work/plugin borrowed",
            "borrowed - /tmp/mine borrowed-upper");

    private final Cleanup cleanup = new Cleanup();
    private PodStage stage;
    private Seen seen;
    private Path folder = Path.of("/");
    private CriPods.Pod sharing;
    private Forger web;
    private Forger debug;
    private Forger main;
    private Forger side;
    private Forger hostPid;

    @BeforeAll
    void learnAndForge() throws Exception {
        Requirements.containerd();
        folder = Files.createTempDirectory("gt");
        cleanup.keep(() -> Shell.run("rm", "-rf", folder.toString()));
        stage = cleanup.keep(PodStage.open("podtraps", List.of()));
        stage.containerd().load("k8s.io", Forger.makeArchive(Files.createDirectories(folder.resolve("image"))));
        var pods = stage.containerd().pods();
        var pod = pods.run(PodSpec.of("u-web", "web", "shop").labels(Map.of("app", "web")));
        pods.start(pod, "init", 0, Forger.IMAGE, List.of("/usr/bin/other", "prepared"));
        web = Forger.inPod(pods, pod, "web", folder.resolve("web"), "");
        web.order("exec /usr/sbin/nginx real");
        web.order("as 1000 /usr/bin/raised real-raised");
        seen = cleanup.keep(Seen.learn(stage.guardian(), "container", Forger.IMAGE, "web", List.of("nginx", "raised")));
        ORDERS.forEach(web::order);
        pods.exec(web.containerId(), "/usr/sbin/nginx", "exec-session");
        debug = Forger.inPod(pods, pod, "debug", folder.resolve("debug"), web.containerId());
        debug.order("exec /usr/sbin/nginx ephemeral");
        share(pods);
        hostPid = Forger.inPod(
                pods,
                pods.run(PodSpec.of("u-hostpid", "hostpid", "shop")
                        .labels(Map.of("app", "web"))
                        .withHostPid()),
                "web",
                folder.resolve("hostpid"),
                "");
        hostPid.order("exec /usr/sbin/nginx hostpid-real");
        hostPid.order("tmpfs /usr/bin/other /usr/sbin/nginx hostpid-tmpfs");
        putInto(web.containerId());
        moveToSubCgroup(web.containerId());
        web.order("exec /usr/sbin/nginx sub-cgroup-real");
        web.order("exec /usr/bin/other sub-cgroup");
        seen.awaitDeviation("sub-cgroup");
    }

    /** Two containers that see each other's processes, one of which may do anything. */
    private void share(CriPods pods) throws IOException {
        sharing = pods.run(
                PodSpec.of("u-shared", "shared", "shop").withSharedPid().withPrivileges());
        main = Forger.inPod(pods, sharing, "main", folder.resolve("main"), "");
        side = Forger.inPod(pods, sharing, "side", folder.resolve("side"), "");
        String pid = inside(stage.containerd().pid("k8s.io", main.containerId()));
        main.order("as 1000 /usr/bin/raised shared-main");
        side.order("exec /usr/sbin/nginx shared-side");
        side.order("exec /proc/" + pid + "/root/usr/sbin/nginx through-proc");
        side.order("join " + pid + " /usr/sbin/nginx joined");
    }

    /** The number of a process in its own namespace. */
    private static String inside(long pid) throws IOException {
        String numbers = Files.readAllLines(Path.of("/proc/" + pid + "/status")).stream()
                .filter(line -> line.startsWith("NSpid:"))
                .findFirst()
                .orElseThrow();
        return numbers.substring(numbers.lastIndexOf('\t') + 1);
    }

    private Path cgroup(String container) throws IOException {
        long pid = stage.containerd().pid("k8s.io", container);
        String own = Files.readAllLines(Path.of("/proc/" + pid + "/cgroup")).stream()
                .filter(line -> line.startsWith("0::"))
                .findFirst()
                .orElseThrow()
                .substring("0::/".length());
        return TestCgroup.mount().resolve(own);
    }

    /** As a runtime does for a session, but born in the container's cgroup. */
    private void putInto(String container) throws IOException {
        NativeProgram.compile("forger", folder);
        String pid = Long.toString(stage.containerd().pid("k8s.io", container));
        Shell.run(
                        folder + "/forger",
                        "-",
                        "enter",
                        cgroup(container).toString(),
                        pid,
                        "/usr/sbin/nginx",
                        "from-outside")
                .ok();
    }

    private void moveToSubCgroup(String container) throws IOException {
        Path sub = Files.createDirectory(cgroup(container).resolve("sub"));
        Files.writeString(
                sub.resolve("cgroup.procs"), Long.toString(stage.containerd().pid("k8s.io", container)));
    }

    @AfterAll
    void stop() {
        cleanup.close();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            again           | /usr/sbin/nginx | root
            own-mounts      | /usr/sbin/nginx | root
            thread-real     | /usr/sbin/nginx | root
            leader-real     | /usr/sbin/nginx | root
            sub-cgroup-real | /usr/sbin/nginx | root
            raised          | /usr/bin/raised | root
            hostpid-real    | /usr/sbin/nginx | root
            """)
    void what_the_policy_knows_is_allowed_however_it_is_reached(String tag, String exe, String euser) {
        isRecorded(tag, exe, "image", euser);
        assertThat(seen.deviation(seen.process(tag))).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            tmpfs           | /usr/sbin/nginx      | foreign_mount | root | /usr/sbin/nginx (foreign mount)
            bind            | /usr/bin/other       | image         | root | /usr/bin/other
            chroot          | /jail/usr/sbin/nginx | image         | root | /jail/usr/sbin/nginx
            memfd           | memfd:nginx          | memfd         | root | nginx (memfd)
            deleted         | /tmp/nginx           | deleted       | root | /tmp/nginx (deleted)
            upper           | /tmp/nginx           | upper         | root | /tmp/nginx (upper layer)
            volume          | /work/nginx          | other_mount   | root | /work/nginx (other mount)
            thread          | /usr/bin/other       | image         | root | /usr/bin/other
            leader          | /usr/bin/other       | image         | root | /usr/bin/other
            user            | /usr/sbin/nginx      | image         | 1001 | /usr/sbin/nginx
            nested          | /usr/bin/raised      | image         | shop | /usr/bin/raised
            sub-cgroup      | /usr/bin/other       | image         | root | /usr/bin/other
            exec-session    | /usr/sbin/nginx      | image         | root | /usr/sbin/nginx
            from-outside    | /usr/sbin/nginx      | image         | root | /usr/sbin/nginx
            borrowed-upper  | /tmp/mine            | upper         | root | /tmp/mine (upper layer)
            borrowed        | /work/plugin         | foreign_mount | root | /work/plugin (foreign mount)
            hostpid-tmpfs   | /usr/sbin/nginx      | foreign_mount | root | /usr/sbin/nginx (foreign mount)
            """)
    void what_passes_for_it_deviates(String tag, String exe, String origin, String euser, String compared) {
        isRecorded(tag, exe, origin, euser);
        assertThat(seen.deviation(seen.process(tag))).containsExactly(compared);
    }

    private Json.Obj isRecorded(String tag, String exe, String origin, String euser) {
        var process = seen.process(tag);
        assertThat(process.text("exe")).isEqualTo(exe);
        assertThat(process.text("exe_origin")).isEqualTo(origin);
        assertThat(process.text("euser")).isEqualTo(euser);
        assertThat(process.bool("uncertain")).isEmpty();
        return process;
    }

    private void isOf(Forger container, String tag) {
        assertThat(seen.process(tag).text("container_id")).isEqualTo(container.containerId());
    }

    @Test
    void each_process_is_of_the_container_in_whose_cgroup_it_is() {
        isOf(web, "again");
        isOf(web, "exec-session");
        isOf(web, "sub-cgroup");
        isOf(web, "from-outside");
        isOf(debug, "ephemeral");
        isOf(main, "shared-main");
        isOf(side, "shared-side");
        isOf(side, "through-proc");
        isOf(side, "joined");
        isOf(hostPid, "hostpid-real");
        assertThat(seen.process("prepared").text("container_id"))
                .isNotEmpty()
                .isNotEqualTo(web.containerId())
                .isNotEqualTo(sharing.id());
    }

    @Test
    void session_in_a_container_is_a_root_of_it() {
        assertThat(seen.process("exec-session").bool("workload_root")).contains(true);
        assertThat(seen.process("from-outside").bool("workload_root")).contains(true);
    }

    @Test
    void containers_that_see_each_others_processes_keep_their_own_users_and_files() {
        isRecorded("shared-main", "/usr/bin/raised", "image", "root");
        isRecorded("shared-side", "/usr/sbin/nginx", "image", "root");
        isRecorded("ephemeral", "/usr/sbin/nginx", "image", "root");
        isRecorded("prepared", "/usr/bin/other", "image", "root");
    }

    /** The same path, but the file of another container. */
    @Test
    void program_of_another_container_of_the_pod_is_of_a_foreign_mount() {
        isRecorded("through-proc", "/usr/sbin/nginx", "foreign_mount", "root");
        isRecorded("joined", "/usr/sbin/nginx", "foreign_mount", "root");
    }
}
