package io.guardian.agent.workload.runtime;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Tells which runtimes keep the processes of a container from the machine's kernel. Of such a container nothing can be
 * recorded, and that must not look like a container that does nothing.
 *
 * <p>containerd names the runtime's type ({@code io.containerd.kata.v2}), which is what really runs and decides. Other
 * runtimes only pass on the handler, a name that an administrator chose ({@code kata-qemu}, {@code gvisor}): its words
 * decide there.
 */
final class Isolation {

    private static final Set<String> VIRTUAL_MACHINES =
            Set.of("kata", "firecracker", "hyperv", "cloudhypervisor", "clh", "qemu", "peerpods");
    private static final Set<String> OWN_KERNELS = Set.of("runsc", "gvisor");
    private static final int NAME_CHARS_MAX = 256;

    private Isolation() {}

    /**
     * @param type the runtime's type, empty when nobody said
     * @param handler the handler that the pod asked for, empty for the usual one
     * @return why its processes can't be seen; empty when they can
     */
    static String reason(String type, String handler) {
        String decisive = type.isEmpty() ? handler : type;
        String name = decisive.length() > NAME_CHARS_MAX ? decisive.substring(0, NAME_CHARS_MAX) : decisive;
        List<String> words = Arrays.asList(name.toLowerCase(Locale.ROOT).split("[^a-z0-9]+", -1));
        if (words.stream().anyMatch(VIRTUAL_MACHINES::contains)) {
            return "its processes run in a virtual machine (`" + name + "`)";
        }
        return words.stream().anyMatch(OWN_KERNELS::contains)
                ? "its processes run on a kernel of their own (`" + name + "`)"
                : "";
    }
}
