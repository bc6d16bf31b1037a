package io.guardian.agent.workload.runtime;

import io.guardian.agent.workload.MountFact;
import io.guardian.core.text.Json;
import io.guardian.ebpf.UidMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The part of an OCI runtime specification ({@code config.json} of a bundle) that says who a container is. The layout
 * is that of the OCI Runtime Specification 1.0.
 *
 * @param args the entry point's argument vector, at most 64
 * @param user {@code uid:gid} of the entry point
 * @param hostname host name inside, or the empty text
 * @param root {@code root.path}: the root file system, absolute or relative to the bundle
 * @param mounts what is mounted, at most 256
 * @param annotations the runtime's and the caller's notes
 * @param cgroupsPath the cgroup, as a path or as {@code slice:prefix:name}; or the empty text
 * @param uids the user namespace it is given
 */
record OciConfig(
        List<String> args,
        String user,
        String hostname,
        String root,
        List<MountFact> mounts,
        Map<String, String> annotations,
        String cgroupsPath,
        UidMap uids) {

    private static final int ARGS_MAX = 64;
    private static final int MOUNTS_MAX = 256;
    private static final int UID_RANGES_MAX = 340;
    private static final int TEXT_CHARS_MAX = 4096;

    static OciConfig of(Json.Obj config) {
        Json.Obj process = config.object("process");
        Json.Obj user = process.object("user");
        Map<String, String> annotations = new HashMap<>();
        config.object("annotations").fields().forEach((key, value) -> {
            if (value instanceof Json.Str(String text)) {
                annotations.put(key, text);
            }
        });
        return new OciConfig(
                process.array("args").strings().stream()
                        .limit(ARGS_MAX)
                        .map(OciConfig::cut)
                        .toList(),
                userText(user),
                cut(config.text("hostname")),
                config.object("root").text("path"),
                config.array("mounts").objects().stream()
                        .limit(MOUNTS_MAX)
                        .map(OciConfig::mount)
                        .toList(),
                Map.copyOf(annotations),
                config.object("linux").text("cgroupsPath"),
                uids(config.object("linux").array("uidMappings").objects()));
    }

    private static UidMap uids(List<Json.Obj> mappings) {
        List<UidMap.Range> ranges = mappings.stream()
                .limit(UID_RANGES_MAX)
                .map(mapping -> new UidMap.Range(
                        number(mapping, "containerID"), number(mapping, "hostID"), number(mapping, "size")))
                .toList();
        return ranges.isEmpty() ? ContainerFiles.SAME_UIDS : new UidMap(ranges);
    }

    private static long number(Json.Obj mapping, String key) {
        return mapping.number(key).map(Json.Num::asLong).orElse(0L);
    }

    private static String userText(Json.Obj user) {
        return user.number("uid")
                .map(uid -> uid + ":" + user.number("gid").map(Json.Num::digits).orElse("0"))
                .orElse("");
    }

    private static MountFact mount(Json.Obj mount) {
        List<String> options = mount.array("options").strings();
        boolean bind = options.contains("bind") || options.contains("rbind");
        return new MountFact(
                cut(mount.text("source")),
                cut(mount.text("destination")),
                bind ? "bind" : cut(mount.text("type")),
                options.contains("ro"));
    }

    private static String cut(String text) {
        return text.length() <= TEXT_CHARS_MAX ? text : text.substring(0, TEXT_CHARS_MAX);
    }

    String annotation(String key) {
        return annotations.getOrDefault(key, "");
    }
}
