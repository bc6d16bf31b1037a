package io.guardian.backend.respond;

import io.guardian.core.decide.Deviation;
import io.guardian.core.decide.LogLine;
import io.guardian.core.event.Seconds;
import io.guardian.core.policy.Patch;
import io.guardian.core.text.Json;
import java.util.List;

/** Records of the policy log. */
final class Lines {
    private Lines() {}

    static Json.Obj deviation(Case found) {
        return record(found, 0, "guardian_deviation", LogLine.deviation(found.mode(), described(found)))
                .build();
    }

    /** @param action key of the action in the document */
    static Json.Obj action(Case found, int number, String action, String message, String actionUid) {
        return record(found, number, "guardian_action", message)
                .put("action", action)
                .putUnlessEmpty("action_uid", actionUid)
                .build();
    }

    /** Ends the lines of one behaviour in an hour. */
    static Json.Obj andMore(Case found, long hourMicros, long count) {
        return record(found, 0, "guardian_deviation", LogLine.andMore(found.mode(), description(found), count))
                .put(
                        "id",
                        "log:" + found.org() + ":" + hourMicros + ":"
                                + found.event().policy().uid() + ":"
                                + found.event().checksum() + ":" + found.mode())
                .put("time", Seconds.json(hourMicros))
                .build();
    }

    private static Json.ObjBuilder record(Case found, int number, String kind, String message) {
        var event = found.event();
        return Json.object()
                .put("id", found.lineId(number))
                .put("schema", "event_log:" + kind + ":1.0.0")
                .put("original_schema", "event_log:" + kind + ":1.0.0")
                .put("time", Seconds.json(event.timeMicros()))
                .put("version", 1)
                .put("policy_uid", event.policy().uid())
                .put("policy_name", found.policy().policy().name())
                .put("policy_mode", found.mode().toString())
                .put("ref", event.ref())
                .put("deviation_uid", event.id())
                .put("muid", event.owner().muid())
                .putUnlessEmpty("container_uid", event.owner().containerUid())
                .put("message", message);
    }

    private static Deviation described(Case found) {
        return new Deviation(
                found.kind(),
                found.event().policy().uid(),
                new Patch(List.of(), List.of(), List.of()),
                found.event().checksum(),
                description(found),
                found.event().shortDescription());
    }

    /** An agent writes it with the names already made safe; a line break in it would be the agent's own fault. */
    private static String description(Case found) {
        return found.event().description().replaceAll("\\p{Cntrl}", " ");
    }
}
