package io.guardian.cluster.model;

import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Which runtime classes put a pod where the node's kernel can't see into it: a virtual machine (Kata, Firecracker) or a
 * kernel of its own (gVisor). Nothing in the Kubernetes API says so, only the names that their makers chose.
 *
 * @param further names of classes of this cluster beyond the usual ones
 */
public record RuntimeClasses(Set<String> further) {
    private static final List<String> USUAL = List.of("kata", "gvisor", "runsc", "firecracker", "peerpod");

    /** The usual names only. */
    public static final RuntimeClasses USUAL_ONLY = new RuntimeClasses(Set.of());

    public RuntimeClasses {
        further = Set.copyOf(further);
    }

    /** @param name {@code runtimeClassName} of a pod, empty if it has none */
    public boolean hides(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        return further.contains(name) || USUAL.stream().anyMatch(lower::contains);
    }
}
