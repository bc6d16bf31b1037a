package io.guardian.agent.workload.cgroup;

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

    /** The path in the v1 hierarchy of a controller. */
    public Optional<CgroupPath> v1(String controller) {
        return byControllers.entrySet().stream()
                .filter(entry -> List.of(entry.getKey().split(",", -1)).contains(controller))
                .map(Map.Entry::getValue)
                .findFirst();
    }
}
