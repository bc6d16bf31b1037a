package io.guardian.agent.decode;

import io.guardian.ebpf.Credentials;
import io.guardian.ebpf.ExeFile;
import io.guardian.ebpf.FileLocation;
import io.guardian.ebpf.Header;
import io.guardian.ebpf.Namespaces;
import io.guardian.ebpf.Origin;
import io.guardian.ebpf.ProcessImage;
import io.guardian.ebpf.ProcessKey;
import io.guardian.ebpf.UidMap;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads a process from /proc (proc(5)). What it says of a short process is often too late: then there is no answer. */
public final class ProcProcess {
    private static final long NANOS_PER_TICK = 10_000_000L;
    private static final int BYTES_MAX = 64 << 10;
    private static final int ARGS_BYTES_MAX = 4096;
    private static final int ARGS_MAX = 64;
    private static final String DELETED = " (deleted)";

    private ProcProcess() {}

    /** The process as it is now, its execs not counted; absent if it is gone, or is another one by now. */
    public static Optional<ProcessImage> read(ProcessKey key) {
        return read(key.tgid())
                .filter(image -> image.key().startTicks() == key.startTicks())
                .map(image -> image.withKey(key).withOrdinal(0));
    }

    /** The process of this pid as it is now; its start is known to 10 ms, its parent's not at all. */
    public static Optional<ProcessImage> read(int pid) {
        var folder = Path.of("/proc", Integer.toString(pid));
        try {
            // First what goes with the program's end; the rest stays until the parent has asked how it ended.
            var exe = exe(folder);
            var args = Files.readAllBytes(folder.resolve("cmdline"));
            var stat = Stat.parse(text(folder.resolve("stat")));
            if (stat.isEmpty()) {
                return Optional.empty();
            }
            var status = fields(text(folder.resolve("status")));
            var found = stat.get();
            return Optional.of(new ProcessImage(
                    new ProcessKey(pid, found.startTicks() * NANOS_PER_TICK),
                    new ProcessKey(found.parent(), 0),
                    1,
                    0,
                    found.comm(),
                    exe,
                    FileLocation.UNKNOWN,
                    args(args),
                    args.length > ARGS_BYTES_MAX,
                    credentials(folder, status),
                    new Namespaces(
                            namespace(folder, "mnt"),
                            namespace(folder, "pid"),
                            namespace(folder, "net"),
                            namespace(folder, "user")),
                    lastNumber(status.getOrDefault("NSpid", "")),
                    found.group(),
                    found.session(),
                    found.tty()));
        } catch (IOException gone) {
            return Optional.empty();
        }
    }

    /**
     * The mount namespace of the machine: that of pid 1, or our own where pid 1 may not be looked at.
     *
     * <p>A pid 1 with capabilities that we lack can't be looked at even by root; runtimes then share our namespace.
     */
    public static long hostMountNamespace() {
        long first = namespace(Path.of("/proc/1"), "mnt");
        return first != 0 ? first : namespace(Path.of("/proc/self"), "mnt");
    }

    /** The namespace's inode number, 0 if it can't be read. */
    public static long namespace(Path process, String name) {
        try {
            String link =
                    Files.readSymbolicLink(process.resolve("ns").resolve(name)).toString();
            String digits = link.replaceAll("[^0-9]", "");
            return digits.isEmpty() ? 0 : Long.parseLong(digits);
        } catch (IOException | NumberFormatException hidden) {
            return 0;
        }
    }

    private record Stat(String comm, int parent, int group, int session, int tty, long startTicks) {
        /** The name stands in parentheses and may hold anything, parentheses too. */
        static Optional<Stat> parse(String text) {
            int open = text.indexOf('(');
            int close = text.lastIndexOf(')');
            if (open < 0 || close < open || close + 2 >= text.length()) {
                return Optional.empty();
            }
            var rest = text.substring(close + 2).split(" ", -1);
            if (rest.length < 20) {
                return Optional.empty();
            }
            return Optional.of(new Stat(
                    text.substring(open + 1, close),
                    Integer.parseInt(rest[1]),
                    Integer.parseInt(rest[2]),
                    Integer.parseInt(rest[3]),
                    Integer.parseInt(rest[4]),
                    Long.parseLong(rest[19])));
        }
    }

    private static ExeFile exe(Path folder) {
        try {
            String link = Files.readSymbolicLink(folder.resolve("exe")).toString();
            boolean deleted = link.endsWith(DELETED);
            String path = deleted ? link.substring(0, link.length() - DELETED.length()) : link;
            if (path.startsWith("/memfd:")) {
                return new ExeFile(path.substring(1), Origin.MEMFD, FileLocation.UNKNOWN, 0, false, false, 0);
            }
            return new ExeFile(
                    path, deleted ? Origin.DELETED : Origin.UNKNOWN, FileLocation.UNKNOWN, 0, false, false, 0);
        } catch (IOException hidden) {
            return new ExeFile("unknown", Origin.UNKNOWN, FileLocation.UNKNOWN, 0, false, false, 0);
        }
    }

    private static List<String> args(byte[] bytes) {
        if (bytes.length == 0) {
            return List.of();
        }
        String text = new String(bytes, 0, Math.min(bytes.length, ARGS_BYTES_MAX), StandardCharsets.UTF_8);
        String whole = text.endsWith("\0") ? text.substring(0, text.length() - 1) : text;
        return Arrays.stream(whole.split("\0", -1)).limit(ARGS_MAX).toList();
    }

    private static Credentials credentials(Path folder, Map<String, String> status) {
        var uids = status.getOrDefault("Uid", "").split("\\s+", -1);
        var gids = status.getOrDefault("Gid", "").split("\\s+", -1);
        long uid = number(uids, 0);
        long euid = number(uids, 1);
        long login = loginUid(folder);
        return new Credentials(uid, euid, number(gids, 1), login, inNamespace(folder, euid));
    }

    /** How a user namespace numbers the host's users; empty if the process isn't in it any more. */
    public static Optional<UidMap> uids(int pid, long userNamespace) {
        var folder = Path.of("/proc", Integer.toString(pid));
        try {
            var map = UidMap.parse(text(folder.resolve("uid_map")));
            // Asked after reading, since the process may make another namespace, but never comes back to this one.
            return namespace(folder, "user") == userNamespace ? map : Optional.empty();
        } catch (IOException gone) {
            return Optional.empty();
        }
    }

    /** The uid as the process's own user namespace names it. */
    static long inNamespace(int pid, long hostUid) {
        return inNamespace(Path.of("/proc", Integer.toString(pid)), hostUid);
    }

    private static long inNamespace(Path folder, long hostUid) {
        try {
            return UidMap.parse(text(folder.resolve("uid_map")))
                    .map(map -> map.inside(hostUid))
                    .orElse(Header.NO_UID);
        } catch (IOException hidden) {
            return Header.NO_UID;
        }
    }

    private static long loginUid(Path folder) {
        try {
            long login = Long.parseLong(text(folder.resolve("loginuid")).strip());
            return login == 0xffff_ffffL ? Header.NO_UID : login;
        } catch (IOException | NumberFormatException none) {
            return Header.NO_UID;
        }
    }

    private static long number(String[] words, int index) {
        return index < words.length && words[index].matches("[0-9]{1,10}")
                ? Long.parseLong(words[index])
                : Header.NO_UID;
    }

    private static int lastNumber(String words) {
        var all = words.split("\\s+", -1);
        return all[all.length - 1].matches("[0-9]{1,9}") ? Integer.parseInt(all[all.length - 1]) : 0;
    }

    private static Map<String, String> fields(String status) {
        var map = new HashMap<String, String>();
        status.lines().forEach(line -> {
            int colon = line.indexOf(':');
            if (colon > 0) {
                map.put(line.substring(0, colon), line.substring(colon + 1).strip());
            }
        });
        return map;
    }

    private static String text(Path file) throws IOException {
        try (var in = Files.newInputStream(file)) {
            return new String(in.readNBytes(BYTES_MAX), StandardCharsets.UTF_8);
        }
    }
}
