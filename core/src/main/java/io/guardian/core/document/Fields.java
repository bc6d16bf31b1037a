package io.guardian.core.document;

import io.guardian.core.text.Nearest;
import io.guardian.core.text.Tree;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.SequencedSet;

/** A mapping being read: hands out its values by key, then says which keys nobody asked for. */
final class Fields {
    private final Reading reading;
    private final Tree.Mapping mapping;
    private final String path;
    private final SequencedSet<String> known = new LinkedHashSet<>();

    Fields(Reading reading, Tree.Mapping mapping, String path) {
        this.reading = reading;
        this.mapping = mapping;
        this.path = path;
    }

    /** Stands for a mapping that is missing, which was reported already: what goes wrong in it is told to nobody. */
    static Fields standIn(io.guardian.core.text.Place place) {
        var nowhere = new Reading(new io.guardian.core.text.Problems());
        return new Fields(nowhere, new Tree.Mapping(place, java.util.List.of(), 1), "");
    }

    Reading reading() {
        return reading;
    }

    String path() {
        return path;
    }

    Tree.Mapping mapping() {
        return mapping;
    }

    boolean has(String key) {
        return mapping.get(key).isPresent();
    }

    /** The value at a key; from now on the key is a known one. */
    Optional<Slot> take(String key) {
        known.add(key);
        return mapping.get(key).map(value -> new Slot(reading, value, pathOf(key)));
    }

    /** As {@link #take}; an absent key is an error. */
    Optional<Slot> require(String key) {
        var slot = take(key);
        if (slot.isEmpty()) {
            reading.problems().error(mapping.place(), pathOf(key), "required field is missing", "add `" + key + "`");
        }
        return slot;
    }

    /** The text at a key, empty when absent. */
    String text(String key) {
        return take(key).filter(slot -> !slot.isNull()).map(Slot::anyText).orElse("");
    }

    String requireText(String key) {
        return require(key).map(Slot::text).orElse("");
    }

    void error(String message, String help) {
        reading.problems().error(mapping.place(), path, message, help);
    }

    String pathOf(String key) {
        return path.isEmpty() ? key : path + "." + key;
    }

    /** Keys that are allowed though nobody reads them. */
    void know(String... keys) {
        for (String key : keys) {
            known.add(key);
        }
    }

    void refuseUnknown() {
        for (var entry : mapping.entries()) {
            if (!known.contains(entry.key())) {
                var near = Nearest.of(entry.key(), known);
                reading.problems()
                        .error(
                                entry.keyPlace(),
                                pathOf(entry.key()),
                                "unknown key `" + entry.key() + "`",
                                near.map(word -> "did you mean `" + word + "`?")
                                        .orElseGet(() -> "known here: " + String.join(", ", known)));
            }
        }
    }
}
