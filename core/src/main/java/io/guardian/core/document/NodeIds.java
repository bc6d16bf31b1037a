package io.guardian.core.document;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** The ids of the process nodes of one document: each may be given once, and only those may be referred to. */
final class NodeIds {
    private final Map<String, String> pathById = new HashMap<>();
    private final Set<String> anchors = new HashSet<>();

    /** A node of this document. */
    void add(Slot slot, String id) {
        if (id.isEmpty()) {
            return;
        }
        String first = pathById.putIfAbsent(id, slot.path());
        if (first != null || anchors.contains(id)) {
            slot.error(
                    "process id `" + id + "` is used twice",
                    first == null ? "a policyNode has it already" : "the first is at " + first);
        }
    }

    /** A node of the policy that a deviation refers to; it may be named several times. */
    void addAnchor(Slot slot, String id) {
        if (pathById.containsKey(id)) {
            slot.error("process id `" + id + "` is used twice", "the first is at " + pathById.get(id));
        }
        anchors.add(id);
    }

    /** A reference. */
    void check(Slot slot, String id) {
        if (!id.isEmpty() && !pathById.containsKey(id) && !anchors.contains(id)) {
            var near = io.guardian.core.text.Nearest.of(id, pathById.keySet());
            slot.error(
                    "no process has the id `" + id + "`",
                    near.map(word -> "did you mean `" + word + "`?").orElse("use an `id` of the processPolicy"));
        }
    }
}
