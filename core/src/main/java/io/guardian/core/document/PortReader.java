package io.guardian.core.document;

import io.guardian.core.net.PortRange;
import io.guardian.core.net.Protocol;
import java.util.List;

/** Reads port items. */
final class PortReader {
    private PortReader() {}

    static List<PortRange> read(Slot list, int minimum) {
        return list.items(minimum).stream()
                .map(slot -> slot.fields().map(PortReader::read).orElseGet(() -> PortRange.of(Protocol.TCP, 0)))
                .toList();
    }

    private static PortRange read(Fields fields) {
        var protocol = fields.require("protocol")
                .map(slot -> Choice.read(slot, Protocol::parse, Protocol.values(), Protocol.TCP))
                .orElse(Protocol.TCP);
        int port = fields.require("port")
                .map(slot -> (int) slot.integer(0, PortRange.MAX_PORT))
                .orElse(0);
        int endPort = fields.take("endPort").map(slot -> endPort(slot, port)).orElse(port);
        fields.refuseUnknown();
        return new PortRange(protocol, port, endPort);
    }

    private static int endPort(Slot slot, int port) {
        long errors = slot.reading().problems().errorCount();
        int endPort = (int) slot.integer(0, PortRange.MAX_PORT);
        if (endPort < port && slot.reading().problems().errorCount() == errors) {
            slot.error("`" + slot.shown() + "` is under `port`, which is " + port, "swap the two");
        }
        return Math.max(port, endPort);
    }
}
