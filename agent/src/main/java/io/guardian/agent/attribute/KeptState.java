package io.guardian.agent.attribute;

import io.guardian.agent.attribute.dns.DnsNames;
import io.guardian.core.net.IpAddress;
import io.guardian.core.text.Json;
import io.guardian.ebpf.ProcessKey;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
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
            } else if (record.isKept()) {
                out.put(StateCodec.RECORD + record.uid(), "");
            }
        }
        for (var key : network.takeChanged()) {
            String name = StateCodec.CONNECTION + StateCodec.connectionKey(key);
            var connection = network.connections().get(key);
            if (connection == null) {
                out.put(name, "");
            } else {
                put(name, connection, out);
            }
        }
        for (long cookie : network.takeChangedSockets()) {
            String name = StateCodec.SOCKET + cookie;
            var socket = network.sockets().get(cookie);
            if (socket == null) {
                out.put(name, "");
            } else {
                put(name, socket, out);
            }
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

    private void put(String name, LiveConnection connection, Taking out) {
        image(connection.image(), out);
        connection.keep();
        out.put(name, StateCodec.connection(connection));
    }

    private void put(String name, LiveSocket socket, Taking out) {
        image(socket.image(), out);
        socket.keep();
        out.put(name, StateCodec.socket(socket));
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
            if (!onlyChanged || instance.names().takeChanged()) {
                names(instance, out);
            }
        }
    }

    private static void names(Instance instance, Taking out) {
        var all = Json.object();
        instance.names()
                .forEach((address, name, validity) -> all.put(
                        address + "|" + name,
                        Json.object()
                                .put("q", validity.queried())
                                .put("a", validity.answeredNanos())
                                .put("u", validity.untilNanos())
                                .build()));
        var workload = instance.workload();
        out.put(
                StateCodec.NAME + workload.cgroup() + "|" + workload.cgroupId(),
                all.build().toText());
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
            });
        }
        network.connections()
                .forEach((key, connection) ->
                        put(StateCodec.CONNECTION + StateCodec.connectionKey(key), connection, out));
        network.sockets().forEach((cookie, socket) -> put(StateCodec.SOCKET + cookie, socket, out));
        instances(out, false);
        out.put(StateCodec.DOUBT, mark());
    }

    /** Puts back what an earlier run of this boot knew. Damaged entries are left out. */
    public void restore(Map<String, String> state) {
        var mark = state.getOrDefault(StateCodec.DOUBT, "").split(" ", -1);
        if (mark.length == 2 && mark[0].matches("[0-9]{1,18}") && mark[1].matches("[0-9]{1,18}")) {
            doubt.resume(new LossMark(Long.parseLong(mark[0]), Long.parseLong(mark[1])));
        }
        state.forEach((key, value) -> {
            if (key.startsWith(StateCodec.INSTANCE)) {
                attributor.preset(key.substring(2), StateCodec.object(value));
            }
        });
        var records = records(state);
        state.forEach((key, value) -> {
            if (key.startsWith(StateCodec.PROCESS)) {
                StateCodec.processKey(key.substring(2))
                        .ifPresent(process -> process(process, StateCodec.object(value), state, records));
            }
        });
        state.forEach((key, value) -> {
            if (key.startsWith(StateCodec.CONNECTION)) {
                connection(key.substring(2), StateCodec.object(value), state);
            } else if (key.startsWith(StateCodec.SOCKET)) {
                socket(key.substring(2), StateCodec.object(value), state);
            }
        });
        attributor.forgetPresets();
        for (var instance : attributor.all()) {
            var workload = instance.workload();
            String kept = state.getOrDefault(StateCodec.NAME + workload.cgroup() + "|" + workload.cgroupId(), "{}");
            restoreNames(instance, StateCodec.object(kept));
        }
    }

    private static void restoreNames(Instance instance, Json.Obj kept) {
        kept.fields().forEach((key, value) -> {
            int bar = key.indexOf('|');
            if (bar > 0 && value instanceof Json.Obj validity) {
                IpAddress.parse(key.substring(0, bar))
                        .ifPresent(address -> instance.names()
                                .put(
                                        address,
                                        key.substring(bar + 1),
                                        new DnsNames.Validity(
                                                validity.bool("q").orElse(false),
                                                whole(validity, "a"),
                                                whole(validity, "u"))));
            }
        });
    }

    private static long whole(Json.Obj from, String key) {
        return from.number(key).map(Json.Num::asLong).orElse(0L);
    }

    private static Map<String, ImageRecord> records(Map<String, String> state) {
        var records = new HashMap<String, ImageRecord>();
        state.forEach((key, value) -> {
            if (key.startsWith(StateCodec.RECORD)) {
                var from = StateCodec.object(value);
                var owner = StateCodec.processKey(from.text("o"));
                var model = StateCodec.processModel(from);
                if (owner.isPresent() && model.isPresent()) {
                    var record = new ImageRecord(owner.get(), model.get());
                    record.keep();
                    records.put(key.substring(2), record);
                }
            }
        });
        return records;
    }

    private void process(ProcessKey key, Json.Obj from, Map<String, String> state, Map<String, ImageRecord> records) {
        var process = new LiveProcess(key);
        process.parentPid((int) whole(from, "pp"));
        process.cgroupId(whole(from, "cg"));
        boolean inside = from.bool("in").orElse(false);
        var instance = inside ? processes.instance(process.cgroupId(), key) : Optional.<Instance>empty();
        long entered = whole(from, "en");
        if (instance.isPresent() && entered >= 0) {
            process.entered(instance.get(), entered);
        } else {
            var image =
                    instance.map(where -> image(where, from.text("im"), state)).orElse(Image.NOWHERE);
            process.becomes(instance, image);
        }
        var record = Optional.ofNullable(records.get(from.text("rec")));
        record.ifPresent(ImageRecord::join);
        process.record(record);
        process.known(from.bool("kn").orElse(true));
        from.number("xl").ifPresent(last -> process.execs(new ExecCount((int) last.asLong(), (int) whole(from, "xs"))));
        process.keep();
        processes.restore(process);
    }

    private Image image(Instance instance, String key, Map<String, String> state) {
        if (key.isEmpty()) {
            return instance.top();
        }
        var from = StateCodec.object(state.getOrDefault(StateCodec.IMAGE + key, "{}"));
        if (from.fields().isEmpty()) {
            return instance.top();
        }
        var program = StateCodec.program(from);
        if (from.bool("un").orElse(false)) {
            return instance.top().uncertainRoot(program, hash, instance::takeImagePlace);
        }
        return image(instance, from.text("pa"), state).child(program, hash, instance::takeImagePlace);
    }

    private void connection(String name, Json.Obj from, Map<String, String> state) {
        var key = StateCodec.connectionKey(name);
        var model = StateCodec.connectionModel(from);
        if (key.isPresent() && model.isPresent()) {
            var process = StateCodec.processKey(from.text("pr")).orElse(ProcessKey.NONE);
            var instance = processes.find(process).flatMap(LiveProcess::instance);
            var image =
                    instance.map(where -> image(where, from.text("im"), state)).orElse(Image.NOWHERE);
            var connection = new LiveConnection(process, instance, image, model.get(), whole(from, "ls"))
                    .doubtful(from.bool("do").orElse(false));
            connection.keep();
            network.restore(key.get(), connection);
        }
    }

    private void socket(String cookie, Json.Obj from, Map<String, String> state) {
        var model = StateCodec.socketModel(from);
        if (cookie.matches("-?[0-9]{1,19}") && model.isPresent()) {
            var process = StateCodec.processKey(from.text("pr")).orElse(ProcessKey.NONE);
            var instance = processes.find(process).flatMap(LiveProcess::instance);
            var image =
                    instance.map(where -> image(where, from.text("im"), state)).orElse(Image.NOWHERE);
            var socket = new LiveSocket(process, instance, image, model.get());
            socket.keep();
            network.restore(Long.parseLong(cookie), socket);
        }
    }

    /** All processes that are in use, for those who check what became of them. */
    public Collection<LiveProcess> processes() {
        return processes.all();
    }
}
