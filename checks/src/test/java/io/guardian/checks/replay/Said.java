package io.guardian.checks.replay;

import io.guardian.core.event.AgentHealthEvent;
import io.guardian.core.event.ConnectionModel;
import io.guardian.core.event.DeviationEvent;
import io.guardian.core.event.EventReading;
import io.guardian.core.event.ListeningSocketModel;
import io.guardian.core.event.ProcessModel;
import io.guardian.core.text.Json;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What an agent said, as text that is the same whenever the same happened: without times, and with a name in place of
 * each number that the kernel chose (pids, ports, ids).
 */
final class Said {
    private static final Set<String> CHOSEN_BY_TIME =
            Set.of("id", "schema", "time", "version", "valid_from", "valid_to", "duration", "create_time", "muid");
    /** Below, a port is somebody's choice (net.ipv4.ip_local_port_range). */
    private static final long EPHEMERAL_LEAST = 32_768;

    private final Map<String, Json.Obj> newest = new LinkedHashMap<>();
    private final Map<String, Long> lost = new TreeMap<>();
    private final Map<String, String> names = new LinkedHashMap<>();
    private final Map<String, Integer> used = new LinkedHashMap<>();

    private Said(List<Json.Obj> records) {
        records.forEach(this::add);
    }

    /** One paragraph for each object, in its last version, in the order of their first. */
    static String text(List<Json.Obj> records) {
        var said = new Said(records);
        return said.newest.values().stream().map(said::paragraph).collect(Collectors.joining("\n")) + "\nlost: "
                + said.lost + "\n";
    }

    private void add(Json.Obj record) {
        if (!(EventReading.of(record) instanceof EventReading.Read(var event))) {
            throw new AssertionError("the agent sends what can't be read: " + record);
        }
        switch (event) {
            case ProcessModel process -> keep(process.id(), "process", process.version(), record);
            case ConnectionModel connection -> keep(connection.id(), "connection", connection.version(), record);
            case ListeningSocketModel socket -> keep(socket.id(), "socket", socket.version(), record);
            case DeviationEvent deviation -> keep(deviation.id(), "deviation", deviation.version(), record);
            case AgentHealthEvent health -> health.lost().forEach((what, count) -> lost.merge(what, count, Long::sum));
            default -> {
                // The machine and the agent itself are not in the recording.
            }
        }
    }

    private void keep(String id, String kind, long version, Json.Obj record) {
        name(id, kind);
        var before = newest.get(id);
        if (before == null || before.number("version").orElseThrow().asLong() < version) {
            newest.put(id, record);
        }
    }

    private String name(String what, String kind) {
        return names.computeIfAbsent(what, _ -> kind + " " + used.merge(kind, 1, Integer::sum));
    }

    private String paragraph(Json.Obj record) {
        var out = new StringBuilder(names.get(record.text("id"))).append('\n');
        record.fields().forEach((key, value) -> {
            if (!CHOSEN_BY_TIME.contains(key)) {
                out.append("  ")
                        .append(key)
                        .append(": ")
                        .append(shown(key, value))
                        .append('\n');
            }
        });
        return out.toString();
    }

    private String shown(String key, Json value) {
        return switch (value) {
            case Json.Str(var text) -> key.equals("fingerprint_uid") ? name(text, "fingerprint") : text(text);
            case Json.Num number -> number(key, number);
            case Json.Arr(var items) ->
                items.stream().map(item -> shown(key, item)).toList().toString();
            case Json.Obj(var fields) ->
                fields.entrySet().stream()
                        .map(field -> field.getKey() + ": " + shown(field.getKey(), field.getValue()))
                        .toList()
                        .toString();
            case Json.Bool _, Json.Null _ -> value.toString();
        };
    }

    private String text(String text) {
        if (names.containsKey(text)) {
            return names.get(text);
        }
        return text.replaceAll("guardian-check-recording-[0-9a-f]+", "recording");
    }

    private String number(String key, Json.Num number) {
        long value = number.asLong();
        if (key.equals("pid") || key.equals("ppid")) {
            return name("pid " + value, "pid");
        }
        if (key.endsWith("port") && value >= EPHEMERAL_LEAST) {
            return name("port " + value, "port");
        }
        return number.digits();
    }
}
