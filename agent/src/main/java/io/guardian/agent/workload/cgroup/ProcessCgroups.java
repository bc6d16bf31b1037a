package io.guardian.agent.workload.cgroup;

import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The lines of {@code /proc/PID/cgroup} (cgroups(7)): {@code ID:CONTROLLERS:PATH}, with nothing between the colons for
 * v2.
 *
 * @param byControllers path by the text between the colons
 */
public record ProcessCgroups(Map<String, CgroupPath> byControllers) {

    /**
     * In a hybrid set-up every runtime joins these; the first that is there and not the root speaks for the process.
     */
    private static final List<String> V1_ORDER =
            List.of("name=systemd", "pids", "memory", "devices", "freezer", "cpu,cpuacct");

    public ProcessCgroups {
        byControllers = Map.copyOf(byControllers);
    }

    public static ProcessCgroups parse(String text) {
        return parse(text, CgroupNamespace.HOST);
    }

    /** @param reader the namespace that the text was read in; concerns the v2 path, the only one that runtimes hide */
    public static ProcessCgroups parse(String text, CgroupNamespace reader) {
        Map<String, CgroupPath> paths = new HashMap<>();
        text.lines().limit(64).forEach(line -> {
            String[] fields = line.split(":", 3);
            if (fields.length == 3) {
                var path = fields[1].isEmpty() ? reader.absolute(fields[2]) : CgroupPath.parse(fields[2]);
                path.ifPresent(known -> paths.put(fields[1], known));
            }
        });
        return new ProcessCgroups(paths);
    }

    /** The path in the v2 hierarchy. */
    public Optional<CgroupPath> v2() {
        return Optional.ofNullable(byControllers.get(""));
    }

    /**
     * The path that tells the workload: v2's unless that is the root, as it is for every process of a machine that uses
     * v1 only; then v1's.
     */
    public Optional<CgroupPath> telling() {
        Optional<CgroupPath> v2 = v2().filter(path -> !path.equals(CgroupPath.ROOT));
        return v2.or(this::v1).or(this::v2);
    }

    private Optional<CgroupPath> v1() {
        return V1_ORDER.stream()
                .flatMap(name -> Optional.ofNullable(byControllers.get(name)).stream())
                .filter(path -> !path.equals(CgroupPath.ROOT))
                .findFirst()
                .or(() -> byControllers.values().stream()
                        .filter(path -> !path.equals(CgroupPath.ROOT))
                        .min(Comparator.comparing(CgroupPath::text)));
    }
}
