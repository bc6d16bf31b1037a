package io.guardian.ebpf;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Puts together what a sensor turned out to be able to do. */
final class CapabilityReport {
    // What the kernel allows doesn't change while it runs, and trying takes the types of the kernel each time.
    private static Optional<Trials> known = Optional.empty();

    private final LibBpf bpf;
    private final KernelState state;
    private final Scope scope;

    CapabilityReport(LibBpf bpf, KernelState state, Scope scope) {
        this.bpf = bpf;
        this.state = state;
        this.scope = scope;
    }

    private record Trials(boolean fetchingAdd, String securityHooks, String functionEntries) {}

    private static synchronized Trials trials(LibBpf bpf) {
        if (known.isEmpty()) {
            KernelProbe probe = new KernelProbe(bpf);
            known = Optional.of(new Trials(probe.addsAndFetches(), probe.securityHooks(), probe.functionEntries()));
        }
        return known.orElseThrow();
    }

    Capabilities of(EnumSet<KernelProgram> missing, Map<KernelProgram, String> refused, boolean takenOver) {
        List<Capabilities.Program> programs = new ArrayList<>();
        for (KernelProgram program : KernelProgram.values()) {
            boolean attached = !missing.contains(program);
            String reason = attached ? "" : refused.getOrDefault(program, "it was refused when the sensor was loaded");
            programs.add(new Capabilities.Program(program.function(), attached, program.isOptional(), reason));
        }
        Trials trials = trials(bpf);
        return new Capabilities(
                System.getProperty("os.version", ""),
                System.getProperty("os.arch", ""),
                CgroupHierarchy.mode(),
                state.ringBytes(),
                takenOver,
                programs,
                BackEnds.of(
                        EnumSet.complementOf(missing),
                        scope.hierarchy(),
                        trials.fetchingAdd,
                        trials.securityHooks,
                        trials.functionEntries),
                limits());
    }

    private Map<String, Long> limits() {
        Map<String, Long> limits = new TreeMap<>();
        for (KernelMap map : state.maps()) {
            limits.put(map.symbol(), state.maxEntries(map));
        }
        return limits;
    }
}
