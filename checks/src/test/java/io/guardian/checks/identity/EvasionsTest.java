package io.guardian.checks.identity;

import static org.assertj.core.api.Assertions.assertThat;

import io.guardian.checks.fixture.AgentProcess;
import io.guardian.checks.fixture.Cleanup;
import io.guardian.checks.fixture.Eventually;
import io.guardian.checks.fixture.NativeProgram;
import io.guardian.checks.fixture.Requirements;
import io.guardian.checks.fixture.Shell;
import io.guardian.checks.fixture.Stage;
import io.guardian.core.text.Json;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer.OrderAnnotation;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Code that gets into a process past its exec, execs past what is easily looked at, and names that a process gives
 * itself: what is recorded, and what the policy of the real thing says. See {@code evasions.h} for the ways.
 */
@Tag("container")
@TestInstance(Lifecycle.PER_CLASS)
@TestMethodOrder(OrderAnnotation.class)
class EvasionsTest {
    private static final String LOADER = Objects.equals(System.getProperty("os.arch"), "aarch64")
            ? "/lib/ld-linux-aarch64.so.1"
            : "/lib64/ld-linux-x86-64.so.2";
    private static final List<String> KNOWN = List.of(
            "exec /usr/sbin/nginx real",
            "exec /usr/bin/grown real-grown",
            "exec /usr/bin/dynamic real-dynamic",
            "run /usr/bin/victim - ask 127.77.0.1 real-victim",
            "run /usr/bin/masked - ask 127.77.0.1 real-masked");
    private static final List<String> ORDERS = List.of(
            "run /usr/bin/victim - ask 127.77.0.1 victim-again",
            "exec-as /usr/bin/other /usr/sbin/nginx argv",
            "through-fd /usr/bin/other through-fd",
            "through-fd /usr/sbin/nginx through-fd-real",
            "empty-path /usr/bin/other empty-path",
            "empty-path /usr/sbin/nginx empty-path-real",
            "nameless /usr/sbin/nginx nameless",
            "detached /usr/bin/other nginx detached",
            "exec " + LOADER + " loader-first",
            "run " + LOADER + " /usr/bin/dynamic loader-program",
            "grown /usr/bin/grown by-a-byte",
            "preload /work/implant.so /usr/bin/dynamic preloaded",
            "loader /work/alone " + LOADER + " /usr/bin/dynamic loaded",
            "behind run /usr/bin/victim - victim /tmp/traced traced",
            "run /usr/bin/tracer - inject trace /tmp/traced 127.77.0.30 traced-child",
            "behind run /usr/bin/victim - victim /tmp/mem mem",
            "inject mem /tmp/mem 127.77.0.31 mem-child",
            "behind run /usr/bin/victim - victim /tmp/vm vm",
            "inject vm /tmp/vm 127.77.0.32 vm-child",
            "run /usr/bin/masked - ring connect 127.77.0.40 ring-connect",
            "run /usr/bin/masked - ring connect-async 127.77.0.41 ring-connect-async",
            "run /usr/bin/masked - ring connect-sqpoll 127.77.0.42 ring-connect-sqpoll",
            "run /usr/bin/masked - ring send 127.77.0.43 ring-send",
            "run /usr/bin/masked - ring send-sqpoll 127.77.0.44 ring-send-sqpoll",
            "run /usr/bin/masked - renamed /usr/sbin/nginx 127.77.0.50 renamed",
            "behind run /usr/bin/masked - own-exe /usr/sbin/nginx 127.77.0.51 own-exe",
            "run /usr/bin/masked - sibling /usr/sbin/nginx sibling",
            "run /usr/bin/masked - orphan /usr/sbin/nginx orphan",
            "run /usr/bin/masked - adopted /usr/sbin/nginx adopted");
    private static final List<String> INTERPRETED = List.of(
            "binfmt /usr/sbin/nginx - /tmp/nginx interpreted-real",
            "binfmt /usr/bin/other - /tmp/nginx interpreted",
            "binfmt /usr/bin/other F /tmp/nginx interpreted-opened",
            "forged-binfmt /usr/bin/other /usr/sbin/nginx /tmp/nginx interpreted-forged");

    private final Cleanup cleanup = new Cleanup();
    private Stage stage;
    private Forger web;
    private Forger intruder;
    private Seen seen;

    @BeforeAll
    void learnAndEvade() throws Exception {
        Requirements.containers();
        stage = cleanup.keep(Stage.open("evasions"));
        var podman = stage.podman();
        Forger.makeImage(podman, Files.createDirectories(stage.folder().resolve("image")));
        Path work = Files.createDirectories(stage.folder().resolve("work"));
        implants(work);
        web = Forger.inContainer(podman, "web", work, List.of());
        KNOWN.forEach(web::order);
        seen = cleanup.keep(Seen.learn(
                stage.guardian(),
                "container",
                Forger.IMAGE,
                "web",
                List.of("nginx", "grown", "dynamic", "victim", "masked", "127.77.0.1/32")));
        ORDERS.forEach(web::order);
        intruder = Forger.inContainer(
                podman,
                "intruder",
                stage.folder().resolve("more"),
                List.of("--pid=host", "--cap-add=SYS_ADMIN", "--cap-add=SYS_PTRACE"));
        String pid = podman.podman("inspect", "--format", "{{.State.Pid}}", "web")
                .ok()
                .out()
                .strip();
        intruder.order("within " + pid + " /usr/sbin/nginx within");
        intruder.order("run /usr/bin/forger - within-net " + pid + " 127.77.0.60 within-net");
        seen.awaitDeviation("within");
        web.order("exec /usr/bin/other last");
        seen.awaitDeviation("last");
    }

    /** A library to be loaded beforehand, and what stands where a loader should. */
    private static void implants(Path folder) {
        String source = NativeProgram.sources().resolve("implant.c").toString();
        String library = folder.resolve("implant.so").toString();
        Shell.run(words("cc -shared -fPIC -O2 -DADDRESS=0x14004d7fu", "-DTAG=\"preload-child\"", "-o", library, source))
                .ok();
        String alone = folder.resolve("alone").toString();
        Shell.run(words(
                        "cc -static -nostdlib -ffreestanding -fno-stack-protector -O2 -DALONE -DADDRESS=0x15004d7fu",
                        "-DTAG=\"loader-child\"",
                        "-o",
                        alone,
                        source))
                .ok();
    }

    private static String[] words(String line, String... more) {
        var all = new ArrayList<>(List.of(line.split(" ", -1)));
        all.addAll(List.of(more));
        return all.toArray(String[]::new);
    }

    @AfterAll
    void stop() {
        cleanup.close();
    }

    private Json.Obj isRecorded(String tag, String exe, String origin) {
        var process = seen.process(tag);
        assertThat(process.text("exe")).isEqualTo(exe);
        assertThat(process.text("exe_origin")).isEqualTo(origin);
        assertThat(process.bool("uncertain")).isEmpty();
        return process;
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            victim-again    | /usr/bin/victim
            empty-path-real | /usr/sbin/nginx
            preloaded       | /usr/bin/dynamic
            loaded          | /usr/bin/dynamic
            traced          | /usr/bin/victim
            mem             | /usr/bin/victim
            vm              | /usr/bin/victim
            ring-connect    | /usr/bin/masked
            renamed         | /usr/bin/masked
            own-exe         | /usr/bin/masked
            """)
    @Order(1)
    void what_only_its_files_tell_is_allowed_as_these(String tag, String exe) {
        assertThat(seen.deviation(isRecorded(tag, exe, "image"))).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            argv            | /usr/bin/other  | image         | /usr/bin/other
            through-fd      | /usr/bin/other  | image         | /usr/bin/other
            through-fd-real | /usr/sbin/nginx | image         | /usr/sbin/nginx
            empty-path      | /usr/bin/other  | image         | /usr/bin/other
            detached        | /nginx          | foreign_mount | /nginx (foreign mount)
            by-a-byte       | /usr/bin/grown  | upper         | /usr/bin/grown (upper layer)
            within          | /usr/sbin/nginx | foreign_mount | /usr/sbin/nginx (foreign mount)
            """)
    @Order(1)
    void what_passes_for_it_deviates(String tag, String exe, String origin, String compared) {
        assertThat(seen.deviation(isRecorded(tag, exe, origin))).containsExactly(compared);
    }

    @Test
    @Order(1)
    void program_is_named_by_the_path_that_was_executed() {
        assertThat(seen.process("through-fd-real").text("name")).containsOnlyDigits();
        assertThat(seen.process("empty-path-real").text("name")).isEqualTo("nginx");
    }

    @Test
    @Order(1)
    void file_that_never_had_a_name_is_deleted() {
        var process = seen.process("nameless");
        assertThat(process.text("exe_origin")).isEqualTo("deleted");
        assertThat(seen.deviation(process)).containsExactly(process.text("exe") + " (deleted)");
    }

    @ParameterizedTest
    @CsvSource({"loader-first", "loader-program"})
    @Order(1)
    void loader_that_is_called_by_itself_is_the_program(String tag) {
        assertThat(seen.deviation(isRecorded(tag, LOADER, "image"))).containsExactly(LOADER);
    }

    /** Whoever lets the code in: what it asks for and starts is of the process that it got into. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            preloaded | /usr/bin/dynamic | 127.77.0.20 | preload-child
            loaded    | /usr/bin/dynamic | 127.77.0.21 | loader-child
            traced    | /usr/bin/victim  | 127.77.0.30 | traced-child
            mem       | /usr/bin/victim  | 127.77.0.31 | mem-child
            vm        | /usr/bin/victim  | 127.77.0.32 | vm-child
            """)
    @Order(1)
    void what_code_does_that_got_in_is_judged_as_its_process_does_it(
            String tag, String exe, String address, String child) {
        var process = seen.process(tag, exe);
        isAskedBy(process, address);
        var started = isRecorded(child, "/usr/bin/other", "image");
        assertThat(started.text("ppuid")).isEqualTo(process.text("id"));
        assertThat(started.text("parent_lineage")).isEqualTo(process.text("lineage"));
        assertThat(seen.deviation(started)).containsExactly("/usr/bin/other");
    }

    private void isAskedBy(Json.Obj process, String address) {
        var connection = seen.deviatingConnection(address);
        assertThat(connection.text("puid")).isEqualTo(process.text("id"));
        assertThat(connection.text("container_uid")).isEqualTo(process.text("container_uid"));
    }

    @Test
    @Order(1)
    void debugger_is_a_deviation_of_its_own() {
        var tracer = seen.process("traced-child", "/usr/bin/tracer");
        assertThat(seen.deviation(tracer)).containsExactly("/usr/bin/tracer");
    }

    @ParameterizedTest
    @CsvSource({
        "ring-connect, 127.77.0.40, TCP",
        "ring-connect-async, 127.77.0.41, TCP",
        "ring-connect-sqpoll, 127.77.0.42, TCP",
        "ring-send, 127.77.0.43, UDP",
        "ring-send-sqpoll, 127.77.0.44, UDP"
    })
    @Order(1)
    void what_goes_by_io_uring_is_of_the_process_whose_ring_it_is(String tag, String address, String protocol) {
        isAskedBy(isRecorded(tag, "/usr/bin/masked", "image"), address);
        assertThat(seen.deviatingConnection(address).text("proto")).isEqualTo(protocol);
    }

    @ParameterizedTest
    @CsvSource({"renamed, 127.77.0.50", "own-exe, 127.77.0.51"})
    @Order(1)
    void what_a_process_calls_itself_changes_nothing(String tag, String address) {
        var process = seen.process(tag);
        isAskedBy(process, address);
        assertThat(process.text("name")).isEqualTo("masked");
        assertThat(seen.deviatingConnection(address).text("proc_name")).isEqualTo("masked");
    }

    @ParameterizedTest
    @CsvSource({"sibling", "orphan", "adopted"})
    @Order(1)
    void place_of_a_process_is_below_whoever_made_it(String tag) {
        var maker = seen.process(tag, "/usr/bin/masked");
        var made = isRecorded(tag, "/usr/sbin/nginx", "image");
        assertThat(made.text("parent_lineage")).isEqualTo(maker.text("lineage"));
        assertThat(made.text("ppuid")).isEqualTo(maker.text("id"));
        assertThat(seen.deviation(made)).containsExactly("/usr/sbin/nginx");
    }

    @Test
    @Order(1)
    void process_that_joins_the_namespaces_of_another_container_stays_of_its_own() {
        String own = intruderUid();
        assertThat(own).isNotEqualTo(seen.process("victim-again").text("container_uid"));
        assertThat(seen.process("within").text("container_uid")).isEqualTo(own);
        isAskedBy(seen.process("within-net"), "127.77.0.60");
        assertThat(seen.process("within-net").text("container_uid")).isEqualTo(own);
    }

    private String intruderUid() {
        return seen.process("within-net").text("container_uid");
    }

    @Test
    @Order(2)
    void interpreter_that_a_namespace_of_ones_own_registers_is_the_program() {
        Assumptions.assumeTrue(registers(), "needs a binfmt_misc for each user namespace (Linux 6.7)");
        INTERPRETED.stream().skip(1).forEach(web::order);
        seen.awaitDeviation("interpreted-forged");
        assertThat(seen.deviation(isRecorded("interpreted-real", "/usr/sbin/nginx", "image")))
                .isEmpty();
        assertThat(seen.process("interpreted-real").text("script")).isEqualTo("/tmp/nginx");
        assertThat(seen.deviation(isRecorded("interpreted", "/usr/bin/other", "image")))
                .containsExactly("/usr/bin/other");
        assertThat(seen.deviation(isRecorded("interpreted-opened", "/usr/bin/other", "image")))
                .containsExactly("/usr/bin/other");
        assertThat(seen.deviation(isRecorded("interpreted-forged", "/usr/sbin/nginx", "foreign_mount")))
                .containsExactly("/usr/sbin/nginx (foreign mount)");
    }

    private boolean registers() {
        try {
            web.order(INTERPRETED.getFirst());
            return true;
        } catch (AssertionError refused) {
            return false;
        }
    }

    /** It shows another file in /proc by now. */
    @Test
    @Order(3)
    void restart_of_the_agent_changes_nothing_of_what_was_recorded_at_the_exec() {
        showsAs("/usr/sbin/nginx");
        cleanup.keep(AgentProcess.takeOver(stage.guardian(), Map.of())).awaitReady();
        web.order("exec /usr/bin/other after-restart");
        seen.awaitDeviation("after-restart");
        assertThat(seen.deviation(isRecorded("own-exe", "/usr/bin/masked", "image")))
                .isEmpty();
    }

    private void showsAs(String exe) {
        long pid = pid(seen.process("own-exe"));
        assertThat(Path.of("/proc/" + pid + "/exe")).isSymbolicLink();
        assertThat(Shell.run("readlink", "/proc/" + pid + "/exe").ok().out().strip())
                .isEqualTo(exe);
    }

    private static long pid(Json.Obj process) {
        return process.number("pid").orElseThrow().asLong();
    }

    @Test
    @Order(4)
    void agent_that_never_saw_the_exec_takes_what_the_process_says_for_uncertain() {
        stage.guardian().uninstall();
        web.order("behind run /usr/bin/masked - own-exe /usr/sbin/nginx 127.77.0.52 unseen");
        stage.guardian().up();
        var found = Eventually.get(
                "the process as the next agent finds it",
                () -> {
                    seen.read();
                    return seen.uncertain("masked");
                },
                records -> !records.isEmpty());
        assertThat(found).allSatisfy(record -> assertThat(record.text("exe")).isEqualTo("/usr/sbin/nginx"));
        isRecorded("own-exe", "/usr/bin/masked", "image");
    }
}
