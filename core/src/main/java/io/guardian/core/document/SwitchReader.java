package io.guardian.core.document;

import io.guardian.core.policy.Switches;
import io.guardian.core.policy.Switches.Directions;
import java.util.List;

/** Reads the fields that switch checks off. */
final class SwitchReader {
    private SwitchReader() {}

    static Switches read(Fields spec) {
        boolean processes = spec.take("disableProcesses")
                .map(slot -> Choice.word(slot, List.of("all")).equals("all"))
                .orElse(false);
        return new Switches(
                processes,
                directions(spec, "disableConnections"),
                directions(spec, "disablePrivateConnections"),
                directions(spec, "disablePublicConnections"));
    }

    private static Directions directions(Fields spec, String key) {
        return spec.take(key)
                .map(slot -> switch (Choice.word(slot, List.of("all", "egress", "ingress"))) {
                    case "all" -> Directions.ALL;
                    case "egress" -> Directions.EGRESS;
                    case "ingress" -> Directions.INGRESS;
                    default -> Directions.NONE;
                })
                .orElse(Directions.NONE);
    }
}
