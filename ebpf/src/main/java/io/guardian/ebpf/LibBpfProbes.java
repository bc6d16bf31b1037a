package io.guardian.ebpf;

import static io.guardian.ebpf.NativeCall.bind;
import static io.guardian.ebpf.NativeCall.checked;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;

/**
 * The functions of libbpf that ask what a kernel can, under C's names (bpf/libbpf.h, bpf/bpf.h and bpf/btf.h of libbpf
 * 1.x). Pointers are plain longs, 0 for none. Those that return an int give the negated errno on failure.
 */
final class LibBpfProbes {
    private static final int LONGEST_NAME = 256;

    private final NativeCall progLoad;
    private final NativeCall probeMapType;
    private final NativeCall mapType;
    private final NativeCall mapFd;
    private final NativeCall mapSetAutocreate;
    private final NativeCall programSectionName;
    private final NativeCall programSetLog;
    private final NativeCall loadVmlinuxBtf;
    private final NativeCall findByNameKind;
    private final NativeCall btfFree;

    LibBpfProbes() {
        SymbolLookup library = NativeCall.library(LibBpf.LIBRARY_NAME);
        progLoad = bind(library, "bpf_prog_load", 6);
        probeMapType = bind(library, "libbpf_probe_bpf_map_type", 2);
        mapType = bind(library, "bpf_map__type", 1);
        mapFd = bind(library, "bpf_map__fd", 1);
        mapSetAutocreate = bind(library, "bpf_map__set_autocreate", 2);
        programSectionName = bind(library, "bpf_program__section_name", 1);
        programSetLog = bind(library, "bpf_program__set_log_buf", 3);
        loadVmlinuxBtf = bind(library, "btf__load_vmlinux_btf", 0);
        findByNameKind = bind(library, "btf__find_by_name_kind", 3);
        btfFree = bind(library, "btf__free", 1);
    }

    /** bpf_prog_load of raw instructions, eight bytes each, without options: the descriptor. */
    int progLoad(int type, MemorySegment instructions) {
        try (Arena arena = Arena.ofConfined()) {
            return checked(progLoad.call(
                    type,
                    arena.allocateFrom("probe").address(),
                    arena.allocateFrom("GPL").address(),
                    instructions.address(),
                    instructions.byteSize() / 8,
                    0));
        }
    }

    /** libbpf_probe_bpf_map_type: whether a map of this type can be made. */
    boolean mapTypeWorks(int type) {
        return (int) probeMapType.call(type, 0) == 1;
    }

    /** bpf_map__type. */
    int mapType(long map) {
        return (int) mapType.call(map);
    }

    /** bpf_map__fd. */
    int mapFd(long map) {
        return (int) mapFd.call(map);
    }

    /** bpf_map__set_autocreate. */
    void setAutocreate(long map, boolean autocreate) {
        mapSetAutocreate.call(map, autocreate ? 1 : 0);
    }

    /** bpf_program__section_name. */
    String sectionName(long program) {
        return NativeCall.memory(programSectionName.call(program), LONGEST_NAME).getString(0);
    }

    /**
     * bpf_program__set_log_buf: the verifier's log of a program that is refused. Must stay until the object is closed.
     */
    void setLog(long program, MemorySegment log) {
        programSetLog.call(program, log.address(), log.byteSize());
    }

    /** btf__load_vmlinux_btf: the types of the running kernel, or 0. Read it once: it takes megabytes. */
    long loadVmlinuxBtf() {
        return loadVmlinuxBtf.call();
    }

    /** btf__find_by_name_kind: whether there is such a type. */
    boolean hasType(long btf, String name, int kind) {
        try (Arena arena = Arena.ofConfined()) {
            return (int) findByNameKind.call(btf, arena.allocateFrom(name).address(), kind) > 0;
        }
    }

    /** btf__free. */
    void free(long btf) {
        btfFree.call(btf);
    }
}
