package io.guardian.core.document;

import io.guardian.core.policy.Switches;
import io.guardian.core.text.Json;
import java.util.Locale;

/** The fields that switch checks off; those that switch nothing off are left out. */
final class SwitchesJson {
    private SwitchesJson() {}

    static void write(Switches switches, Json.ObjBuilder into) {
        if (switches.processes()) {
            into.put("disableProcesses", "all");
        }
        put(into, "disableConnections", switches.connections());
        put(into, "disablePrivateConnections", switches.privateConnections());
        put(into, "disablePublicConnections", switches.publicConnections());
    }

    private static void put(Json.ObjBuilder into, String key, Switches.Directions directions) {
        if (directions != Switches.Directions.NONE) {
            into.put(key, directions.name().toLowerCase(Locale.ROOT));
        }
    }
}
