package io.guardian.cluster.model;

import io.guardian.core.event.Seconds;
import io.guardian.core.text.Json;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * A record but for its version.
 *
 * @param type first part of the schema
 * @param fromMicros when the thing began
 * @param toMicros when it ended, or {@link #ALIVE}
 * @param body all fields but the envelope
 */
public record RecordDraft(String id, String type, long fromMicros, long toMicros, Json.Obj body) {
    /** The end of what lives. */
    public static final long ALIVE = -1;

    private static final String VERSION_SUFFIX = "::1.0.0";

    public boolean isAlive() {
        return toMicros == ALIVE;
    }

    /** The object's labels. */
    public Map<String, String> labels() {
        var labels = new LinkedHashMap<String, String>();
        body.object("metadata").object("labels").fields().forEach((key, value) -> {
            if (value instanceof Json.Str(var text)) {
                labels.put(key, text);
            }
        });
        return labels;
    }

    /** The reference to the object's owner, with {@code kind}, {@code name} and {@code uid}. */
    public Optional<Json.Obj> controller() {
        return ObjectFields.controller(body);
    }

    RecordDraft with(Json.Obj changed) {
        return new RecordDraft(id, type, fromMicros, toMicros, changed);
    }

    /** The whole record, as it goes to the server. */
    public Json.Obj record(long version, long nowMicros) {
        var out = Json.object()
                .put("id", id)
                .put("schema", type + VERSION_SUFFIX)
                .put("time", Seconds.json(Math.max(nowMicros, fromMicros)))
                .put("version", version)
                .put("status", isAlive() ? "active" : "closed")
                .put("valid_from", Seconds.json(fromMicros));
        if (!isAlive()) {
            out.put("valid_to", Seconds.json(Math.max(toMicros, fromMicros)));
        }
        // One map of the whole: copying it once is what the other fields cost anyway.
        body.fields().forEach(out::put);
        return out.build();
    }
}
