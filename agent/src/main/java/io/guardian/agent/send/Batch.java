package io.guardian.agent.send;

import io.guardian.core.event.Event;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Events that will travel together. Of a connection or socket only the newest version is kept. */
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
                    events.set(place, event);
                    replaced++;
                    return;
                }
            }
            case PROCESS, CONTAINER, MACHINE, AGENT, DEVIATION, AGENT_HEALTH, METRIC -> {}
        }
        events.add(event);
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
