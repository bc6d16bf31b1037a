package io.guardian.checks.simulation;

import io.guardian.ebpf.ProcessImage;
import io.guardian.ebpf.ProcessKey;
import io.guardian.ebpf.Snapshot;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * A look at a simulated machine in small pieces, each as of the moment it is handed out: what comes and goes between
 * two of them is in some and not in others, as on a real one.
 */
final class SimulatedLook implements Snapshot {
    private static final int PIECE = 3;

    private final SimulatedMachine machine;
    private final Function<SimulatedProcess, ProcessImage> image;
    private final long bootNanos;

    SimulatedLook(SimulatedMachine machine, Function<SimulatedProcess, ProcessImage> image) {
        this.machine = machine;
        this.image = image;
        machine.flush();
        bootNanos = machine.now();
    }

    @Override
    public long bootNanos() {
        return bootNanos;
    }

    @Override
    public void cgroups(Consumer<Cgroup> each) {
        // Its workloads are told of by themselves.
    }

    @Override
    public void processKeys(Consumer<ProcessKey> each) {
        machine.flush();
        keys().forEach(each);
    }

    @Override
    public void processes(Consumer<List<ProcessImage>> piece) {
        for (var some : parts(keys())) {
            machine.flush();
            piece.accept(some.stream()
                    .flatMap(key -> machine.find(key).stream())
                    .map(image)
                    .toList());
        }
    }

    private List<ProcessKey> keys() {
        var keys = new ArrayList<ProcessKey>();
        machine.processes().forEach(process -> keys.add(process.key));
        return keys;
    }

    @Override
    public void sockets(Consumer<List<OpenSocket>> piece) {
        machine.flush();
        var sockets = new ArrayList<OpenSocket>();
        machine.processes()
                .forEach(process -> process.connections.forEach(connection -> sockets.add(connection.open(process))));
        machine.instances().forEach(instance -> sockets.add(instance.listening()));
        parts(sockets).forEach(piece);
    }

    private static <T> List<List<T>> parts(List<T> all) {
        var parts = new ArrayList<List<T>>();
        for (int at = 0; at < all.size(); at += PIECE) {
            parts.add(List.copyOf(all.subList(at, Math.min(all.size(), at + PIECE))));
        }
        return parts;
    }
}
