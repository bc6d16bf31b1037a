package io.guardian.ebpf;

import static io.guardian.ebpf.NativeCall.bind;
import static io.guardian.ebpf.NativeCall.checked;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.util.NoSuchElementException;
import java.util.Optional;

/**
 * The functions of libbpf that load, attach, pin and read, under C's names (bpf/libbpf.h and bpf/bpf.h of libbpf 1.x).
 * Pointers are plain longs, 0 for none. Those that return an int give the negated errno on failure.
 */
final class LibBpf {
    static final String LIBRARY_NAME = "libbpf.so.1";

    private final NativeCall objectOpenMem;
    private final NativeCall objectLoad;
    private final NativeCall objectClose;
    private final NativeCall objectFindProgram;
    private final NativeCall objectFindMap;
    private final NativeCall programSetAutoload;
    private final NativeCall programAttach;
    private final NativeCall programAttachCgroup;
    private final NativeCall programAttachIter;
    private final NativeCall mapSetMaxEntries;
    private final NativeCall mapSetPinPath;
    private final NativeCall mapInitialValue;
    private final NativeCall linkPin;
    private final NativeCall linkDestroy;
    private final NativeCall objGet;
    private final NativeCall objGetInfoByFd;
    private final NativeCall iterCreate;
    private final NativeCall mapLookup;
    private final NativeCall mapUpdate;
    private final NativeCall mapDelete;
    private final NativeCall mapNextKey;
    private final NativeCall possibleCpus;

    private LibBpf(SymbolLookup library) {
        objectOpenMem = bind(library, "bpf_object__open_mem", 3);
        objectLoad = bind(library, "bpf_object__load", 1);
        objectClose = bind(library, "bpf_object__close", 1);
        objectFindProgram = bind(library, "bpf_object__find_program_by_name", 2);
        objectFindMap = bind(library, "bpf_object__find_map_by_name", 2);
        programSetAutoload = bind(library, "bpf_program__set_autoload", 2);
        programAttach = bind(library, "bpf_program__attach", 1);
        programAttachCgroup = bind(library, "bpf_program__attach_cgroup", 2);
        programAttachIter = bind(library, "bpf_program__attach_iter", 2);
        mapSetMaxEntries = bind(library, "bpf_map__set_max_entries", 2);
        mapSetPinPath = bind(library, "bpf_map__set_pin_path", 2);
        mapInitialValue = bind(library, "bpf_map__initial_value", 2);
        linkPin = bind(library, "bpf_link__pin", 2);
        linkDestroy = bind(library, "bpf_link__destroy", 1);
        objGet = bind(library, "bpf_obj_get", 1);
        objGetInfoByFd = bind(library, "bpf_obj_get_info_by_fd", 3);
        iterCreate = bind(library, "bpf_iter_create", 1);
        mapLookup = bind(library, "bpf_map_lookup_elem", 3);
        mapUpdate = bind(library, "bpf_map_update_elem", 4);
        mapDelete = bind(library, "bpf_map_delete_elem", 2);
        mapNextKey = bind(library, "bpf_map_get_next_key", 3);
        possibleCpus = bind(library, "libbpf_num_possible_cpus", 0);
        // Its messages go to standard error otherwise; what failed is told by the results.
        bind(library, "libbpf_set_print", 1).call(0);
    }

    /** The library, or empty if this machine doesn't have it. It stays loaded until the JVM ends. */
    static Optional<LibBpf> load() {
        try {
            return Optional.of(new LibBpf(NativeCall.library(LIBRARY_NAME)));
        } catch (IllegalArgumentException | NoSuchElementException e) {
            return Optional.empty();
        }
    }

    /** bpf_object__open_mem. The bytes must stay until the object is closed. */
    long objectOpenMem(MemorySegment bytes) {
        return objectOpenMem.call(bytes.address(), bytes.byteSize(), 0);
    }

    /** bpf_object__load. */
    int objectLoad(long object) {
        return checked(objectLoad.call(object));
    }

    /** bpf_object__close. */
    void objectClose(long object) {
        objectClose.call(object);
    }

    /** bpf_object__find_program_by_name. */
    long findProgram(long object, String name) {
        try (Arena arena = Arena.ofConfined()) {
            return objectFindProgram.call(object, arena.allocateFrom(name).address());
        }
    }

    /** bpf_object__find_map_by_name. */
    long findMap(long object, String name) {
        try (Arena arena = Arena.ofConfined()) {
            return objectFindMap.call(object, arena.allocateFrom(name).address());
        }
    }

    /** bpf_program__set_autoload. */
    int setAutoload(long program, boolean autoload) {
        return checked(programSetAutoload.call(program, autoload ? 1 : 0));
    }

    /** bpf_program__attach: the link, or 0 with errno set. */
    long attach(long program) {
        return programAttach.call(program);
    }

    /** bpf_program__attach_cgroup: the link, or 0 with errno set. */
    long attachCgroup(long program, int cgroupFd) {
        return programAttachCgroup.call(program, cgroupFd);
    }

    /** bpf_program__attach_iter: the link, or 0 with errno set. */
    long attachIter(long program) {
        return programAttachIter.call(program, 0);
    }

    /** bpf_map__set_max_entries. */
    int setMaxEntries(long map, int entries) {
        return checked(mapSetMaxEntries.call(map, entries));
    }

    /** bpf_map__set_pin_path: the map is taken from there if it is there, and pinned there if not. */
    int setPinPath(long map, String path) {
        try (Arena arena = Arena.ofConfined()) {
            return checked(mapSetPinPath.call(map, arena.allocateFrom(path).address()));
        }
    }

    /** bpf_map__initial_value: the memory of a global data section before it is loaded, or 0. */
    long initialValue(long map, MemorySegment size) {
        return mapInitialValue.call(map, size.address());
    }

    /** bpf_link__pin. */
    int linkPin(long link, String path) {
        try (Arena arena = Arena.ofConfined()) {
            return checked(linkPin.call(link, arena.allocateFrom(path).address()));
        }
    }

    /** bpf_link__destroy: a pinned link stays. */
    void linkDestroy(long link) {
        linkDestroy.call(link);
    }

    /** bpf_obj_get: a descriptor of what is pinned at the path. */
    int objGet(String path) {
        try (Arena arena = Arena.ofConfined()) {
            return checked(objGet.call(arena.allocateFrom(path).address()));
        }
    }

    /** bpf_obj_get_info_by_fd. */
    int objGetInfoByFd(int fd, MemorySegment info, MemorySegment length) {
        return checked(objGetInfoByFd.call(fd, info.address(), length.address()));
    }

    /** bpf_iter_create. */
    int iterCreate(int linkFd) {
        return checked(iterCreate.call(linkFd));
    }

    /** bpf_map_lookup_elem. */
    int mapLookup(int fd, MemorySegment key, MemorySegment value) {
        return checked(mapLookup.call(fd, key.address(), value.address()));
    }

    /** bpf_map_update_elem with BPF_ANY. */
    int mapUpdate(int fd, MemorySegment key, MemorySegment value) {
        return checked(mapUpdate.call(fd, key.address(), value.address(), 0));
    }

    /** bpf_map_delete_elem. */
    int mapDelete(int fd, MemorySegment key) {
        return checked(mapDelete.call(fd, key.address()));
    }

    /** bpf_map_get_next_key; the null segment begins. */
    int mapNextKey(int fd, MemorySegment key, MemorySegment next) {
        return checked(mapNextKey.call(fd, key.address(), next.address()));
    }

    /** libbpf_num_possible_cpus. */
    int possibleCpus() {
        return checked(possibleCpus.call());
    }
}
