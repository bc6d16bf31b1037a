package io.guardian.agent.send;

import io.guardian.core.event.ConnectionModel;
import io.guardian.core.event.Event;
import io.guardian.core.event.ProcessModel;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Events that will travel together. Of a connection, socket or process only the newest version is kept. A connection of
 * which nobody was told before keeps the number of its first version: by that who counts connections knows each once,
 * also one that has ended already.
 */
final class Batch {
    private static final int LINE_CHARS_MAX = 256 << 10;

    private final List<Event> events = new ArrayList<>();
    private final Map<String, Integer> replaceable = new HashMap<>();
    private long replaced;

    void add(Event event) {
        switch (event.kind()) {
            case CONNECTION, LISTENING_SOCKET -> {
                Integer place = replaceable.putIfAbsent(event.id(), events.size());
                if (place != null) {
                    events.set(place, insteadOf(events.get(place), event));
                    replaced++;
                    return;
                }
            }
            case PROCESS -> {
                if (event instanceof ProcessModel process && replacesSamePlace(process)) {
                    return;
                }
            }
            case CONTAINER, MACHINE, AGENT, DEVIATION, AGENT_HEALTH, METRIC -> {}
        }
        events.add(event);
    }

    private static Event insteadOf(Event before, Event event) {
        return before instanceof ConnectionModel untold
                        && event instanceof ConnectionModel connection
                        && untold.life().isFirst()
                ? connection.with(
                        connection.life().insteadOf(untold.life()),
                        connection.local(),
                        connection.remote(),
                        connection.traffic())
                : event;
    }

    /** A short process is one line and not two; a version with another place in the tree tells something of its own. */
    private boolean replacesSamePlace(ProcessModel process) {
        Integer place = replaceable.get(process.id());
        boolean same = place != null
                && events.get(place) instanceof ProcessModel before
                && before.place().equals(process.place());
        if (same && place != null) {
            events.set(place, process);
            replaced++;
            return true;
        }
        replaceable.put(process.id(), events.size());
        return false;
    }

    int size() {
        return events.size();
    }

    long replaced() {
        return replaced;
    }

    /** The bytes to send; lines that are longer than the server takes are left out and counted. */
    Packed pack() {
        var lines = new ArrayList<String>(events.size());
        for (var event : events) {
            String line = event.toJson().toText();
            if (line.length() < LINE_CHARS_MAX) {
                lines.add(line);
            }
        }
        return new Packed(Gzip.lines(lines), lines.size(), events.size() - lines.size());
    }

    /** A batch in its last form. */
    // Nobody compares these values, and copying the bytes would cost what this class is there to save.
    @SuppressWarnings("ArrayRecordComponent")
    record Packed(byte[] body, int lines, int refused) {}
}
