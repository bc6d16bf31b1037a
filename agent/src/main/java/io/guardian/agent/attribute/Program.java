package io.guardian.agent.attribute;

import io.guardian.core.event.ExeIdentity;
import io.guardian.core.event.ExeOrigin;

/**
 * What evaluation looks at in an image.
 *
 * @param name the kernel's command name at exec
 * @param exe the executable as it is compared: its path and, where that doesn't say it all, a mark
 * @param user effective user, by name
 * @param path resolved path of the executable in the workload's root
 * @param origin where the executable comes from
 */
public record Program(String name, String exe, String user, String path, ExeOrigin origin) {
    /** Of the top of a workload. */
    static final Program NONE = new Program("", "", "", "", ExeOrigin.UNKNOWN);

    /** @param inContainer whether it runs in a container */
    public static Program of(String name, Executable executable, String user, boolean inContainer) {
        String exe = ExeIdentity.of(executable.path(), executable.origin(), inContainer);
        return new Program(name, exe, user, executable.path(), executable.origin());
    }

    /** Whether it is of the same file, also where the path of one of them was shortened. */
    boolean isSameFile(Program other) {
        return exe.equals(other.exe) || origin == other.origin && LongPaths.isSame(path, other.path);
    }

    public Program withUser(String newUser) {
        return new Program(name, exe, newUser, path, origin);
    }
}
