package io.guardian.ebpf;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Opens a sensor: checks the machine, then takes over what is pinned if it is of this build and scope, else loads the
 * programs over the maps that are there.
 */
final class SensorOpener {
    private final SensorOptions options;
    private final Pins pins;

    SensorOpener(SensorOptions options) {
        this(options, Pins.LAYOUT_VERSION);
    }

    /** As a build with this layout would. */
    SensorOpener(SensorOptions options, int layout) {
        this.options = options;
        this.pins = Pins.of(options, layout);
    }

    Opening open() {
        Optional<LibBpf> library = LibBpf.load();
        if (library.isEmpty()) {
            return Sensor.unavailable("libbpf.so.1 is missing: apt-get install -y libbpf1");
        }
        List<String> reasons = new ArrayList<>(Machine.missing(options.bpfFolder()));
        if (!reasons.isEmpty()) {
            return new Opening.Unavailable(reasons);
        }
        Optional<Scope> scope = Scope.of(options, reasons);
        if (scope.isEmpty()) {
            return new Opening.Unavailable(reasons);
        }
        pins.create();
        Optional<PinLock> lock = PinLock.take(pins);
        if (lock.isEmpty()) {
            return Sensor.unavailable("sensor `" + options.name()
                    + "` is in use by another process: stop that one, or choose another name");
        }
        Opening opening = open(library.get(), scope.get(), lock.get());
        if (opening instanceof Opening.Unavailable) {
            // What another layout left would fill a ring that nobody can read.
            pins.others().forEach(Pins::removeAll);
            if (!pins.exists()) {
                pins.remove();
            }
            lock.get().close();
        }
        return opening;
    }

    private Opening open(LibBpf bpf, Scope scope, PinLock lock) {
        boolean fetchingAdd = new KernelProbe(bpf).addsAndFetches();
        KernelObject object = fetchingAdd ? KernelObject.read() : KernelObject.before512();
        Optional<KernelState> left = pins.exists() ? KernelState.open(bpf, pins) : Optional.empty();
        boolean takenOver = left.isPresent();
        if (left.isPresent()) {
            KernelState state = left.get();
            state.setExcludes(options.excludedTgids());
            if (state.config().generation() == object.generation(scope)) {
                Loader loader = new Loader(bpf, pins, scope, object, options.ringBytes());
                loader.finish();
                speak(state, scope, object);
                return opened(bpf, scope, state, lock, loader.explain(missing()), true);
            }
            state.close();
        } else {
            pins.clear();
        }
        Map<KernelProgram, String> refused = new EnumMap<>(KernelProgram.class);
        Optional<String> failure = load(bpf, scope, object, refused);
        if (failure.isPresent()) {
            return Sensor.unavailable(failure.get());
        }
        List<String> blind = refused.entrySet().stream()
                .filter(each -> each.getKey().isEssential())
                .map(each -> "`" + each.getKey().function() + "` is not attached, so processes would go unseen: "
                        + each.getValue())
                .toList();
        if (!blind.isEmpty()) {
            pins.clear();
            return new Opening.Unavailable(blind);
        }
        return KernelState.open(bpf, pins)
                .map(state -> opened(bpf, scope, state, lock, refused, takenOver))
                .orElseGet(
                        () -> Sensor.unavailable("the maps of the sensor can't be opened in `" + pins.current() + "`"));
    }

    private Optional<String> load(LibBpf bpf, Scope scope, KernelObject object, Map<KernelProgram, String> refused) {
        Loader loader = new Loader(bpf, pins, scope, object, ringBytes(bpf));
        loader.removeUnfinished();
        int result = loader.load(() -> watch(bpf, scope));
        if (result < 0) {
            return Optional.of("the kernel refuses the sensor's maps: " + LibC.strerror(-result));
        }
        try (KernelState state = KernelState.open(bpf, pins).orElseThrow()) {
            state.setExcludes(options.excludedTgids());
            speak(state, scope, object);
        }
        loader.activate();
        refused.putAll(loader.refused());
        return Optional.empty();
    }

    private void watch(LibBpf bpf, Scope scope) {
        try (KernelState state = KernelState.open(bpf, pins).orElseThrow()) {
            state.setOnlyCgroups(scope.only().stream().map(Scope.Target::id).toList());
        }
    }

    // A ring that is there keeps its size, or what it holds would be lost.
    private int ringBytes(LibBpf bpf) {
        if (!pins.exists()) {
            return options.ringBytes();
        }
        return KernelState.open(bpf, pins)
                .map(state -> {
                    try (state) {
                        return (int) state.ringBytes();
                    }
                })
                .orElse(options.ringBytes());
    }

    /**
     * From here on the new programs speak and the old ones are silent. The epoch is taken when they do: what another
     * layout recorded before it may be in no ring that can be read.
     */
    private void speak(KernelState state, Scope scope, KernelObject object) {
        KernelState.Config before = state.config();
        long salt = before.salt() == 0 ? Salt.random() : before.salt();
        long generation = object.generation(scope);
        boolean excludes = !options.excludedTgids().isEmpty();
        boolean part = !scope.wholeMachine();
        state.setConfig(new KernelState.Config(part, excludes, generation, before.epochNanos(), salt));
        if (before.epochNanos() == 0) {
            long epoch = LibC.clockNanos(LibC.CLOCK_BOOTTIME);
            state.setConfig(new KernelState.Config(part, excludes, generation, epoch, salt));
        }
    }

    private Opening opened(
            LibBpf bpf,
            Scope scope,
            KernelState state,
            PinLock lock,
            Map<KernelProgram, String> refused,
            boolean takenOver) {
        Capabilities capabilities = new CapabilityReport(bpf, state, scope).of(missing(), refused, takenOver);
        new OtherLayouts(bpf, pins).takeOut(state);
        RingReader ring = new RingReader(new KernelRingPages(state));
        return new Opening.Opened(new Sensor(lock, state, ring, new SnapshotReader(bpf, pins, scope), capabilities));
    }

    // A program at several cgroups has a link for each.
    private EnumSet<KernelProgram> missing() {
        List<String> links = pins.links().stream().map(Object::toString).toList();
        EnumSet<KernelProgram> missing = EnumSet.allOf(KernelProgram.class);
        missing.removeIf(program -> links.stream().anyMatch(link -> isOf(program, link)));
        return missing;
    }

    private boolean isOf(KernelProgram program, String link) {
        return link.equals(pins.link(program)) || link.startsWith(pins.link(program) + "-");
    }
}
