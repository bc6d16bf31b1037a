package io.guardian.agent.attribute;

import io.guardian.ebpf.FileLocation;
import java.util.Optional;

/** The mounts of a mount namespace. */
@FunctionalInterface
public interface MountPoints {
    /** Of a namespace whose mounts are not looked at. */
    MountPoints NONE = location -> Optional.empty();

    /** A path by which the namespace shows this file; empty if it doesn't. */
    Optional<String> find(FileLocation location);
}
