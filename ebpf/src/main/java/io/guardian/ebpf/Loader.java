package io.guardian.ebpf;

import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * Loads and attaches the programs and pins them. Every program is tried: one that this kernel refuses is left out with
 * its reason, since kernels differ in what they allow. Maps that are pinned already are used as they are, so a new
 * version of the programs goes on with the ring of the old one; its programs stay silent until {@link #activate} makes
 * them the only ones that speak.
 */
final class Loader {
    private static final String NEXT = "next-";
    private static final String SETTINGS = "settings";

    private final LibBpf bpf;
    private final Pins pins;
    private final Scope scope;
    private final KernelObject object;
    private final long generation;
    private final int ringBytes;
    private final KernelProbe probe;
    private final Set<KernelMap> missingMaps = EnumSet.noneOf(KernelMap.class);
    private final Map<KernelProgram, String> refused = new EnumMap<>(KernelProgram.class);

    Loader(LibBpf bpf, Pins pins, Scope scope, KernelObject object, int ringBytes) {
        this.bpf = bpf;
        this.pins = pins;
        this.scope = scope;
        this.object = object;
        // Once: it is a digest of the whole object, and part of the name of each link.
        this.generation = object.generation(scope);
        this.ringBytes = ringBytes;
        this.probe = new KernelProbe(bpf);
    }

    /** Does without these maps, and without the programs that need them. */
    void leaveOut(Set<KernelMap> maps) {
        missingMaps.addAll(maps);
    }

    /** Why programs were left out. */
    Map<KernelProgram, String> refused() {
        return refused;
    }

    /**
     * Loads, attaches and pins.
     *
     * @param configure called with the maps pinned and nothing attached yet
     * @return the negated errno if not even the maps could be made
     */
    int load(Runnable configure) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment bytes = arena.allocateFrom(java.lang.foreign.ValueLayout.JAVA_BYTE, object.bytes());
            long loaded = open(bytes, possible(bytes), true);
            int result = bpf.objectLoad(loaded);
            if (result < 0) {
                bpf.objectClose(loaded);
                loaded = open(bytes, accepted(bytes), true);
                result = bpf.objectLoad(loaded);
            }
            if (result == 0) {
                configure.run();
                attachAll(loaded);
            }
            bpf.objectClose(loaded);
            return result;
        }
    }

    private long open(MemorySegment bytes, KernelProgram[] wanted, boolean pin) {
        long opened = bpf.objectOpenMem(bytes);
        if (opened == 0) {
            throw new IllegalStateException(
                    "the kernel programs of this build can't be read: " + LibC.strerror(NativeCall.errno()));
        }
        List<KernelProgram> list = List.of(wanted);
        for (KernelProgram program : KernelProgram.values()) {
            bpf.setAutoload(bpf.findProgram(opened, program.function()), list.contains(program));
        }
        bpf.setMaxEntries(bpf.findMap(opened, KernelMap.RING.symbol()), ringBytes);
        if (pin) {
            for (KernelMap map : KernelMap.values()) {
                if (!missingMaps.contains(map)) {
                    bpf.setPinPath(bpf.findMap(opened, map.symbol()), pins.map(map));
                }
            }
        }
        probe.leaveOut(opened, missingMaps);
        setSettings(opened);
        return opened;
    }

    // The only variable of the read-only data section.
    private void setSettings(long opened) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment size = arena.allocate(Long.BYTES);
            long address = bpf.initialValue(bpf.findMap(opened, ".rodata"), size);
            if (address == 0 || size.get(JAVA_LONG, 0) < Layout.SETTINGS) {
                throw new IllegalStateException("the kernel programs have no `" + SETTINGS + "`");
            }
            MemorySegment settings = NativeCall.memory(address, Layout.SETTINGS);
            CgroupHierarchy hierarchy = scope.hierarchy();
            settings.set(JAVA_LONG_UNALIGNED, Layout.SETTINGS_GENERATION, generation);
            settings.set(JAVA_INT_UNALIGNED, Layout.SETTINGS_HIERARCHY, hierarchy.number());
            settings.set(
                    JAVA_INT_UNALIGNED,
                    Layout.SETTINGS_CONTROLLER,
                    hierarchy.controller().code());
        }
    }

    // Without what can be known to be refused before it is tried.
    private KernelProgram[] possible(MemorySegment bytes) {
        long opened = bpf.objectOpenMem(bytes);
        if (opened == 0) {
            return KernelProgram.values();
        }
        missingMaps.addAll(probe.unsupportedMaps(opened));
        refused.putAll(probe.withoutTracepoint(opened));
        bpf.objectClose(opened);
        return notRefused();
    }

    private KernelProgram[] notRefused() {
        return Arrays.stream(KernelProgram.values())
                .filter(program -> !refused.containsKey(program))
                .toArray(KernelProgram[]::new);
    }

    // Loads each program alone, to learn which one the kernel refuses and why.
    private KernelProgram[] accepted(MemorySegment bytes) {
        for (KernelProgram program : notRefused()) {
            refusal(bytes, program).ifPresent(reason -> refused.put(program, reason));
        }
        return notRefused();
    }

    private Optional<String> refusal(MemorySegment bytes, KernelProgram program) {
        long alone = open(bytes, new KernelProgram[] {program}, false);
        int result = bpf.objectLoad(alone);
        bpf.objectClose(alone);
        if (result == 0) {
            return Optional.empty();
        }
        long again = open(bytes, new KernelProgram[] {program}, false);
        String verdict = probe.verdict(again, program);
        bpf.objectClose(again);
        return Optional.of("the kernel refuses it: " + LibC.strerror(-result) + verdict);
    }

    /** Tries programs that an earlier run could not attach, for the reasons. */
    Map<KernelProgram, String> explain(Set<KernelProgram> missing) {
        if (missing.isEmpty()) {
            return Map.of();
        }
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment bytes = arena.allocateFrom(java.lang.foreign.ValueLayout.JAVA_BYTE, object.bytes());
            possible(bytes);
            for (KernelProgram program : missing) {
                if (!refused.containsKey(program)) {
                    refused.put(program, refusal(bytes, program).orElse("it loads, but could not be attached"));
                }
            }
        }
        return refused;
    }

    private void attachAll(long loaded) {
        try (HookRoot v2 = HookRoot.open()) {
            attachAll(loaded, v2);
        }
    }

    private void attachAll(long loaded, HookRoot v2) {
        List<Scope.Target> hooks = scope.hooks(v2);
        for (KernelProgram kernelProgram : KernelProgram.values()) {
            if (refused.containsKey(kernelProgram)) {
                continue;
            }
            long program = bpf.findProgram(loaded, kernelProgram.function());
            Consumer<String> refuse = reason -> refused.put(kernelProgram, reason);
            switch (kernelProgram.attachment()) {
                case TRACE -> pin(bpf.attach(program), pins.link(kernelProgram), refuse);
                case ITERATOR -> pin(bpf.attachIter(program), pins.link(kernelProgram), refuse);
                case CGROUP -> {
                    if (hooks.isEmpty()) {
                        refuse.accept(v2.reason());
                    }
                    hooks.forEach(hook -> attachCgroup(kernelProgram, program, hook, refuse));
                }
            }
        }
    }

    private void attachCgroup(KernelProgram kernelProgram, long program, Scope.Target hook, Consumer<String> refuse) {
        int fd = LibC.open(hook.folder().toString(), LibC.O_RDONLY | LibC.O_CLOEXEC);
        if (fd < 0) {
            refuse.accept("cgroup `" + hook.folder() + "` can't be opened: " + LibC.strerror(-fd));
            return;
        }
        pin(bpf.attachCgroup(program, fd), pins.link(kernelProgram, hook.id()), refuse);
        LibC.close(fd);
    }

    // Under another name first: the links of an earlier run are still at their place.
    private void pin(long link, String path, Consumer<String> refuse) {
        if (link == 0) {
            refuse.accept("it can't be attached: " + LibC.strerror(NativeCall.errno()));
            return;
        }
        int result = bpf.linkPin(link, next(Path.of(path)).toString());
        bpf.linkDestroy(link);
        if (result < 0) {
            refuse.accept("it can't be pinned: " + LibC.strerror(-result));
        }
    }

    // The generation is part of the name: links of a build that was stopped before its turn came must not be taken for
    // those of the build that runs.
    private Path next(Path path) {
        return path.resolveSibling(prefix() + path.getFileName());
    }

    private String prefix() {
        return NEXT + Long.toHexString(generation) + "-";
    }

    /** Removes what a run that ended while loading left. */
    void removeUnfinished() {
        unfinished(NEXT).forEach(Pins::removeFile);
    }

    /** Puts the new links in the place of the old ones, which ends the old programs. */
    void activate() {
        Set<Path> places = unfinished(prefix()).stream().map(this::place).collect(Collectors.toSet());
        pins.links().stream().filter(link -> !places.contains(link)).forEach(Pins::removeFile);
        finish();
    }

    /** Goes on where a run of this build ended while it put links in their place; what another build left goes. */
    void finish() {
        for (Path path : unfinished(prefix())) {
            try {
                Files.move(path, place(path), StandardCopyOption.ATOMIC_MOVE);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        removeUnfinished();
    }

    private Path place(Path next) {
        return next.resolveSibling(next.getFileName().toString().substring(prefix().length()));
    }

    private List<Path> unfinished(String prefix) {
        return Pins.list(pins.current()).stream()
                .filter(path -> path.getFileName().toString().startsWith(prefix))
                .toList();
    }
}
