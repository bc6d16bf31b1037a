package io.guardian.ebpf;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.junit.jupiter.api.Assumptions;

/** A cgroup of its own, a sensor that watches nothing else, and a program whose acts the test knows. */
final class KernelFixture implements AutoCloseable {
    static final Duration DEADLINE = Duration.ofSeconds(60);
    private static final AtomicInteger NUMBER = new AtomicInteger();
    private static final Path FOLDER = makeFolder();

    private final Path cgroup;
    private final SensorOptions options;
    private final List<KernelRecord> records = new ArrayList<>();
    private Optional<Sensor> sensor = Optional.empty();
    private long position;

    private KernelFixture(Path cgroup, SensorOptions options) {
        this.cgroup = cgroup;
        this.options = options;
    }

    static KernelFixture open() {
        return open(8 << 20);
    }

    static KernelFixture open(int ringBytes) {
        KernelFixture fixture = closed(ringBytes);
        fixture.openSensor();
        return fixture;
    }

    /** Without a sensor yet. */
    static KernelFixture closed(int ringBytes) {
        Optional<Path> root = CgroupHierarchy.find().map(CgroupHierarchy::root);
        Assumptions.assumeTrue(root.isPresent(), "no cgroup hierarchy is mounted");
        String name = "ebpf-test-" + ProcessHandle.current().pid() + "-" + NUMBER.incrementAndGet();
        Path cgroup = root.orElseThrow().resolve("guardian-ebpf").resolve(name);
        try {
            Files.createDirectories(cgroup);
        } catch (IOException e) {
            Assumptions.abort("no cgroup can be made, which takes root: " + e.getMessage());
        }
        return new KernelFixture(
                cgroup,
                SensorOptions.named(name).withOnlyCgroups(List.of(cgroup)).withRingBytes(ringBytes));
    }

    Sensor openSensor() {
        Sensor opened = switch (Sensor.open(options)) {
            case Opening.Opened(Sensor it) -> it;
            case Opening.Unavailable(List<String> reasons) ->
                Assumptions.abort("the sensor needs what is missing here: " + reasons);
        };
        sensor = Optional.of(opened);
        KernelSmoke.tell(opened.capabilities());
        return opened;
    }

    void closeSensor() {
        sensor.ifPresent(Sensor::close);
        sensor = Optional.empty();
    }

    Sensor sensor() {
        return sensor.orElseThrow();
    }

    SensorOptions options() {
        return options;
    }

    Path cgroup() {
        return cgroup;
    }

    long cgroupId() {
        return CgroupHierarchy.id(cgroup).orElseThrow();
    }

    /** The program of workload.c. */
    static String workload() {
        return FOLDER.resolve("workload").toString();
    }

    /** The program of traffic.c. */
    static String traffic() {
        return FOLDER.resolve("traffic").toString();
    }

    static Path folder() {
        return FOLDER;
    }

    private static Path makeFolder() {
        try {
            Path folder = Files.createTempDirectory("guardian-ebpf-test");
            Runtime.getRuntime().addShutdownHook(new Thread(() -> clean(folder)));
            compile("workload", folder);
            compile("traffic", folder);
            return folder;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void compile(String name, Path folder) throws IOException, InterruptedException {
        String built = System.getProperty("guardian.test.programs");
        if (built != null) {
            // Where there is no compiler, such as in an emulated kernel, they are there already.
            Files.copy(Path.of(built, name), folder.resolve(name), StandardCopyOption.COPY_ATTRIBUTES);
            return;
        }
        String source = "src/test/c/" + name + ".c";
        String program = folder.resolve(name).toString();
        Process compiler = new ProcessBuilder("cc", "-static", "-O1", "-pthread", "-o", program, source)
                .inheritIO()
                .start();
        if (!compiler.waitFor(60, TimeUnit.SECONDS) || compiler.exitValue() != 0) {
            throw new IllegalStateException(source + " can't be compiled; is gcc installed");
        }
    }

    private static void clean(Path folder) {
        // The folder above all cgroups of the tests; it stays if another run has its own in it.
        CgroupHierarchy.find()
                .ifPresent(hierarchy ->
                        hierarchy.root().resolve("guardian-ebpf").toFile().delete());
        try (var files = Files.walk(folder)) {
            files.sorted(java.util.Comparator.reverseOrder())
                    .forEach(path -> path.toFile().delete());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Starts a command inside the cgroup. */
    Process start(String... command) {
        List<String> line = new ArrayList<>(
                List.of("sh", "-c", "echo $$ > " + cgroup.resolve("cgroup.procs") + " && exec \"$@\"", "sh"));
        line.addAll(List.of(command));
        try {
            return new ProcessBuilder(line)
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What a command did. */
    record Ran(int pid, int exitValue, String output) {
        /** The value of a NAME=VALUE line that the program printed. */
        int value(String name) {
            return output.lines()
                    .filter(line -> line.startsWith(name + "="))
                    .map(line -> Integer.parseInt(line.substring(name.length() + 1)))
                    .findFirst()
                    .orElseThrow();
        }
    }

    Ran run(String... command) {
        return finish(start(command));
    }

    static Ran finish(Process process) {
        try {
            process.getOutputStream().close();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (!process.waitFor(DEADLINE.toSeconds(), TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new IllegalStateException("the command didn't end");
            }
            return new Ran((int) process.pid(), process.exitValue(), output);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Everything up to the exit of this process. */
    List<KernelRecord> recordsUntilExit(int pid) {
        return recordsUntil(record ->
                record instanceof KernelRecord.Exit && record.header().process().tgid() == pid);
    }

    /** Everything up to the first record like this. */
    List<KernelRecord> recordsUntil(Predicate<KernelRecord> last) {
        long end = System.nanoTime() + DEADLINE.toNanos();
        while (records.stream().noneMatch(last)) {
            if (System.nanoTime() > end) {
                throw new AssertionError("no such record came; these did: " + records);
            }
            poll(Duration.ofMillis(100));
        }
        return records;
    }

    /** Reads once and keeps what comes. */
    int poll(Duration timeout) {
        int count = sensor().poll(timeout, (record, behind) -> {
            records.add(record);
            position = behind;
        });
        sensor().release(position);
        return count;
    }

    List<KernelRecord> records() {
        return records;
    }

    @Override
    public void close() {
        closeSensor();
        Sensor.removePins(options);
        long end = System.nanoTime() + DEADLINE.toNanos();
        // Children that nobody waited for may take a moment to leave.
        while (!cgroup.toFile().delete() && Files.exists(cgroup) && System.nanoTime() < end) {
            Thread.onSpinWait();
        }
    }
}
