package io.guardian.agent.decode;

import io.guardian.ebpf.ProcessImage;
import io.guardian.ebpf.ProcessKey;
import io.guardian.ebpf.Snapshot;
import java.util.List;
import java.util.function.Consumer;

/**
 * What was read all at once.
 *
 * @param bootNanos when reading began, in nanoseconds since boot
 * @param images one for each process (not thread)
 * @param openSockets with the process that holds them
 */
public record HeldSnapshot(long bootNanos, List<ProcessImage> images, List<OpenSocket> openSockets)
        implements Snapshot {

    public HeldSnapshot {
        images = List.copyOf(images);
        openSockets = List.copyOf(openSockets);
    }

    @Override
    public void cgroups(Consumer<Cgroup> each) {
        // Whoever reads processes learns of their cgroups by that.
    }

    @Override
    public void processKeys(Consumer<ProcessKey> each) {
        images.forEach(image -> each.accept(image.key()));
    }

    @Override
    public void processes(Consumer<List<ProcessImage>> piece) {
        piece.accept(images);
    }

    @Override
    public void sockets(Consumer<List<OpenSocket>> piece) {
        piece.accept(openSockets);
    }
}
