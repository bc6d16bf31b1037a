package io.guardian.agent.act;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.guardian.agent.setup.CgroupScope;
import io.guardian.agent.workload.cgroup.CgroupPath;
import io.guardian.ebpf.CgroupHierarchy;
import io.guardian.ebpf.ProcessKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** A made-up service in a cgroup of the test's own, and a cgroup beside it. Closing kills all that is in them. */
final class ServiceCgroup implements AutoCloseable {
    /** In a script, the file that holds what it printed so far. */
    static final String SAID = "$said";

    /** A process is its parent's copy until it gets to run. */
    private static final String WAITS = """
            apart() { until [ "$(cut -d' ' -f6 /proc/$1/stat)" = $1 ]; do sleep 0.01; done; }
            became() { until [ "$(readlink /proc/$1/exe)" = "$2" ]; do sleep 0.01; done; }
            """;

    private final Path top;
    private final Path service;
    private final Path outside;
    private final Path programs;
    private final CgroupScope scope;

    ServiceCgroup(String name) throws IOException {
        assumeTrue("root".equals(System.getProperty("user.name")), "cgroups can be made by root only");
        var hierarchy = CgroupHierarchy.find();
        assumeTrue(hierarchy.isPresent(), "no cgroup hierarchy is mounted");
        top = hierarchy
                .get()
                .root()
                .resolve("guardian-act-" + ProcessHandle.current().pid());
        service = Files.createDirectories(top.resolve("watched").resolve(name));
        outside = Files.createDirectories(top.resolve("outside"));
        // Not below /tmp: there everyone may write, and a program there is nobody's.
        programs = Files.createDirectories(
                Path.of("/run/guardian-act-" + ProcessHandle.current().pid()));
        scope = CgroupScope.of(List.of(top.resolve("watched")));
    }

    CgroupScope scope() {
        return scope;
    }

    CgroupPath workload() {
        return path(service);
    }

    CgroupPath beside() {
        return path(outside);
    }

    private CgroupPath path(Path folder) {
        return new CgroupPath("/" + scope.tree().mount().relativize(folder));
    }

    /** A program that sleeps, with any name, in a folder that is root's alone. */
    Path program(String name) throws IOException {
        return copy(programs.resolve(name));
    }

    static Path copy(Path file) throws IOException {
        Files.copy(Path.of("/bin/sleep"), file, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        return file;
    }

    /**
     * Runs a script as leader of a group of its own in the service; what it prints is a list of pids.
     *
     * @param script may use {@code $outside}, the file that moves a process out, {@code apart PID}, which waits until
     *     that process has a session of its own, and {@code became PID EXE}, until it runs that file
     */
    List<Integer> run(String script) throws IOException {
        return run(service, script);
    }

    List<Integer> run(Path cgroup, String script) throws IOException {
        Path said = Files.createTempFile(programs, "pids", "");
        String line = WAITS + "said=" + said + "; outside=" + outside.resolve("cgroup.procs") + "; echo $$ > "
                + cgroup.resolve("cgroup.procs") + "; { " + script + "; } > " + said + "; echo . >> " + said + "; wait";
        new ProcessBuilder("setsid", "/bin/bash", "-c", line)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        until("the script to say its pids", () -> text(said).strip().endsWith("."));
        return Arrays.stream(text(said).replace(".", "").strip().split("\\s+", -1))
                .filter(word -> !word.isEmpty())
                .map(Integer::valueOf)
                .toList();
    }

    List<Integer> runOutside(String script) throws IOException {
        return run(outside, script);
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException gone) {
            return "";
        }
    }

    static ProcessKey key(int pid) throws IOException {
        return ProcessStat.read(pid).orElseThrow().key(pid);
    }

    /** Zombies count as dead: nobody may have waited for them yet. */
    static boolean alive(int pid) {
        String stat = text(ProcessStat.folder(pid).resolve("stat"));
        int close = stat.lastIndexOf(')');
        return close > 0 && !stat.substring(close + 2).matches("(?s)[ZX].*");
    }

    static int priority(int pid) {
        String stat = text(ProcessStat.folder(pid).resolve("stat"));
        return Integer.parseInt(stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1)[16]);
    }

    /** Waits, at most a minute. */
    static void until(String what, BooleanSupplier holds) {
        long end = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        while (!holds.getAsBoolean()) {
            if (System.nanoTime() > end) {
                throw new AssertionError("not within a minute: " + what);
            }
            LockSupport.parkNanos(Duration.ofMillis(10).toNanos());
        }
    }

    @Override
    public void close() throws IOException {
        Files.writeString(top.resolve("cgroup.kill"), "1");
        until("an empty cgroup", () -> text(top.resolve("cgroup.events")).contains("populated 0"));
        for (Path folder : List.of(service, service.getParent(), outside, top)) {
            Files.delete(folder);
        }
        var files = new ArrayList<Path>();
        try (var all = Files.list(programs)) {
            all.forEach(files::add);
        }
        files.add(programs);
        for (Path file : files) {
            Files.delete(file);
        }
    }
}
