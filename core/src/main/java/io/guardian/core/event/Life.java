package io.guardian.core.event;

import io.guardian.core.text.Json;

/**
 * The envelope of a model.
 *
 * @param id its uid
 * @param version grows with every update
 * @param timeMicros when this version was observed
 * @param fromMicros when it began
 * @param toMicros when it ended, or {@link #OPEN}
 */
public record Life(String id, long version, long timeMicros, long fromMicros, long toMicros) {
    /** The end of what has not ended. */
    public static final long OPEN = -1;

    /**
     * First version of something that began at this time. Versions are milliseconds, or one more if that isn't newer.
     */
    public static Life begun(String id, long fromMicros) {
        return new Life(id, firstVersion(fromMicros), fromMicros, fromMicros, OPEN);
    }

    private static long firstVersion(long fromMicros) {
        return Math.max(1, fromMicros / 1000);
    }

    /** Whether nobody was told of it before this version. It may have ended all the same. */
    public boolean isFirst() {
        return version <= firstVersion(fromMicros);
    }

    public boolean isClosed() {
        return toMicros != OPEN;
    }

    /** The next version, observed now. */
    public Life updated(long nowMicros) {
        return new Life(id, after(nowMicros), Math.max(nowMicros, timeMicros), fromMicros, toMicros);
    }

    /** The next and last version. */
    public Life ended(long atMicros) {
        return new Life(
                id, after(atMicros), Math.max(atMicros, timeMicros), fromMicros, Math.max(atMicros, fromMicros));
    }

    /** This state under the version of an older one, which it replaces before anybody was told of that. */
    public Life insteadOf(Life untold) {
        return new Life(id, untold.version, timeMicros, fromMicros, toMicros);
    }

    private long after(long micros) {
        return Math.max(version + 1, micros / 1000);
    }

    Json.ObjBuilder begin(EventKind kind) {
        var out = Json.object()
                .put("id", id)
                .put("schema", kind.schema())
                .put("time", Seconds.json(timeMicros))
                .put("version", version)
                .put("status", isClosed() ? "closed" : "active")
                .put("valid_from", Seconds.json(fromMicros));
        if (isClosed()) {
            out.put("valid_to", Seconds.json(toMicros));
            out.put("duration", Seconds.json(toMicros - fromMicros));
        }
        return out;
    }

    static Life read(Fields in) {
        long time = in.micros("time");
        return new Life(
                in.text("id"),
                in.wholeOr("version", 1),
                time,
                in.microsOr("valid_from", time),
                in.microsOr("valid_to", OPEN));
    }
}
