package io.guardian.agent.act;

import io.guardian.agent.decode.ProcProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;

/**
 * Tells the container runtimes of the machine from programs that only look like them.
 *
 * <p>A path means something in the mount namespace of its process only, and a container, or whoever may make a user
 * namespace, can put any file at any path of its own. So a path is believed in the machine's own mount namespace;
 * elsewhere the file itself has to be the one that the machine has at that path: the same inode of the same device. And
 * since anyone may name a file in a folder of his own {@code runc}, the file and all folders above it must be root's
 * and writable for nobody else. Known folders are not listed: distributions keep runtimes in many places.
 */
public final class HostPrograms {
    private static final Set<String> RUNTIMES = Set.of(
            "aardvark-dns",
            "buildkitd",
            "conmon",
            "conmonrs",
            "containerd",
            "cri-dockerd",
            "crio",
            "crun",
            "docker-proxy",
            "dockerd",
            "k3s",
            "kubelet",
            "netavark",
            "podman",
            "rke2",
            "rootlessport",
            "runc",
            "runsc",
            "systemd",
            "systemd-executor",
            "youki");
    private static final String SHIM = "containerd-shim";
    private static final String DELETED = " (deleted)";
    private static final int WRITABLE_FOR_OTHERS = 0022;
    private static final int MODE_MASK = 07777;

    private final long hostMountNamespace;
    private final Path hostRoot;
    private volatile Set<String> more = Set.of();

    /**
     * @param hostMountNamespace inode number of the machine's mount namespace
     * @param hostRoot where the machine's files are, such as {@code /proc/1/root}
     */
    public HostPrograms(long hostMountNamespace, Path hostRoot) {
        this.hostMountNamespace = hostMountNamespace;
        this.hostRoot = hostRoot;
    }

    /** Those of the machine that this process runs on. */
    public static HostPrograms ofThisMachine() {
        var first = Path.of("/proc/1/root");
        // A first process with capabilities that we lack can't be looked at; then its files are ours.
        return new HostPrograms(
                ProcProcess.hostMountNamespace(), Files.isReadable(first.resolve("proc")) ? first : Path.of("/"));
    }

    /** Adds programs, by path on the machine, that are protected whoever owns them. */
    public void protect(Set<String> paths) {
        more = Set.copyOf(paths);
    }

    /**
     * Whether a process runs a protected program.
     *
     * @param process its folder in /proc
     * @param executed the program that it was seen to execute: one of another name is no runtime, whatever it shows
     * @throws IOException when the process is gone or can't be looked at
     */
    boolean protects(Path process, Optional<String> executed) throws IOException {
        if (executed.isPresent() && !isName(executed.get())) {
            return false;
        }
        var exe = process.resolve("exe");
        String link = Files.readSymbolicLink(exe).toString();
        boolean deleted = link.endsWith(DELETED);
        String path = deleted ? link.substring(0, link.length() - DELETED.length()) : link;
        if (!path.startsWith("/") || !isNamed(path)) {
            return false;
        }
        boolean atHome = ProcProcess.namespace(process, "mnt") == hostMountNamespace;
        return atHome || !deleted && isSameFile(exe, onHost(path));
    }

    private boolean isNamed(String path) {
        return more.contains(path) || isRuntime(path) && isRootsAlone(path);
    }

    private boolean isName(String path) {
        return more.contains(path) || isRuntime(path);
    }

    private static boolean isRuntime(String path) {
        String name = path.substring(path.lastIndexOf('/') + 1);
        return RUNTIMES.contains(name) || name.startsWith(SHIM);
    }

    private Path onHost(String path) {
        return hostRoot.resolve(path.substring(1));
    }

    private static boolean isSameFile(Path exe, Path file) throws IOException {
        try {
            return Files.getAttribute(exe, "unix:ino").equals(Files.getAttribute(file, "unix:ino"))
                    && Files.getAttribute(exe, "unix:dev").equals(Files.getAttribute(file, "unix:dev"));
        } catch (NoSuchFileException other) {
            return false;
        }
    }

    /** A file that is gone is judged by its folders: after an upgrade, runtimes run on from the old file. */
    private boolean isRootsAlone(String path) {
        for (int end = path.length(); end > 0; end = path.lastIndexOf('/', end - 1)) {
            try {
                var place = onHost(path.substring(0, end));
                int owner = (Integer) Files.getAttribute(place, "unix:uid", LinkOption.NOFOLLOW_LINKS);
                int mode = (Integer) Files.getAttribute(place, "unix:mode", LinkOption.NOFOLLOW_LINKS) & MODE_MASK;
                boolean link = Files.isSymbolicLink(place);
                if (owner != 0 || !link && (mode & WRITABLE_FOR_OTHERS) != 0) {
                    return false;
                }
            } catch (NoSuchFileException gone) {
                if (end < path.length()) {
                    return false;
                }
            } catch (IOException hidden) {
                return false;
            }
        }
        return true;
    }
}
