package io.guardian.agent.attribute;

import io.guardian.ebpf.Origin;

/**
 * What evaluation looks at in an image.
 *
 * @param name the kernel's command name at exec
 * @param exe resolved path of the executable
 * @param user effective user, by name
 * @param origin where the executable comes from
 */
public record Program(String name, String exe, String user, Origin origin) {
    public Program withUser(String newUser) {
        return new Program(name, exe, newUser, origin);
    }
}
