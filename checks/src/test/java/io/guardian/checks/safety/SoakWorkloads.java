package io.guardian.checks.safety;

import static org.assertj.core.api.Assertions.assertThat;

import io.guardian.checks.fixture.Api;
import io.guardian.checks.fixture.Eventually;
import io.guardian.checks.fixture.NativeProgram;
import io.guardian.checks.fixture.Shell;
import io.guardian.checks.fixture.Stage;
import io.guardian.checks.fixture.TestCgroup;
import io.guardian.core.text.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/**
 * What runs while the agent is killed: redis in a container, started by a shell that becomes it; nginx as a service,
 * whose workers change their user; a daemon that forks twice, and starts numbered processes in every way there is.
 */
final class SoakWorkloads implements AutoCloseable {
    private static final String REDIS = "docker.io/library/redis:7";
    private static final List<String> BY_SHELL =
            List.of("--entrypoint", "[\"sh\",\"-c\",\"exec redis-server --save '' --protected-mode no\"]");

    private final Stage stage;
    private final Path folder;
    private final Path web;
    private final Path daemon;
    private final Path count;
    private final Path other;
    private long daemonPid;
    private boolean stopped;
    private final List<String> containers = new ArrayList<>(List.of("cache"));

    SoakWorkloads(Stage stage) throws IOException {
        this.stage = stage;
        folder = Files.createDirectories(stage.folder().resolve("soak"));
        // Workers of another user look for their files below it.
        Shell.run("chmod", "711", stage.folder().toString(), folder.toString()).ok();
        web = stage.cgroup().child("system.slice/web.service");
        daemon = stage.cgroup().child("system.slice/soakd.service");
        other = stage.cgroup().child("other");
        count = folder.resolve("count");
        stage.podman().runWith(BY_SHELL, "cache", REDIS, "none");
        startNginx();
        startDaemon();
    }

    private void startNginx() throws IOException {
        Files.createDirectories(folder.resolve("logs"));
        Files.writeString(folder.resolve("nginx.conf"), """
                user www-data;
                worker_processes 2;
                pid %1$s/nginx.pid;
                error_log %1$s/logs/error.log;
                events {}
                http {
                  access_log off;
                  client_body_temp_path %1$s/b; proxy_temp_path %1$s/p; fastcgi_temp_path %1$s/f;
                  uwsgi_temp_path %1$s/u; scgi_temp_path %1$s/s;
                  server { listen unix:%1$s/web.socket; }
                }
                """.formatted(folder));
        run(web, "exec nginx -c " + folder + "/nginx.conf -g 'daemon off;' </dev/null >/dev/null 2>&1 &");
    }

    private void startDaemon() {
        Path program = NativeProgram.compile("soakd", folder, "-pthread");
        Path mark = folder.resolve("mark");
        try {
            Files.copy(program, mark);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        run(daemon, "exec " + program + " " + count + " " + mark + " 50000 </dev/null >/dev/null 2>&1");
    }

    private static void run(Path cgroup, String line) {
        Shell.run(TestCgroup.inside(cgroup, line).toArray(String[]::new)).ok();
    }

    /** Makes policies of what all of it does, which kill what does anything else. */
    void learn(Api api) {
        var seen = new HashSet<String>();
        Eventually.get(
                "all of it to be seen",
                () -> {
                    api.records("spydergraph", "model_process")
                            .forEach(record -> seen.add(record.text("name") + " " + record.text("euser")));
                    return seen;
                },
                names -> names.containsAll(
                        Set.of("redis-server redis", "nginx root", "nginx www-data", "soakd root", "mark root")));
        stage.applyPolicy("redis:7", "cache", Stage.KILL_BY_DEFAULT);
        applyService("web.service", "web", text -> text.contains("www-data"));
        applyService("soakd.service", "soakd", text -> text.contains("- name: mark"));
    }

    private void applyService(String unit, String name, Predicate<String> complete) {
        String get = "get fingerprints --type linux-service -o yaml " + unit;
        Eventually.get(
                "a fingerprint of " + unit, () -> stage.guardian().spyctl(get).out(), complete);
        stage.guardian()
                .shell("spyctl " + get + " > f.yaml && spyctl create policy -f f.yaml -n " + name
                        + " > p.yaml && sed -i " + Stage.KILL_BY_DEFAULT + " p.yaml && spyctl apply -f p.yaml -y")
                .ok();
    }

    List<String> policies() {
        return List.of("cache", "web", "soakd");
    }

    String otherCgroup() {
        return other.toString();
    }

    /** What none of the policies allows is killed. */
    void awaitEnforcement() {
        stage.awaitEnforcement(containers.getLast());
    }

    /** Makes what the killed agent left in the kernel look like that of a build with another layout. */
    void pretendLayout(String layout) throws IOException {
        Path home = Path.of("/sys/fs/bpf/guardian")
                .resolve(stage.cgroup().path().getFileName().toString());
        try (var folders = Files.list(home)) {
            Files.move(folders.findFirst().orElseThrow(), home.resolve(layout));
        }
    }

    /** Nginx starts new workers, which change their user, and the old ones go. */
    void reload() {
        Shell.run("kill", "-HUP", Long.toString(nginx())).ok();
    }

    /** Another container of the same image. */
    void bear(int number) {
        String name = "born" + number;
        stage.podman().runWith(BY_SHELL, name, REDIS, "none");
        containers.add(name);
    }

    private long nginx() {
        return Long.parseLong(read(folder.resolve("nginx.pid")).strip());
    }

    /** Pid of the redis of a container. */
    long redis(String container) {
        return Long.parseLong(stage.podman().inspect(container, "{{.State.Pid}}"));
    }

    /** Pids of what never ends: the first redis, nginx' master. */
    Set<Long> lasting() {
        return Set.of(redis("cache"), nginx());
    }

    /** Pids of what has to live on. */
    Set<Long> alive() {
        var alive = new HashSet<>(lasting());
        containers.forEach(name -> alive.add(redis(name)));
        if (daemonPid == 0) {
            daemonPid = pids(daemon).stream().min(Long::compare).orElseThrow();
        }
        if (!stopped) {
            alive.add(daemonPid);
        }
        assertThat(alive).allSatisfy(pid -> assertThat(Path.of("/proc/" + pid)).exists());
        return alive;
    }

    long daemonPid() {
        return daemonPid;
    }

    private static List<Long> pids(Path cgroup) {
        return read(cgroup.resolve("cgroup.procs")).lines().map(Long::parseLong).toList();
    }

    /** Ends the daemon; returns how many processes it started. */
    int stopDaemon() {
        stopped = true;
        pids(daemon).forEach(pid -> Shell.run("kill", "-TERM", Long.toString(pid)));
        Eventually.get("the daemon to end", () -> pids(daemon), List::isEmpty);
        return Integer.parseInt(read(count).strip());
    }

    /** Each process of nginx that lives has one open record, of its user. */
    void onceForEachProcess(List<Json.Obj> records) {
        for (long pid : pids(web)) {
            var open = records.stream()
                    .filter(record -> record.number("pid").orElseThrow().asLong() == pid
                            && record.number("valid_to").isEmpty())
                    .toList();
            assertThat(open).as("open records of nginx' process " + pid).hasSize(1);
            assertThat(open.getFirst().text("euser")).isEqualTo(pid == nginx() ? "root" : "www-data");
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    @Override
    public void close() {
        for (var cgroup : List.of(web, daemon)) {
            pids(cgroup).forEach(pid -> Shell.run("kill", "-KILL", Long.toString(pid)));
        }
    }
}
