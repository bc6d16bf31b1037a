package io.guardian.agent.attribute;

import io.guardian.core.text.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Collection;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * What is kept on disk of processes, images, connections, sockets and names: writes down what changed, and puts it all
 * back after a restart. Values are plain text under short keys. Touched by the pipeline's thread.
 */
public final class KeptState {
    private final Attributor attributor;
    private final ProcessTracker processes;
    private final NetworkTracker network;
    private final LineageHash hash;
    private int file = 1;
    private Doubt doubt = Doubt.none();
    private LossMark writtenMark = LossMark.UNKNOWN;

    public KeptState(Attributor attributor, ProcessTracker processes, NetworkTracker network, LineageHash hash) {
        this.attributor = attributor;
        this.processes = processes;
        this.network = network;
        this.hash = hash;
    }

    /** @param kept whose mark is kept too */
    public void doubtedBy(Doubt kept) {
        doubt = kept;
    }

    /** What changed since the last call; an empty value takes a key away. */
    public void changes(Sink to) throws IOException {
        give(to, this::changed);
    }

    private void changed(Taking out) {
        for (var key : processes.takeChanged()) {
            var process = processes.find(key);
            if (process.isPresent()) {
                put(process.get(), out);
            } else {
                out.put(StateCodec.PROCESS + StateCodec.key(key), "");
            }
        }
        for (var record : processes.takeChangedRecords()) {
            if (record.members() > 0) {
                out.put(StateCodec.RECORD + record.uid(), StateCodec.record(record));
                record.keep();
                record.pack(processes.texts());
            } else if (record.isKept()) {
                out.put(StateCodec.RECORD + record.uid(), "");
            }
        }
        for (var key : network.takeChanged()) {
            update(name(key), Optional.ofNullable(network.connections().get(key)), out);
        }
        for (long cookie : network.takeChangedSockets()) {
            update(
                    StateCodec.SOCKET + cookie,
                    Optional.ofNullable(network.sockets().get(cookie)),
                    out);
        }
        instances(out, true);
        if (!doubt.cleared().equals(writtenMark)) {
            out.put(StateCodec.DOUBT, mark());
        }
    }

    private String mark() {
        writtenMark = doubt.cleared();
        return writtenMark.epoch() + " " + writtenMark.lost();
    }

    /** Takes entries in memory. */
    private interface Taking {
        void put(String key, String value);
    }

    private void put(LiveProcess process, Taking out) {
        image(process.image(), out);
        process.keep();
        out.put(StateCodec.PROCESS + StateCodec.key(process.key()), StateCodec.process(process));
    }

    private static String name(ConnectionKey key) {
        return StateCodec.CONNECTION + StateCodec.connectionKey(key);
    }

    /** @param opened nothing if it is gone */
    private void update(String name, Optional<? extends Opened<?>> opened, Taking out) {
        opened.ifPresentOrElse(alive -> put(name, alive, out), () -> out.put(name, ""));
    }

    private void put(String name, Opened<?> opened, Taking out) {
        image(opened.image(), out);
        opened.keep();
        out.put(name, StateCodec.opened(opened));
    }

    private void image(Image image, Taking out) {
        for (var each = image; !each.isTop() && each.keepIn(file); each = each.parent()) {
            out.put(StateCodec.IMAGE + StateCodec.imageKey(each), StateCodec.image(each));
        }
    }

    private void instances(Taking out, boolean onlyChanged) {
        for (var instance : attributor.all()) {
            if (!onlyChanged || instance.takeChanged()) {
                var workload = instance.workload();
                out.put(
                        StateCodec.INSTANCE + workload.cgroup() + "|" + workload.cgroupId(),
                        Json.object()
                                .put("fp", instance.fingerprintUid())
                                .put("cu", instance.containerUid())
                                .put("root", instance.rootPuid())
                                .put("cv", instance.recordVersion())
                                .put("view", instance.view().toJson())
                                .putUnlessEmpty("uids", instance.numbers())
                                .build()
                                .toText());
            }
            KeptNames.write(instance, onlyChanged, out::put);
        }
    }

    /** Takes entries to a file. */
    @FunctionalInterface
    public interface Sink {
        void put(String key, String value) throws IOException;
    }

    /** All that counts now, for a file written anew. */
    public void everything(Sink to) throws IOException {
        file++;
        processes.takeChanged();
        processes.takeChangedRecords();
        network.takeChanged();
        network.takeChangedSockets();
        give(to, this::all);
    }

    /** Gives entries one by one: all of them together may be more than there is memory for. */
    private static void give(Sink to, Consumer<Taking> from) throws IOException {
        try {
            from.accept((key, value) -> {
                try {
                    to.put(key, value);
                } catch (IOException full) {
                    throw new UncheckedIOException(full);
                }
            });
        } catch (UncheckedIOException full) {
            throw full.getCause();
        }
    }

    private void all(Taking out) {
        for (var process : processes.all()) {
            put(process, out);
            process.record().filter(record -> record.keepIn(file)).ifPresent(record -> {
                record.keep();
                out.put(StateCodec.RECORD + record.uid(), StateCodec.record(record));
                record.pack(processes.texts());
            });
        }
        network.connections().forEach((key, connection) -> put(name(key), connection, out));
        network.sockets().forEach((cookie, socket) -> put(StateCodec.SOCKET + cookie, socket, out));
        instances(out, false);
        out.put(StateCodec.DOUBT, mark());
    }

    /** Gives what was written, in its order: of one key the last value counts, an empty one takes it away. */
    @FunctionalInterface
    public interface Written {
        void replay(Sink into) throws IOException;
    }

    /** Puts back what an earlier run of this boot knew. Damaged entries are left out. */
    public void restore(Written written) throws IOException {
        var restored = new RestoredState(attributor, processes, network, hash);
        written.replay(restored::take);
        restored.mark().ifPresent(doubt::resume);
        restored.putBack();
    }

    /** All processes that are in use, for those who check what became of them. */
    public Collection<LiveProcess> processes() {
        return processes.all();
    }
}
