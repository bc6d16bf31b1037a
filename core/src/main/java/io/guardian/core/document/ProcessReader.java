package io.guardian.core.document;

import io.guardian.core.policy.ProcessNode;
import io.guardian.core.policy.ProcessNode.ListeningSockets;
import java.util.List;

/** Reads process nodes. */
final class ProcessReader {
    private final NodeIds ids;

    ProcessReader(NodeIds ids) {
        this.ids = ids;
    }

    List<ProcessNode> roots(Slot list) {
        return list.items(0).stream().map(this::root).toList();
    }

    ProcessNode root(Slot slot) {
        return node(slot, true);
    }

    List<ProcessNode> children(Slot list) {
        return list.items(0).stream().map(slot -> node(slot, false)).toList();
    }

    private ProcessNode node(Slot slot, boolean isRoot) {
        return slot.fields().map(fields -> node(fields, isRoot)).orElseGet(ProcessReader::standIn);
    }

    private ProcessNode node(Fields fields, boolean isRoot) {
        String name = fields.requireText("name");
        var exe = fields.require("exe").map(slot -> slot.texts(1)).orElse(List.of());
        var idSlot = fields.require("id");
        String id = idSlot.map(Slot::text).orElse("");
        idSlot.ifPresent(slot -> ids.add(slot, id));
        if (isRoot && !fields.has("euser")) {
            fields.reading()
                    .problems()
                    .error(
                            fields.mapping().place(),
                            fields.pathOf("euser"),
                            "required field is missing on a root process",
                            "list its users, or write `euser: ['*']` for any");
        }
        var euser = fields.take("euser").map(slot -> slot.texts(1)).orElse(List.of());
        var sockets = fields.take("listeningSockets")
                .<ListeningSockets>map(slot -> new ListeningSockets.Listed(PortReader.read(slot, 0)))
                .orElse(ListeningSockets.ANY);
        var children = fields.take("children").map(this::children).orElse(List.of());
        fields.refuseUnknown();
        return new ProcessNode(name, exe, id, euser, sockets, children);
    }

    private static ProcessNode standIn() {
        return new ProcessNode("", List.of(), "", List.of(), ListeningSockets.ANY, List.of());
    }
}
