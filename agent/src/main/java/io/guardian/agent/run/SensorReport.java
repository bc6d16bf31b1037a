package io.guardian.agent.run;

import io.guardian.agent.decode.RecordSource;
import io.guardian.core.text.Json;
import io.guardian.ebpf.Capabilities;
import java.util.TreeMap;

/** What the sensor turned out to be able to do on this machine, as the heartbeat tells it. */
final class SensorReport {
    private SensorReport() {}

    static Json.Obj of(RecordSource source) {
        var report = Json.object().put("source", source.kind());
        source.capabilities().ifPresent(found -> put(report, found));
        return report.put("limits_of_sight", Json.strings(source.limits())).build();
    }

    private static void put(Json.ObjBuilder report, Capabilities found) {
        var programs = Json.object();
        found.programs()
                .forEach(program -> programs.put(
                        program.name(), program.attached() ? "attached" : "not attached: " + program.reason()));
        var backEnds = Json.object();
        found.backEnds().forEach(backEnd -> backEnds.put(backEnd.part(), backEnd.choice()));
        var limits = Json.object();
        new TreeMap<>(found.limits()).forEach(limits::put);
        report.put("kernel", found.kernel())
                .put("arch", found.architecture())
                .put("cgroups", found.cgroups())
                .put("taken_over", found.takenOver())
                .put("programs", programs.build())
                .put("back_ends", backEnds.build())
                .put("map_limits", limits.build());
    }
}
