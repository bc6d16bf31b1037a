package io.guardian.cli.command;

import io.guardian.core.document.PolicyEdits;
import io.guardian.core.fingerprint.Diff;
import io.guardian.core.net.Direction;
import io.guardian.core.policy.Behaviour;
import io.guardian.core.policy.BehaviourJson;
import io.guardian.core.policy.NetworkEntry;
import io.guardian.core.text.Json;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A merged document with {@code diff: added}, {@code changed} or {@code removed} on every node and entry that is. */
final class DiffMarks {
    private final Map<String, Json> nodeMarks = new HashMap<>();

    private DiffMarks() {}

    static Json.Obj on(PolicyEdits.Merged merged) {
        var marks = new DiffMarks();
        merged.diff()
                .nodes()
                .forEach(change -> marks.nodeMarks.put(
                        change.node().id(), Json.of(change.mark().toString())));
        var spec = merged.document().object("spec");
        var network = spec.object("networkPolicy");
        for (var direction : Direction.values()) {
            String key = direction.name().toLowerCase(java.util.Locale.ROOT);
            network = network.with(key, entries(network.array(key), merged.diff(), direction));
        }
        return merged.document()
                .with(
                        "spec",
                        spec.with("processPolicy", marks.nodes(spec.array("processPolicy")))
                                .with("networkPolicy", network));
    }

    private Json.Arr nodes(Json.Arr list) {
        var marked = new ArrayList<Json>();
        for (var node : list.objects()) {
            var mark = nodeMarks.get(node.text("id"));
            var shown = mark == null ? node : node.with("diff", mark);
            marked.add(
                    node.get("children").isPresent() ? shown.with("children", nodes(node.array("children"))) : shown);
        }
        return new Json.Arr(marked);
    }

    /** Entries split to one port, since changes are told per port. */
    private static Json.Arr entries(Json.Arr list, Diff diff, Direction direction) {
        var shown = new ArrayList<Json>();
        var marks = new HashMap<Json, Json>();
        for (var change : diff.entries()) {
            if (change.direction() == direction) {
                var entry = json(change.entry(), direction);
                var mark = Json.of(change.mark().toString());
                if (change.mark() == Diff.Mark.REMOVED) {
                    shown.add(entry.with("diff", mark));
                } else {
                    marks.put(entry, mark);
                }
            }
        }
        for (var entry : list.objects()) {
            for (var port : entry.array("ports").items()) {
                var single = entry.with("ports", new Json.Arr(List.of(port)));
                var mark = marks.get(single);
                shown.add(mark == null ? single : single.with("diff", mark));
            }
        }
        return new Json.Arr(shown);
    }

    private static Json.Obj json(NetworkEntry entry, Direction direction) {
        var behaviour = switch (direction) {
            case EGRESS -> new Behaviour(List.of(), List.of(entry), List.of());
            case INGRESS -> new Behaviour(List.of(), List.of(), List.of(entry));
        };
        var written = BehaviourJson.network(behaviour);
        return written.array(direction.name().toLowerCase(java.util.Locale.ROOT))
                .objects()
                .getFirst();
    }
}
