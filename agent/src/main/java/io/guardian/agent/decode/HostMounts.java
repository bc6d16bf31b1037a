package io.guardian.agent.decode;

import io.guardian.agent.attribute.MountPoints;
import io.guardian.agent.attribute.RootView;
import io.guardian.ebpf.FileLocation;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * What is mounted on the machine itself, as {@code /proc/1/mountinfo} tells (proc(5)). Read again when a file is on
 * none of the mounts, at most once a second, since a process that makes mounts of its own could ask all the time.
 */
public final class HostMounts implements MountPoints {
    private static final int BYTES_MAX = 16 << 20;
    private static final long READ_AGAIN_NANOS = 1_000_000_000L;

    private final Supplier<String> source;
    private final LongSupplier nanos;
    private final long mountNamespace;
    private final long userNamespace;
    private List<Mount> mounts;
    private long readAt;

    HostMounts(Supplier<String> source, LongSupplier nanos, long mountNamespace, long userNamespace) {
        this.source = source;
        this.nanos = nanos;
        this.mountNamespace = mountNamespace;
        this.userNamespace = userNamespace;
        mounts = Mount.parse(source.get());
        readAt = nanos.getAsLong();
    }

    /** Those of pid 1, or our own where /proc hides it. */
    public static HostMounts read() {
        var own = Path.of("/proc/self");
        var first = text(Path.of("/proc/1/mountinfo")).isEmpty() ? own : Path.of("/proc/1");
        long mounts = ProcProcess.namespace(first, "mnt");
        long users = ProcProcess.namespace(first, "user");
        return new HostMounts(
                () -> text(first.resolve("mountinfo")),
                System::nanoTime,
                mounts == 0 && isSame(first, own) ? ProcProcess.namespace(own, "mnt") : mounts,
                users == 0 ? ProcProcess.namespace(own, "user") : users);
    }

    /**
     * Whether both are in one mount namespace, since pid 1 may not let us ask (it may have capabilities that we lack):
     * no two have mounts of the same number. If they aren't, every mount counts by what it shows.
     */
    private static boolean isSame(Path one, Path other) {
        return firstNumber(one).equals(firstNumber(other));
    }

    private static String firstNumber(Path process) {
        return text(process.resolve("mountinfo")).split(" ", 2)[0];
    }

    private static String text(Path file) {
        try (var in = Files.newInputStream(file)) {
            return new String(in.readNBytes(BYTES_MAX), StandardCharsets.UTF_8);
        } catch (IOException hidden) {
            return "";
        }
    }

    /** The machine's root; unknown if the mounts can't be read. Of several at one place the last is on top. */
    public RootView view() {
        var root = mounts.stream()
                .filter(mount -> mount.point().equals("/"))
                .reduce((lower, upper) -> upper)
                .map(Mount::root)
                .orElse(FileLocation.UNKNOWN);
        return new RootView(root, mountNamespace, userNamespace);
    }

    @Override
    public Optional<String> find(FileLocation location) {
        var known = among(location);
        if (known.isPresent() || nanos.getAsLong() - readAt < READ_AGAIN_NANOS) {
            return known;
        }
        mounts = Mount.parse(source.get());
        readAt = nanos.getAsLong();
        return among(location);
    }

    private Optional<String> among(FileLocation location) {
        return mounts.stream().flatMap(mount -> mount.pathOf(location).stream()).findFirst();
    }

    /**
     * One mount.
     *
     * @param root what of a file system is mounted
     * @param point where
     */
    private record Mount(FileLocation root, String point) {
        private static final int FIELDS_MIN = 5;

        static List<Mount> parse(String mountinfo) {
            return mountinfo.lines().flatMap(line -> one(line).stream()).toList();
        }

        private static Optional<Mount> one(String line) {
            var fields = line.split(" ", FIELDS_MIN + 1);
            if (fields.length < FIELDS_MIN || !fields[2].matches("[0-9]{1,4}:[0-9]{1,7}")) {
                return Optional.empty();
            }
            int colon = fields[2].indexOf(':');
            long device = FileLocation.device(
                    Integer.parseInt(fields[2].substring(0, colon)), Integer.parseInt(fields[2].substring(colon + 1)));
            return Optional.of(new Mount(new FileLocation(device, unescaped(fields[3])), unescaped(fields[4])));
        }

        /** Space, tab, newline and backslash are written as three octal digits. */
        private static String unescaped(String text) {
            return text.replace("\\040", " ")
                    .replace("\\011", "\t")
                    .replace("\\012", "\n")
                    .replace("\\134", "\\");
        }

        Optional<String> pathOf(FileLocation file) {
            if (file.device() != root.device()) {
                return Optional.empty();
            }
            String top = root.path().equals("/") ? "" : root.path();
            String above = point.equals("/") ? "" : point;
            return file.path().startsWith(top + "/")
                    ? Optional.of(above + file.path().substring(top.length()))
                    : Optional.empty();
        }
    }
}
