package io.guardian.agent.attribute;

import io.guardian.core.text.Json;
import io.guardian.ebpf.ProcessKey;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What the file of an earlier run says, taken entry by entry and then put back as a whole. With tens of thousands of
 * processes its texts don't fit the memory, so each is turned at once into what will be needed of it.
 */
final class RestoredState {
    private final Attributor attributor;
    private final ProcessTracker processes;
    private final NetworkTracker network;
    private final LineageHash hash;
    private final Alike alike = new Alike(65_536);
    private final Map<Long, ImageRecord> records = new HashMap<>();
    private final Map<ProcessKey, KeptProcess> live = new LinkedHashMap<>();
    private final Map<String, String> others = new LinkedHashMap<>();

    /**
     * A process as it was written.
     *
     * @param inside whether it was in a workload
     * @param image key of its image
     * @param record mark of its record's uid: the texts of so many would take a fifth of the heap
     */
    private record KeptProcess(
            int parentPid,
            long cgroupId,
            boolean inside,
            String image,
            long record,
            boolean known,
            long enteredBootNanos,
            ExecCount execs) {}

    RestoredState(Attributor attributor, ProcessTracker processes, NetworkTracker network, LineageHash hash) {
        this.attributor = attributor;
        this.processes = processes;
        this.network = network;
        this.hash = hash;
    }

    /** Takes one entry; damaged ones are left out. */
    void take(String key, String value) {
        if (key.startsWith(StateCodec.PROCESS)) {
            StateCodec.processKey(key.substring(2)).ifPresent(process -> {
                if (value.isEmpty()) {
                    live.remove(process);
                } else {
                    live.put(process, process(StateCodec.object(value)));
                }
            });
        } else if (key.startsWith(StateCodec.RECORD)) {
            if (value.isEmpty()) {
                records.remove(Marks.of(key.substring(2)));
            } else {
                record(StateCodec.object(value)).ifPresent(record -> records.put(Marks.of(key.substring(2)), record));
            }
        } else if (value.isEmpty()) {
            others.remove(key);
        } else {
            others.put(key, value);
        }
    }

    private KeptProcess process(Json.Obj from) {
        var execs = from.number("xl")
                .map(last -> new ExecCount((int) last.asLong(), (int) whole(from, "xs")))
                .orElse(ExecCount.UNKNOWN);
        return new KeptProcess(
                (int) whole(from, "pp"),
                whole(from, "cg"),
                from.bool("in").orElse(false),
                alike.one(from.text("im")),
                Marks.of(from.text("rec")),
                from.bool("kn").orElse(true),
                whole(from, "en"),
                alike.one(execs));
    }

    private Optional<ImageRecord> record(Json.Obj from) {
        var owner = StateCodec.processKey(from.text("o"));
        return owner.flatMap(process -> StateCodec.processModel(from).map(model -> {
            var record = new ImageRecord(process, ProcessRecords.shared(model, alike));
            record.keep();
            record.pack(processes.texts());
            return record;
        }));
    }

    /** Up to which loss nothing was in doubt. */
    Optional<LossMark> mark() {
        var mark = others.getOrDefault(StateCodec.DOUBT, "").split(" ", -1);
        return mark.length == 2 && mark[0].matches("[0-9]{1,18}") && mark[1].matches("[0-9]{1,18}")
                ? Optional.of(new LossMark(Long.parseLong(mark[0]), Long.parseLong(mark[1])))
                : Optional.empty();
    }

    /** Makes it what is so. */
    void putBack() {
        others.forEach((key, value) -> {
            if (key.startsWith(StateCodec.INSTANCE)) {
                attributor.preset(key.substring(2), StateCodec.object(value));
            }
        });
        for (var entries = live.entrySet().iterator(); entries.hasNext(); ) {
            var entry = entries.next();
            putBack(entry.getKey(), entry.getValue());
            entries.remove();
        }
        others.forEach((key, value) -> {
            if (key.startsWith(StateCodec.CONNECTION)) {
                connection(key.substring(2), StateCodec.object(value));
            } else if (key.startsWith(StateCodec.SOCKET)) {
                socket(key.substring(2), StateCodec.object(value));
            }
        });
        attributor.forgetPresets();
        KeptNames.restore(attributor.all(), others);
    }

    private void putBack(ProcessKey key, KeptProcess from) {
        var process = new LiveProcess(key);
        process.parentPid(from.parentPid());
        process.cgroupId(from.cgroupId());
        var instance = from.inside() ? processes.instance(from.cgroupId(), key) : Optional.<Instance>empty();
        if (instance.isPresent() && from.enteredBootNanos() >= 0) {
            process.entered(instance.get(), from.enteredBootNanos());
        } else {
            process.becomes(
                    instance, instance.map(where -> image(where, from.image())).orElse(Image.NOWHERE));
        }
        var record = Optional.ofNullable(records.get(from.record()));
        process.record(record);
        record.ifPresent(found -> {
            found.join();
            found.share(model -> processes.records().shared(model, process));
        });
        process.known(from.known());
        process.execs(from.execs());
        process.keep();
        processes.restore(process);
    }

    private Image image(Instance instance, String key) {
        if (key.isEmpty()) {
            return instance.top();
        }
        var from = StateCodec.object(others.getOrDefault(StateCodec.IMAGE + key, "{}"));
        if (from.fields().isEmpty()) {
            return instance.top();
        }
        var program = instance.paths().restored(StateCodec.program(from), processes.texts());
        if (from.bool("un").orElse(false)) {
            return instance.top().uncertainRoot(program, hash, instance::takeImagePlace);
        }
        return image(instance, from.text("pa")).child(program, hash, instance::takeImagePlace);
    }

    private Opener opener(Json.Obj from) {
        var process = StateCodec.processKey(from.text("pr")).orElse(ProcessKey.NONE);
        var instance = processes.find(process).flatMap(LiveProcess::instance);
        var image = instance.map(where -> image(where, from.text("im"))).orElse(Image.NOWHERE);
        return new Opener(process, instance, image);
    }

    private void connection(String name, Json.Obj from) {
        var key = StateCodec.connectionKey(name);
        var model = StateCodec.connectionModel(from);
        if (key.isPresent() && model.isPresent()) {
            var connection = new LiveConnection(opener(from), model.get(), whole(from, "ls"))
                    .doubtful(from.bool("do").orElse(false));
            connection.keep();
            network.restore(key.get(), connection);
        }
    }

    private void socket(String cookie, Json.Obj from) {
        var model = StateCodec.socketModel(from);
        if (cookie.matches("-?[0-9]{1,19}") && model.isPresent()) {
            var socket = new LiveSocket(opener(from), model.get());
            socket.keep();
            network.restore(Long.parseLong(cookie), socket);
        }
    }

    private static long whole(Json.Obj from, String key) {
        return from.number(key).map(Json.Num::asLong).orElse(0L);
    }
}
