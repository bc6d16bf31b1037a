package io.guardian.agent.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.guardian.agent.workload.cgroup.CgroupMounts;
import io.guardian.core.text.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real agent with a real sensor, watching only a cgroup of this test. */
@Tag("kernel")
final class AgentKernelTest {
    private static final String POLICY = """
            {"apiVersion":"spyderbat/v1","kind":"SpyderbatPolicy",
             "metadata":{"name":"made-up","type":"linux-service","uid":"pol:q7Rk2ZtV0bXeM4dLs9Wc","version":1},
             "spec":{"serviceSelector":{"cgroup":"systemd:*/made-up.service"},"mode":"enforce",
              "processPolicy":[{"name":"sh","exe":["*/dash","*/bash","*/busybox"],"id":"sh_0","euser":["root"]}],
              "networkPolicy":{"ingress":[],"egress":[]},
              "response":{"default":[{"makeRedFlag":{"severity":"high"}}],
               "actions":[{"agentKillProcess":{"processSelector":{"name":["tail"]}}}]}}}""";

    @TempDir
    private Path folder;

    private final String pin = "agenttest-" + ProcessHandle.current().pid();
    private Path cgroup = Path.of("/");
    private Path service = Path.of("/");

    @BeforeEach
    void make_a_cgroup() throws IOException {
        assumeTrue("root".equals(System.getProperty("user.name")), "the kernel sensor needs root");
        assumeTrue(Files.exists(Path.of("/sys/kernel/btf/vmlinux")), "the kernel has no BTF");
        var tree = CgroupMounts.v2(Files.readString(Path.of("/proc/mounts")));
        assumeTrue(tree.isPresent(), "no cgroup v2 hierarchy is mounted");
        cgroup = tree.get().mount().resolve("guardian-" + pin);
        service = cgroup.resolve("made-up.service");
        Files.createDirectories(service);
    }

    @AfterEach
    void leave_nothing() throws Exception {
        if (Files.exists(service)) {
            Files.writeString(service.resolve("cgroup.kill"), "1");
            RunningAgent.uninstall(folder.resolve("data"), pin);
            long until = System.nanoTime() + 20_000_000_000L;
            while (!Files.readString(service.resolve("cgroup.events")).contains("populated 0")
                    && System.nanoTime() < until) {
                java.util.concurrent.locks.LockSupport.parkNanos(10_000_000);
            }
            Files.delete(service);
            Files.delete(cgroup);
        }
    }

    private RunningAgent agent(Receiver receiver, String... more) throws IOException {
        return RunningAgent.start(receiver.url(), folder.resolve("data"), pin, cgroup, List.of(more));
    }

    /** Runs a script as the service's first process. */
    private Process inService(String script) throws IOException {
        String enter = "echo $$ > " + service.resolve("cgroup.procs") + " && exec /bin/sh -c \"$0\"";
        return new ProcessBuilder("/bin/sh", "-c", enter, script)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    private static Predicate<Json.Obj> process(String name, String argument) {
        return record -> record.text("schema").startsWith("model_process")
                && record.text("name").equals(name)
                && record.array("args").strings().contains(argument);
    }

    @Test
    void a_process_comes_with_its_arguments_place_and_workload_and_nothing_else_comes() throws Exception {
        try (var receiver = new Receiver();
                var agent = agent(receiver)) {
            inService("/bin/sleep 0.01; /bin/true --password hunter2").waitFor();
            var record = receiver.await("true", process("true", "***"));
            assertThat(record.text("service_cgroup")).endsWith("/made-up.service");
            assertThat(record.text("fingerprint_uid")).matches(".*:linux-service:made-up[.]service:[1-9][0-9]*");
            assertThat(record.text("euser")).isEqualTo("root");
            assertThat(record.array("ancestors").strings()).contains("sh");
            assertThat(receiver.records())
                    .filteredOn(each -> each.text("schema").startsWith("model_process"))
                    .allSatisfy(each -> assertThat(each.text("cgroup")).contains(pin));
            assertThat(agent.isAlive()).isTrue();
            var sensor = receiver.heartbeats().getFirst().object("sensor");
            assertThat(sensor.text("source")).isEqualTo("ebpf");
            assertThat(sensor.text("kernel")).isEqualTo(System.getProperty("os.version"));
            assertThat(sensor.object("programs").text("on_exec")).isEqualTo("attached");
            assertThat(sensor.object("back_ends").text("record_numbers")).isNotEmpty();
            assertThat(sensor.object("back_ends").text("lsm")).matches("attaches.*|loads, .*|refused .*");
            assertThat(sensor.object("map_limits").number("owners")).isPresent();
        }
    }

    /** More of them than there is room for: about 1,350 in one workload. */
    @Test
    void executables_whose_long_paths_find_no_room_are_told_apart() throws Exception {
        var deep = Files.createDirectories(
                folder.resolve("a".repeat(240)).resolve("b".repeat(240)).resolve("c".repeat(240)));
        try (var receiver = new Receiver();
                var agent = agent(receiver)) {
            inService("""
                    cp /bin/true %1$s/tool0; i=0
                    while [ $i -lt 20000 ]; do
                    i=$((i+1)); mv %1$s/tool$((i-1)) %1$s/tool$i; %1$s/tool$i; [ $((i %% 50)) -gt 0 ] || sleep 0.2
                    done
                    """.formatted(deep));
            // On a busy machine not all of them find room in the ring, so it goes on until there were enough.
            receiver.await("one without room", record -> record.text("exe").matches("…[0-9a-f]{32}/.*tool[0-9]+"));
            var told = receiver.records().stream()
                    .filter(record -> record.text("name").startsWith("tool"))
                    .toList();
            var exes =
                    told.stream().map(record -> record.text("exe")).distinct().toList();
            assertThat(exes).anyMatch(exe -> exe.startsWith(deep + "/tool"));
            assertThat(told.stream().map(record -> record.text("name")).distinct())
                    .hasSize(exes.size());
            assertThat(agent.isAlive()).isTrue();
        }
    }

    @Test
    void a_killed_agent_takes_up_everything_it_knew_and_what_happened_meanwhile() throws Exception {
        try (var receiver = new Receiver();
                var first = agent(receiver)) {
            var running = inService("while :; do /bin/sleep 0.2; done");
            var before = receiver.await("the loop", process("sleep", "0.2"));
            first.kill();
            inService("/bin/true during-the-outage").waitFor();
            try (var second = agent(receiver)) {
                receiver.await("what happened meanwhile", process("true", "during-the-outage"));
                int count = receiver.records().size();
                receiver.await(
                        "the loop going on",
                        record -> receiver.records().indexOf(record) > count
                                && process("sleep", "0.2").test(record)
                                && record.text("ppuid").equals(before.text("ppuid")));
                assertThat(receiver.records())
                        .noneMatch(record -> record.bool("uncertain").orElse(false));
                assertThat(second.isAlive()).isTrue();
            } finally {
                running.destroyForcibly();
            }
        }
    }

    /** More than one poll takes from the ring: all of it comes before the look at what runs. */
    @Test
    void what_runs_since_much_happened_without_an_agent_is_as_certain_as_ever() throws Exception {
        try (var receiver = new Receiver();
                var first = agent(receiver)) {
            inService("/bin/true before").waitFor();
            receiver.await("the first", process("true", "before"));
            first.kill();
            var done = folder.resolve("done");
            inService("i=0; while [ $i -lt 1000 ]; do i=$((i+1)); /bin/true; done; "
                    + "for t in 1 2 3 4 5 6 7 8; do /bin/sleep 30$t & done; touch " + done + "; wait");
            long until = System.nanoTime() + 60_000_000_000L;
            while (!Files.exists(done) && System.nanoTime() < until) {
                java.util.concurrent.locks.LockSupport.parkNanos(10_000_000);
            }
            try (var second = agent(receiver)) {
                for (int t = 1; t <= 8; t++) {
                    receiver.await("what stays", process("sleep", "30" + t));
                }
                assertThat(receiver.records())
                        .noneMatch(record -> record.bool("uncertain").orElse(false));
                assertThat(second.isAlive()).isTrue();
            }
        }
    }

    @Test
    void an_enforced_policy_kills_what_it_names_and_nothing_else() throws Exception {
        try (var receiver = new Receiver()) {
            receiver.policies(2, POLICY);
            try (var agent = agent(receiver)) {
                var running = inService("/bin/sleep 300 & exec /usr/bin/tail -f /dev/null");
                var killed = receiver.await(
                        "the deviation of tail",
                        record -> record.text("schema").startsWith("event_deviation")
                                && record.text("description").contains("\"tail\""));
                assertThat(killed.array("actions").objects()).singleElement().satisfies(action -> {
                    assertThat(action.text("type")).isEqualTo("agentKillProcess");
                    assertThat(action.number("result_code").orElseThrow().asInt())
                            .isZero();
                });
                assertThat(running.waitFor()).isEqualTo(137);
                var flagged = receiver.await(
                        "the deviation of sleep",
                        record -> record.text("schema").startsWith("event_deviation")
                                && record.text("description").contains("\"sleep\""));
                assertThat(flagged.array("actions").items()).isEmpty();
                assertThat(Files.readAllLines(service.resolve("cgroup.procs"))).hasSize(1);
                assertThat(agent.isAlive()).isTrue();
            }
        }
    }

    /** As on a machine that is so busy that a service's start takes seconds. */
    @Test
    void who_stays_a_while_in_a_service_before_its_exec_is_certain_before_and_after() throws Exception {
        var gate = folder.resolve("gate");
        assertThat(new ProcessBuilder("mkfifo", gate.toString()).start().waitFor())
                .isZero();
        try (var receiver = new Receiver();
                var agent = agent(receiver)) {
            var enter =
                    "echo $$ > " + service.resolve("cgroup.procs") + "; read go < " + gate + "; exec /bin/sleep 298";
            new ProcessBuilder("/bin/sh", "-c", enter).start();
            var before = receiver.await("the shell that stays", process("sh", enter));
            Files.writeString(gate, "go\n");
            var after = receiver.await("what it becomes", process("sleep", "298"));
            assertThat(after.text("ppuid")).isEqualTo(before.text("id"));
            assertThat(receiver.records())
                    .noneMatch(record -> record.bool("uncertain").orElse(false));
            assertThat(agent.isAlive()).isTrue();
        }
    }

    @Test
    void without_the_sensor_execs_and_exits_are_told_at_once_and_nothing_is_certain() throws Exception {
        var enough = folder.resolve("enough");
        try (var receiver = new Receiver();
                var agent = agent(receiver, "--source", "proc")) {
            assertThat(agent.ready()).contains("source=proc-events");
            // Again and again: on a busy machine the kernel may have no room for a notice.
            String script = "while [ ! -e " + enough + " ]; do /bin/sleep 2; done; exec /bin/sleep 299";
            inService(script);
            var root = receiver.await("the script", process("sh", script));
            assertThat(root.bool("uncertain")).contains(true);
            receiver.await(
                    "a short sleep's end",
                    record -> process("sleep", "2").test(record)
                            && record.text("ppuid").equals(root.text("id"))
                            && record.text("status").equals("closed")
                            && record.number("exit").stream().anyMatch(exit -> exit.asInt() == 0));
            Files.createFile(enough);
            receiver.await("the last program", process("sleep", "299"));
            assertThat(receiver.records())
                    .filteredOn(each -> each.text("schema").startsWith("model_process"))
                    .allSatisfy(each -> assertThat(each.text("cgroup")).contains(pin));
            assertThat(agent.isAlive()).isTrue();
        }
    }

    @Test
    void without_the_sensor_connections_and_listening_sockets_come_with_their_process() throws Exception {
        try (var receiver = new Receiver();
                var agent = agent(receiver, "--source", "proc");
                var elsewhere = new java.net.ServerSocket(0, 1, java.net.InetAddress.getLoopbackAddress())) {
            // A network namespace of its own: nothing else can have the port, and nothing leaves it.
            // The one that listens goes on with it, so that it's there whenever the tables are read; 4712 is 1268
            // there.
            inService("exec unshare --net sh -c 'ip link set lo up; nc -l 127.0.0.1 4711 & "
                    + "until nc -z 127.0.0.1 4711; do sleep 0.1; done; nc -lk 127.0.0.1 4712 & "
                    + "until grep -q :1268 /proc/net/tcp; do sleep 0.1; done; sleep 300 | nc 127.0.0.1 4712'");
            var listening = receiver.await(
                    "the listening socket",
                    record -> record.text("schema").startsWith("model_listening_socket")
                            && record.number("local_port").stream().anyMatch(port -> port.asInt() == 4712));
            assertThat(listening.text("proc_name")).isEqualTo("nc");
            for (var direction : List.of("inbound", "outbound")) {
                var connection = receiver.await(
                        direction,
                        record -> record.text("schema").startsWith("model_connection")
                                && record.text("direction").equals(direction));
                assertThat(connection.text("proc_name")).isEqualTo("nc");
                assertThat(connection.text("remote_ip")).isEqualTo("127.0.0.1");
            }
            assertThat(receiver.records())
                    .noneMatch(record -> record.number("local_port").stream()
                            .anyMatch(port -> port.asInt() == elsewhere.getLocalPort()));
            assertThat(agent.isAlive()).isTrue();
        }
    }

    @Test
    void where_the_kernel_tells_of_no_processes_the_table_is_read_instead() throws Exception {
        try (var receiver = new Receiver();
                var agent = RunningAgent.start(
                        // The kernel tells a process of another pid namespace nothing.
                        List.of("unshare", "--pid", "--fork", "--kill-child"),
                        receiver.url(),
                        folder.resolve("data"),
                        pin,
                        cgroup,
                        List.of("--source", "proc"))) {
            assertThat(agent.ready()).contains("source=proc ");
            inService("exec /bin/sleep 299");
            var record = receiver.await("sleep", process("sleep", "299"));
            assertThat(record.bool("uncertain")).contains(true);
            assertThat(agent.isAlive()).isTrue();
        }
    }
}
