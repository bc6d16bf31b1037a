package io.guardian.checks.simulation;

import io.guardian.backend.store.HistoryWriter;
import io.guardian.backend.store.Row;
import io.guardian.core.event.AgentHealthEvent;
import io.guardian.core.event.ConnectionModel;
import io.guardian.core.event.DeviationEvent;
import io.guardian.core.event.EventReading;
import io.guardian.core.event.ProcessModel;
import io.guardian.core.text.Json;
import io.guardian.core.text.JsonReader;
import io.guardian.core.text.JsonSyntaxException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** What the server has of a machine: every record once, in its newest version. */
final class Ledger implements HistoryWriter {
    /** Version and digest of every object's newest record, by the hash of its uid. */
    private final LongTable newest = new LongTable();

    /** Count of every deviation, by the hash of its uid. */
    private final LongTable deviations = new LongTable();

    /** How many records a behaviour that no policy allows has, by the hash of what it is. */
    private final LongTable behaviours = new LongTable();

    private final Map<String, String> states = new HashMap<>();
    private final boolean detailed;
    private final Map<String, Long> lost = new TreeMap<>();
    private final Map<String, Long> innocents = new TreeMap<>();
    private final Set<Long> healths = new HashSet<>();
    private long applied;
    private long rows;
    private long connections;
    private long beginnings;
    private long mostRecordsOfOne;

    Ledger(boolean detailed) {
        this.detailed = detailed;
    }

    @Override
    public void commit(List<Row> added, long position) {
        added.forEach(row -> {
            try {
                add(JsonReader.readObject(row.text()));
            } catch (JsonSyntaxException impossible) {
                throw new IllegalStateException(impossible);
            }
        });
        applied = position;
    }

    long applied() {
        return applied;
    }

    void add(Json.Obj record) {
        rows++;
        if (EventReading.of(record) instanceof EventReading.Read(var event)) {
            switch (event) {
                case ProcessModel process ->
                    put(
                            process.id(),
                            process.version(),
                            process.id(),
                            process.exe() + (process.life().isClosed() ? " closed" : " open"));
                case ConnectionModel connection -> connection(connection);
                case DeviationEvent deviation -> deviation(deviation);
                case AgentHealthEvent health -> {
                    if (healths.add(Mixing.of(health.id()))) {
                        health.lost().forEach((what, count) -> lost.merge(what, count, Long::sum));
                    }
                }
                default -> {
                    // Nothing that the machine's truth says something about.
                }
            }
        }
    }

    private void connection(ConnectionModel model) {
        beginnings += model.life().isFirst() ? 1 : 0;
        connections += newest.holds(newest.slot(Mixing.of(model.id()))) ? 0 : 1;
        boolean inbound = model.direction() == ConnectionModel.Direction.INBOUND;
        String name = model.puid()
                + (inbound ? " in " : " out ")
                + model.local().port()
                + " "
                + model.remote().ip()
                + ":"
                + model.remote().port();
        put(
                model.id(),
                model.version(),
                name,
                model.life().isClosed() ? "closed " + model.traffic().sentBytes() : "open");
    }

    private void put(String id, long version, String name, String state) {
        long key = Mixing.of(id);
        int slot = newest.slot(key);
        if (!newest.holds(slot) || newest.first(slot) < version) {
            newest.put(slot, key, version, Mixing.of(name, state));
            if (detailed) {
                states.put(id, name + " " + state);
            }
        }
    }

    private void deviation(DeviationEvent deviation) {
        long key = Mixing.of(deviation.id());
        int slot = deviations.slot(key);
        if (!deviations.holds(slot)) {
            behaviour(deviation);
        }
        if (!deviations.holds(slot) || deviations.second(slot) < deviation.count()) {
            deviations.put(slot, key, 0, deviation.count());
        }
        String text =
                deviation.deviation().toText() + deviation.inputs().chain().toText();
        if (!text.contains("odd") && !text.contains("203.0.113.")) {
            innocents.merge(deviation.description(), deviation.count(), Math::max);
        }
    }

    private void behaviour(DeviationEvent deviation) {
        long key = Mixing.of(
                deviation.checksum(),
                deviation.policy().uid() + deviation.policy().mode());
        int slot = behaviours.slot(key);
        long records = behaviours.holds(slot) ? behaviours.first(slot) + 1 : 1;
        behaviours.put(slot, key, records, 0);
        mostRecordsOfOne = Math.max(mostRecordsOfOne, records);
    }

    /** Of the behaviour that has most. */
    long mostRecordsOfOne() {
        return mostRecordsOfOne;
    }

    long rows() {
        return rows;
    }

    long objects() {
        return newest.size();
    }

    long digest() {
        return newest.sumOfSeconds();
    }

    /** Different connections. */
    long connections() {
        return connections;
    }

    /** Versions of connections that say that they are the first. */
    long beginnings() {
        return beginnings;
    }

    /** Name and state of every object, by uid. */
    Map<String, String> states() {
        return states;
    }

    /** How often something was done that no policy allows. */
    long deviatingActs() {
        return deviations.sumOfSeconds();
    }

    /** Deviations of what never did anything wrong. */
    Map<String, Long> innocents() {
        return innocents;
    }

    /** Losses that the agent told of, by where and what. */
    Map<String, Long> lost() {
        return lost;
    }
}
