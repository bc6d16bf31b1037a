package io.guardian.core.event;

import io.guardian.core.text.Json;

/**
 * The envelope of an event.
 *
 * @param id its uid
 * @param version 1, and more when a later record of the same event counts repeats
 * @param timeMicros when it happened
 */
public record Stamp(String id, long version, long timeMicros) {

    Json.ObjBuilder begin(EventKind kind) {
        return Json.object()
                .put("id", id)
                .put("schema", kind.schema())
                .put("time", Seconds.json(timeMicros))
                .put("version", version);
    }

    static Stamp read(Fields in) {
        return new Stamp(in.text("id"), in.wholeOr("version", 1), in.micros("time"));
    }
}
