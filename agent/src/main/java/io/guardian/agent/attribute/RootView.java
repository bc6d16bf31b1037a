package io.guardian.agent.attribute;

import io.guardian.core.event.ExeOrigin;
import io.guardian.core.text.Json;
import io.guardian.ebpf.ExeFile;
import io.guardian.ebpf.FileLocation;
import io.guardian.ebpf.Origin;
import io.guardian.ebpf.ProcessImage;

/**
 * The root of a workload or of the machine, and by it which file an executable is.
 *
 * <p>The path through the mounts that a process sees can be made by anybody: a user namespace of one's own is enough to
 * mount a tmpfs or another file over a known name. So a file of the root's own file system goes by its path within that
 * file system, which no mount changes. Only a file of another file system goes by the path through the mounts, and it
 * says so; and more if those are not the workload's own mounts.
 *
 * @param root the workload's root folder; unknown without the kernel's word
 * @param mountNamespace inode number of the mount namespace that the workload was started in
 * @param userNamespace inode number of the user namespace that it was started in
 */
public record RootView(FileLocation root, long mountNamespace, long userNamespace) {
    /** Nothing is known: paths count as they are told. */
    public static final RootView UNKNOWN = new RootView(FileLocation.UNKNOWN, 0, 0);

    /** The view of a workload's first process. */
    static RootView of(ProcessImage first) {
        return new RootView(
                first.root(), first.namespaces().mount(), first.namespaces().user());
    }

    static RootView read(Json.Obj from) {
        return new RootView(
                new FileLocation(
                        from.number("d").map(Json.Num::asLong).orElse(0L),
                        from.string("p").orElse("/")),
                from.number("m").map(Json.Num::asLong).orElse(0L),
                from.number("u").map(Json.Num::asLong).orElse(0L));
    }

    Json.Obj toJson() {
        return Json.object()
                .put("d", root.device())
                .put("p", root.path())
                .put("m", mountNamespace)
                .put("u", userNamespace)
                .build();
    }

    /** Whether a process that sees this is past the code of the runtime, which begins with the machine's own view. */
    boolean isOther(RootView machine) {
        return mountNamespace != machine.mountNamespace && !root.equals(machine.root);
    }

    boolean isKnown() {
        return root.isKnown();
    }

    /**
     * Which file an image was made of.
     *
     * @param mounts where else in this view a file system is mounted
     */
    Executable executable(ProcessImage image, MountPoints mounts) {
        var exe = image.exe();
        boolean ownMounts = exe.mountNamespace() == mountNamespace;
        if (!isKnown()) {
            return new Executable(exe.path(), told(exe.origin()));
        }
        if (!exe.location().isKnown()) {
            return new Executable(
                    exe.path(), ownMounts || isNoMounts(exe) ? told(exe.origin()) : ExeOrigin.FOREIGN_MOUNT);
        }
        var inRoot = pathInRoot(exe.location());
        if (!inRoot.isEmpty()) {
            return new Executable(inRoot, onRoot(exe));
        }
        if (exe.origin() == Origin.MEMFD || exe.origin() == Origin.DELETED) {
            return new Executable(exe.path(), told(exe.origin()));
        }
        if (ownMounts) {
            return new Executable(exe.path(), ExeOrigin.OTHER_MOUNT);
        }
        return mounts.find(exe.location())
                .map(path -> new Executable(path, ExeOrigin.OTHER_MOUNT))
                .orElseGet(() -> new Executable(exe.path(), ExeOrigin.FOREIGN_MOUNT));
    }

    /** Whether no mount gives it its name, or none was told of. */
    private static boolean isNoMounts(ExeFile exe) {
        return exe.origin() == Origin.MEMFD || exe.origin() == Origin.DELETED || exe.origin() == Origin.UNKNOWN;
    }

    /** Empty if it isn't below the root folder. */
    private String pathInRoot(FileLocation file) {
        if (file.device() != root.device()) {
            return "";
        }
        if (root.path().equals("/")) {
            return file.path();
        }
        return file.path().startsWith(root.path() + "/")
                ? file.path().substring(root.path().length())
                : "";
    }

    /** On the root's own file system nothing that is mounted elsewhere counts. */
    private static ExeOrigin onRoot(ExeFile exe) {
        return exe.origin() == Origin.OTHER_MOUNT ? ExeOrigin.IMAGE : told(exe.origin());
    }

    private static ExeOrigin told(Origin origin) {
        return switch (origin) {
            case IMAGE -> ExeOrigin.IMAGE;
            case UPPER -> ExeOrigin.UPPER;
            case OTHER_MOUNT -> ExeOrigin.OTHER_MOUNT;
            case MEMFD -> ExeOrigin.MEMFD;
            case DELETED -> ExeOrigin.DELETED;
            case UNKNOWN -> ExeOrigin.UNKNOWN;
        };
    }
}
