package io.guardian.ebpf;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.Map;
import java.util.Set;

/**
 * Asks this kernel what it can, by trying: release numbers don't tell, since distributions port back and machines
 * forbid.
 */
final class KernelProbe {
    private static final int SOCKET_FILTER = 1; // enum bpf_prog_type
    private static final int KIND_TYPEDEF = 8; // btf.h
    private static final String TRACEPOINT = "tp_btf/";
    private static final Path SECURITY_MODULES = Path.of("/sys/kernel/security/lsm");
    // r1 = 1; the stack's top = 0; r1 = atomic_fetch_add(the stack's top, r1); r0 = 0; exit
    private static final byte[] FETCHING_ADD = HexFormat.of()
            .parseHex("b701000001000000" + "7a0af8ff00000000" + "db1af8ff01000000" + "b700000000000000"
                    + "9500000000000000");

    private final LibBpf bpf;
    private final LibBpfProbes probes = new LibBpfProbes();

    KernelProbe(LibBpf bpf) {
        this.bpf = bpf;
    }

    /** Whether an atomic addition can return the old value: since 5.12. */
    boolean addsAndFetches() {
        try (Arena arena = Arena.ofConfined()) {
            int fd = probes.progLoad(SOCKET_FILTER, arena.allocateFrom(JAVA_BYTE, FETCHING_ADD));
            LibC.close(fd);
            return fd >= 0;
        }
    }

    /** The maps of an opened object whose type this kernel doesn't have. */
    Set<KernelMap> unsupportedMaps(long object) {
        Set<KernelMap> unsupported = EnumSet.noneOf(KernelMap.class);
        for (KernelMap map : KernelMap.values()) {
            if (!probes.mapTypeWorks(probes.mapType(bpf.findMap(object, map.symbol())))) {
                unsupported.add(map);
            }
        }
        return unsupported;
    }

    /** Has these maps left out; a program that uses one of them is refused. */
    void leaveOut(long object, Set<KernelMap> maps) {
        maps.forEach(map -> probes.setAutocreate(bpf.findMap(object, map.symbol()), false));
    }

    /** The programs of an opened object whose tracepoint this kernel doesn't have, with that as the reason. */
    Map<KernelProgram, String> withoutTracepoint(long object) {
        Map<KernelProgram, String> without = new EnumMap<>(KernelProgram.class);
        long btf = probes.loadVmlinuxBtf();
        if (btf == 0) {
            return without;
        }
        for (KernelProgram program : KernelProgram.values()) {
            String section = probes.sectionName(bpf.findProgram(object, program.function()));
            if (section.startsWith(TRACEPOINT)) {
                String tracepoint = section.substring(TRACEPOINT.length());
                if (!probes.hasType(btf, "btf_trace_" + tracepoint, KIND_TYPEDEF)) {
                    without.put(program, "this kernel has no tracepoint `" + tracepoint + "`");
                }
            }
        }
        probes.free(btf);
        return without;
    }

    /** Loads an object again of which a program was refused, for the verifier's words on it; nothing if it has none. */
    String verdict(long object, KernelProgram program) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment log = arena.allocate(VerifierLog.BYTES);
            probes.setLog(bpf.findProgram(object, program.function()), log);
            bpf.objectLoad(object);
            return VerifierLog.reason(log.getString(0));
        }
    }

    /**
     * Loads and attaches a program of the probe's object by itself, and lets it go again.
     *
     * @param meanwhile what to do while it is attached
     * @return what came of it, and how often it ran meanwhile
     */
    Attempt attempt(String function, Runnable meanwhile) {
        try (Arena arena = Arena.ofConfined()) {
            byte[] bytes = KernelObject.probe().bytes();
            long object = bpf.objectOpenMem(arena.allocateFrom(JAVA_BYTE, bytes));
            for (String each : Set.of("try_lsm", "try_fentry")) {
                bpf.setAutoload(bpf.findProgram(object, each), each.equals(function));
            }
            int loaded = bpf.objectLoad(object);
            Attempt attempt = loaded < 0
                    ? new Attempt.Refused(-loaded)
                    : attached(object, bpf.findProgram(object, function), meanwhile, arena);
            bpf.objectClose(object);
            return attempt;
        }
    }

    private Attempt attached(long object, long program, Runnable meanwhile, Arena arena) {
        long link = bpf.attach(program);
        if (link == 0) {
            return new Attempt.LoadsOnly(NativeCall.errno());
        }
        meanwhile.run();
        MemorySegment runs = arena.allocate(Long.BYTES, 8);
        bpf.mapLookup(probes.mapFd(bpf.findMap(object, "runs")), arena.allocate(Integer.BYTES, 8), runs);
        bpf.linkDestroy(link);
        return new Attempt.Attaches(runs.get(java.lang.foreign.ValueLayout.JAVA_LONG, 0));
    }

    /** What came of trying a program. */
    sealed interface Attempt {
        /**
         * It can be used.
         *
         * @param runs how often it ran
         */
        record Attaches(long runs) implements Attempt {}

        /** It can't be attached. */
        record LoadsOnly(int errno) implements Attempt {}

        /** Not even loaded. */
        record Refused(int errno) implements Attempt {}

        /** For people. */
        default String text() {
            return switch (this) {
                case Attaches ignored -> "attaches";
                case LoadsOnly(int errno) -> "loads, can't attach (" + LibC.strerror(errno) + ", " + errno + ")";
                case Refused(int errno) -> "refused (" + LibC.strerror(errno) + ", " + errno + ")";
            };
        }
    }

    /** What a program at a security hook could do here; none is used to enforce yet. */
    String securityHooks() {
        Attempt attempt = attempt("try_lsm", () -> {});
        return attempt instanceof Attempt.Attaches && !isSecurityModule()
                ? "attaches, but never runs: start the kernel with `bpf` in the boot option lsm="
                : attempt.text();
    }

    /** What a program at the entry of a kernel function could do here. */
    String functionEntries() {
        return attempt("try_fentry", () -> {}).text();
    }

    /** Whether the kernel asks BPF programs at its security hooks; false too if that can't be read. */
    static boolean isSecurityModule() {
        try {
            return Set.of(Files.readString(SECURITY_MODULES).strip().split(",")).contains("bpf");
        } catch (java.io.IOException e) {
            return false;
        }
    }
}
