package io.guardian.checks.replay;

import io.guardian.agent.decode.HostMounts;
import io.guardian.checks.fixture.Checkout;
import io.guardian.checks.fixture.Eventually;
import io.guardian.checks.fixture.Shell;
import io.guardian.checks.fixture.TestCgroup;
import io.guardian.ebpf.Clocks;
import io.guardian.ebpf.Opening;
import io.guardian.ebpf.RingTap;
import io.guardian.ebpf.Sensor;
import io.guardian.ebpf.SensorOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;

/**
 * Records what the kernel's programs tell of one script: {@code record-ring PLACE [SCRIPT]}. PLACE is the path of the
 * recording without endings, SCRIPT is {@code PLACE.sh} unless given.
 *
 * <p>The script runs as a service, in a cgroup made for it, and nothing outside of it is recorded. Beside it, in its
 * working folder, lies the program {@code workload}, which does what kernel tests watch. The folder always has the same
 * path, since paths are part of what is recorded.
 */
public final class RecordRing {
    private static final Path FOLDER = Path.of("/tmp/guardian-recording");
    private static final String SERVICE = "recorded.service";
    private static final int RING_BYTES = 4 << 20;

    private RecordRing() {}

    public static void main(String[] arguments) throws IOException {
        if (arguments.length < 1 || arguments.length > 2) {
            System.err.println("usage: record-ring PLACE [SCRIPT], where PLACE is a path without endings");
            System.exit(2);
        }
        var place = Path.of(arguments[0]);
        var script = Path.of(arguments.length > 1 ? arguments[1] : place + ".sh");
        Files.createDirectory(FOLDER);
        try {
            var recording = record(script);
            recording.write(
                    place,
                    List.of(
                            Recording.COMMAND,
                            Recording.KERNEL,
                            Recording.LAYOUT,
                            Recording.BOOT_ID,
                            Recording.BOOT_WALL_MICROS,
                            Recording.EPOCH_NANOS,
                            Recording.START_NANOS,
                            Recording.ROOT_DEVICE,
                            Recording.ROOT_PATH,
                            Recording.MOUNT_NAMESPACE,
                            Recording.USER_NAMESPACE));
            System.out.printf(
                    "%d records, in `%s.ring.gz`%n", recording.records().size(), place);
        } finally {
            Shell.run("rm", "-rf", FOLDER.toString());
        }
    }

    private static Recording record(Path script) throws IOException {
        var workload = Checkout.root().resolve("ebpf/src/test/c/workload.c").toString();
        Shell.run("cc", "-static", "-O1", "-pthread", "-o", FOLDER + "/workload", workload)
                .ok();
        Files.copy(script, FOLDER.resolve("script.sh"));
        try (var cgroup = TestCgroup.create("recording")) {
            var options = SensorOptions.named(cgroup.path().getFileName().toString())
                    .withOnlyCgroups(List.of(cgroup.path()))
                    .withRingBytes(RING_BYTES);
            try (var sensor = open(options)) {
                return run(cgroup, sensor, options);
            } finally {
                Sensor.removePins(options);
            }
        }
    }

    private static Sensor open(SensorOptions options) {
        return switch (Sensor.open(options)) {
            case Opening.Opened(var sensor) -> sensor;
            case Opening.Unavailable(var reasons) ->
                throw new IllegalStateException("this machine can't record: " + reasons);
        };
    }

    private static Recording run(TestCgroup cgroup, Sensor sensor, SensorOptions options) throws IOException {
        var facts = new LinkedHashMap<String, String>();
        facts.put(Recording.COMMAND, "sh script.sh, as " + SERVICE);
        facts.put(
                Recording.KERNEL,
                Files.readString(Path.of("/proc/sys/kernel/osrelease")).strip().replaceAll("-.*", ""));
        facts.put(Recording.LAYOUT, Integer.toString(RingTap.layoutVersion()));
        facts.put(
                Recording.BOOT_ID,
                Files.readString(Path.of("/proc/sys/kernel/random/boot_id")).strip());
        facts.put(Recording.BOOT_WALL_MICROS, Long.toString(Clocks.bootToWallNanos() / 1000));
        facts.put(Recording.EPOCH_NANOS, Long.toString(sensor.epoch()));
        facts.put(Recording.START_NANOS, Long.toString(Clocks.bootNanos()));
        var root = HostMounts.read().view();
        facts.put(Recording.ROOT_DEVICE, Long.toString(root.root().device()));
        facts.put(Recording.ROOT_PATH, root.root().path());
        facts.put(Recording.MOUNT_NAMESPACE, Long.toString(root.mountNamespace()));
        facts.put(Recording.USER_NAMESPACE, Long.toString(root.userNamespace()));
        var service = cgroup.child(SERVICE);
        Shell.run(TestCgroup.inside(service, "cd " + FOLDER + " && exec sh script.sh")
                        .toArray(String[]::new))
                .ok();
        Eventually.get("the service's cgroup is empty", () -> service.toFile().delete(), gone -> gone);
        var records = Eventually.get(
                "the ring tells of the end of the service",
                () -> RingTap.records(options),
                all -> all.stream().anyMatch(RingTap::isCgroupRemoved));
        if (sensor.lossMark() != 0) {
            throw new IllegalStateException("the ring had no room for all of it: record less");
        }
        return new Recording(facts, records);
    }
}
