package io.guardian.checks.workload;

import static org.assertj.core.api.Assertions.assertThat;

import io.guardian.checks.fixture.Api;
import io.guardian.checks.fixture.Cleanup;
import io.guardian.checks.fixture.CriPods;
import io.guardian.checks.fixture.Eventually;
import io.guardian.checks.fixture.PodSpec;
import io.guardian.checks.fixture.PodStage;
import io.guardian.checks.fixture.Requirements;
import io.guardian.checks.fixture.TestCgroup;
import io.guardian.core.id.KubernetesUids;
import io.guardian.core.id.PodContainerUid;
import io.guardian.core.text.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;

/** What a node of a cluster records of its pods, also of those that share the machine's namespaces. */
@Tag("container")
@TestInstance(Lifecycle.PER_CLASS)
class PodRecordsTest {
    private static final String MONGO = "docker.io/library/mongo:latest";
    private static final String MACHINE = "192.168.0.10";

    private final Cleanup cleanup = new Cleanup();
    private PodStage stage;
    private Api api;
    private String cluster = "";

    @BeforeAll
    void start() throws IOException {
        Requirements.containerd();
        stage = cleanup.keep(PodStage.open("podrecords", List.of("mongo.tar"), "--cluster-name", "harbor"));
        api = cleanup.keep(Api.of(stage.guardian()));
        var identity = Files.readString(stage.guardian().data().resolve("agent/identity.json"));
        cluster = ((Json.Obj) Api.parse(identity)).text("cluster_uid");
    }

    @AfterAll
    void stop() {
        cleanup.close();
    }

    private CriPods pods() {
        return stage.containerd().pods();
    }

    private Json.Obj record(String schema, String what, Predicate<Json.Obj> wanted) {
        return Eventually.get(
                        what,
                        () -> api.records("spydergraph", schema).stream()
                                .filter(wanted)
                                .findFirst(),
                        Optional::isPresent)
                .orElseThrow();
    }

    private Json.Obj container(String id) {
        return record(
                "model_container",
                "the container " + id,
                record -> record.text("container_id").equals(id));
    }

    /**
     * @param argument a whole word of it: any few digits may be in the id of a container that a runtime is called with
     */
    private Json.Obj processWith(String argument) {
        return record(
                "model_process",
                "a process with " + argument,
                record -> record.array("args").strings().stream()
                        .anyMatch(word -> List.of(word.split("[ ;]", -1)).contains(argument)));
    }

    @Test
    void a_container_has_the_uid_that_the_cluster_gives_it_and_its_sandbox_that_of_the_machine() {
        assertThat(cluster).startsWith("clus:");
        var pod = pods().run(PodSpec.of("u-cart", "cart", "shop").labels(Map.of("app", "cart")));
        // Named like its pod, as is often so: the sandbox must not get the same uid.
        String id = pods().start(pod, "cart", 2, MONGO, List.of("/bin/sleep", "600"));
        var container = container(id);
        assertThat(container.text("id")).isEqualTo(new PodContainerUid("u-cart", "cart", 2).in(cluster));
        assertThat(container.text("cluster_uid")).isEqualTo(cluster);
        assertThat(container.text("clustername")).isEqualTo("harbor");
        assertThat(container.text("pod_uid")).isEqualTo(KubernetesUids.pod(cluster, "u-cart"));
        assertThat(container.text("pod_kuid")).isEqualTo("u-cart");
        assertThat(container.bool("sandbox")).contains(false);
        assertThat(container.bool("observable")).contains(true);
        var sandbox = container(pod.id());
        assertThat(sandbox.text("id"))
                .startsWith("cont:" + container.text("muid").substring("mach:".length()));
        assertThat(sandbox.bool("sandbox")).contains(true);
        assertThat(processWith("600").text("container_uid")).isEqualTo(container.text("id"));
    }

    @Test
    void a_static_pod_is_known_by_the_uid_that_its_mirror_names() {
        String hash = "0f343b0931126a20f133d67c2b018a3b";
        var pod = pods().run(PodSpec.of(hash, "etcd-node-a", "kube-system")
                .annotations(Map.of("kubernetes.io/config.source", "file", "kubernetes.io/config.hash", hash)));
        String id = pods().start(pod, "etcd", 0, MONGO, List.of("/bin/sleep", "601"));
        assertThat(container(id).text("id")).isEqualTo(new PodContainerUid(hash, "etcd", 0).in(cluster));
    }

    @Test
    void a_pod_of_the_api_does_not_become_another_by_what_its_author_writes() {
        var pod = pods().run(PodSpec.of("u-liar", "liar", "shop")
                .annotations(Map.of(
                        "kubernetes.io/config.source", "api",
                        "kubernetes.io/config.hash", "u-cart",
                        "kubernetes.io/config.mirror", "u-cart")));
        String id = pods().start(pod, "cart", 2, MONGO, List.of("/bin/sleep", "602"));
        assertThat(container(id).text("id")).isEqualTo(new PodContainerUid("u-liar", "cart", 2).in(cluster));
    }

    @Test
    void a_container_that_can_not_be_looked_into_says_so() {
        var pod = pods().run(PodSpec.of("u-vm", "vm", "shop").handler("kata"));
        try {
            String id = pods().start(pod, "app", 0, MONGO, List.of("/bin/sleep", "608"));
            var container = container(id);
            assertThat(container.bool("observable")).contains(false);
            assertThat(container.text("not_observable_reason"))
                    .isEqualTo("its processes run in a virtual machine (`io.containerd.kata.v2`)");
            assertThat(container.text("id")).isEqualTo(new PodContainerUid("u-vm", "app", 0).in(cluster));
        } finally {
            // This runtime keeps its state where all of its kind do.
            pods().remove(pod);
        }
    }

    @Test
    void connections_of_pods_that_share_the_machines_network_belong_to_the_pod_whose_socket_it_is() {
        var serving = pods().run(PodSpec.of("u-serving", "serving", "shop"));
        String server = pods().start(serving, "db", 0, MONGO, List.of());
        var calling = pods().run(PodSpec.of("u-calling", "calling", "shop"));
        String client = pods().start(calling, "app", 0, MONGO, List.of("/bin/sleep", "603"));
        String dial = "exec 3<>/dev/tcp/" + MACHINE + "/27017; echo version >&3; head -n 1 <&3";
        Eventually.get(
                "an answer",
                () -> stage.exec(client, dial),
                answer -> answer.out().startsWith("VERSION"));
        String outsider = stage.client("192.168.9.9/16");
        stage.ask(outsider, MACHINE);
        String serverUid = new PodContainerUid("u-serving", "db", 0).in(cluster);
        String clientUid = new PodContainerUid("u-calling", "app", 0).in(cluster);
        var accepted = connection("inbound", "local_port", MACHINE);
        assertThat(accepted.text("container_uid")).isEqualTo(serverUid);
        assertThat(accepted.text("proc_name")).isEqualTo("memcached");
        assertThat(connection("inbound", "local_port", "192.168.9.9").text("container_uid"))
                .isEqualTo(serverUid);
        var made = connection("outbound", "remote_port", MACHINE);
        assertThat(made.text("container_uid")).isEqualTo(clientUid);
        assertThat(made.text("proc_name")).isEqualTo("bash");
        assertThat(container(server).text("id")).isEqualTo(serverUid);
    }

    /** The connection of the server's port with this remote. */
    private Json.Obj connection(String direction, String port, String remote) {
        return record(
                "model_connection",
                direction + " with " + remote,
                record -> record.text("direction").equals(direction)
                        && record.text("remote_ip").equals(remote)
                        && record.number(port).map(Json.Num::asInt).orElse(0) == 27_017);
    }

    @Test
    void a_process_that_sees_all_others_still_belongs_to_its_own_pod() throws IOException {
        var seen = pods().run(PodSpec.of("u-seen", "seen", "shop"));
        pods().start(seen, "app", 0, MONGO, List.of("/bin/sleep", "604"));
        var seeing = pods().run(PodSpec.of("u-seeing", "seeing", "shop").withHostPid());
        String id = pods().start(seeing, "agent", 0, MONGO, List.of("/bin/sleep", "605"));
        String pids = stage.exec(id, "cd /proc; echo [0-9]*; /bin/true while-seeing-all")
                .out();
        var other = processWith("604");
        assertThat(pids.strip().split(" ", -1))
                .as("it sees the processes of the machine")
                .contains("1", pid(other));
        var own = processWith("while-seeing-all");
        assertThat(own.text("container_uid")).isEqualTo(new PodContainerUid("u-seeing", "agent", 0).in(cluster));
        assertThat(other.text("container_uid")).isEqualTo(new PodContainerUid("u-seen", "app", 0).in(cluster));
        assertThat(Files.readString(Path.of("/proc/" + pid(processWith("605")) + "/cgroup")))
                .contains(id);
    }

    private static String pid(Json.Obj process) {
        return process.number("pid").map(Json.Num::digits).orElse("");
    }

    @Test
    void a_process_of_a_privileged_pod_that_moves_below_its_cgroup_stays_in_its_container() throws IOException {
        var pod =
                pods().run(PodSpec.of("u-priv", "priv", "shop").withPrivileges().withHostPid());
        String script = "until [ -e /tmp/go ]; do sleep 0.1; done; /bin/true after-the-move; sleep 607";
        pods().start(pod, "tool", 0, MONGO, List.of("/bin/bash", "-c", script));
        var shell = processWith("after-the-move");
        String uid = new PodContainerUid("u-priv", "tool", 0).in(cluster);
        assertThat(shell.text("container_uid")).isEqualTo(uid);
        // What mount and mkdir do inside, when the image has them.
        Path below = Files.createDirectory(cgroup(shell).resolve("below"));
        Files.writeString(below.resolve("cgroup.procs"), pid(shell));
        Files.createFile(Path.of("/proc/" + pid(shell) + "/root/tmp/go"));
        var after = record(
                "model_process",
                "the program started after the move",
                record -> record.text("name").equals("true")
                        && record.array("args").strings().contains("after-the-move"));
        assertThat(after.text("container_uid")).isEqualTo(uid);
        assertThat(Files.readString(Path.of("/proc/" + pid(shell) + "/cgroup"))).contains("/below\n");
    }

    private static Path cgroup(Json.Obj process) {
        return TestCgroup.mount().resolve(process.text("cgroup").substring(1));
    }
}
