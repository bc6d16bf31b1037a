package io.guardian.ebpf;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * The cgroup hierarchy that tells the workloads of a machine: v2's where anything lives in it, as on a machine of v2
 * only or a hybrid one; else that of a v1 controller, since on a machine of v1 only all processes share the root of v2,
 * if that is mounted at all.
 *
 * @param root where it is mounted
 * @param number the kernel's number of it, as in {@code /proc/self/cgroup}; 0 for v2
 * @param controller whose hierarchy it is; {@link Controller#NONE} for v2
 */
public record CgroupHierarchy(Path root, int number, Controller controller) {
    private static final Path MOUNTS = Path.of("/proc/self/mounts");
    private static final Path OWN_CGROUPS = Path.of("/proc/self/cgroup");

    /**
     * A controller by which v1 names a hierarchy, the first that is mounted counts: runtimes make a cgroup in each of
     * them, and systemd one for each service in the first two.
     */
    public enum Controller {
        NONE(0),
        PIDS(1),
        MEMORY(2),
        CPU(3),
        CPUACCT(4),
        DEVICES(5),
        FREEZER(6),
        /** No controller but a hierarchy of systemd's, for a machine that mounts nothing else. */
        SYSTEMD(7);

        private final int code;

        Controller(int code) {
            this.code = code;
        }

        /** As in {@code enum controller} of records.h. */
        int code() {
            return code;
        }

        /** As in the options of its mount. */
        @Override
        public String toString() {
            return this == SYSTEMD ? "name=systemd" : name().toLowerCase(Locale.ROOT);
        }
    }

    /** That of this machine; empty if none is mounted that tells workloads. */
    public static Optional<CgroupHierarchy> find() {
        try {
            return of(
                    Files.readString(MOUNTS, StandardCharsets.ISO_8859_1),
                    Files.readString(OWN_CGROUPS, StandardCharsets.ISO_8859_1),
                    CgroupHierarchy::hasCgroups);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * @param mounts as in {@code /proc/mounts} (proc(5))
     * @param cgroups as in {@code /proc/PID/cgroup} (cgroups(7))
     * @param isUsed whether there is a cgroup below this root
     */
    static Optional<CgroupHierarchy> of(String mounts, String cgroups, Predicate<Path> isUsed) {
        Optional<CgroupHierarchy> v2 =
                mounted(mounts, "cgroup2", Controller.NONE).map(root -> new CgroupHierarchy(root, 0, Controller.NONE));
        Optional<CgroupHierarchy> v1 = Arrays.stream(Controller.values())
                .filter(controller -> controller != Controller.NONE)
                .flatMap(controller -> v1(mounts, cgroups, controller).stream())
                .findFirst();
        Predicate<CgroupHierarchy> used = hierarchy -> isUsed.test(hierarchy.root);
        return v2.filter(used).or(() -> v1.filter(used)).or(() -> v2).or(() -> v1);
    }

    private static Optional<CgroupHierarchy> v1(String mounts, String cgroups, Controller controller) {
        return cgroups.lines()
                .map(line -> line.split(":", 3))
                .filter(field -> field.length == 3
                        && field[0].matches("[1-9][0-9]{0,5}")
                        && List.of(field[1].split(",", -1)).contains(controller.toString()))
                .findFirst()
                .flatMap(field -> mounted(mounts, "cgroup", controller)
                        .map(root -> new CgroupHierarchy(root, Integer.parseInt(field[0]), controller)));
    }

    private static Optional<Path> mounted(String mounts, String type, Controller controller) {
        return mounts.lines()
                .map(line -> line.split(" ", 5))
                .filter(field -> field.length >= 4 && field[2].equals(type))
                .filter(field -> controller == Controller.NONE
                        || List.of(field[3].split(",", -1)).contains(controller.toString()))
                .map(field -> Path.of(field[1].replace("\\040", " ")))
                .findFirst();
    }

    private static boolean hasCgroups(Path root) {
        try (DirectoryStream<Path> below = Files.newDirectoryStream(root, entry -> Files.isDirectory(entry))) {
            return below.iterator().hasNext();
        } catch (IOException unreadable) {
            return false;
        }
    }

    /** Whether workloads are told by v1. */
    public boolean isV1() {
        return controller != Controller.NONE;
    }

    /**
     * Which kinds are mounted on this machine: {@code v2}, {@code hybrid} or {@code none}; {@code v1 (pids)} where the
     * hierarchy of that controller tells workloads.
     */
    static String mode() {
        Optional<CgroupHierarchy> telling = find().filter(CgroupHierarchy::isV1);
        if (telling.isPresent()) {
            return "v1 (" + telling.get().controller + ")";
        }
        try {
            List<String> types = Files.readString(MOUNTS, StandardCharsets.ISO_8859_1)
                    .lines()
                    .map(line -> line.split(" ", 4))
                    .filter(field -> field.length == 4)
                    .map(field -> field[2])
                    .toList();
            boolean v2 = types.contains("cgroup2");
            return types.contains("cgroup") ? (v2 ? "hybrid" : "v1") : (v2 ? "v2" : "none");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Where v2 is mounted on this machine, whether or not it tells workloads. */
    static Optional<Path> v2Mount() {
        try {
            return mounted(Files.readString(MOUNTS, StandardCharsets.ISO_8859_1), "cgroup2", Controller.NONE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The id of a cgroup: the inode number of its folder. Empty if the folder isn't there. */
    static Optional<Long> id(Path folder) {
        try {
            return Optional.of((Long) Files.getAttribute(folder, "unix:ino"));
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
