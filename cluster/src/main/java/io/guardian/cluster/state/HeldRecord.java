package io.guardian.cluster.state;

import io.guardian.cluster.model.RecordDraft;

/** A record as it was last made, and how far the server knows it. Touched under the state's lock only. */
final class HeldRecord {
    private final String id;
    private final String type;
    private final long fromMicros;
    private long toMicros;
    private PackedBody body;
    private long version;

    HeldRecord(RecordDraft draft) {
        this.id = draft.id();
        this.type = draft.type();
        this.fromMicros = draft.fromMicros();
        this.toMicros = draft.toMicros();
        this.body = PackedBody.of(draft.body());
    }

    String id() {
        return id;
    }

    long version() {
        return version;
    }

    /** Takes in a new form of the record; its beginning stays. */
    boolean update(RecordDraft draft) {
        var packed = PackedBody.of(draft.body());
        if (packed.isSame(body) && draft.toMicros() == toMicros) {
            return false;
        }
        body = packed;
        toMicros = draft.toMicros();
        return true;
    }

    RecordDraft draft() {
        return new RecordDraft(id, type, fromMicros, toMicros, body.unpack());
    }

    /** The record's last form, ended now unless it had ended before. */
    RecordDraft ended(long nowMicros) {
        long end = toMicros == RecordDraft.ALIVE ? nowMicros : toMicros;
        return new RecordDraft(id, type, fromMicros, end, body.unpack());
    }

    boolean isAlive() {
        return toMicros == RecordDraft.ALIVE;
    }

    /** The next version: milliseconds, or one more if that isn't newer. */
    long nextVersion(long nowMicros) {
        version = Math.max(version + 1, nowMicros / 1000);
        return version;
    }

    /** The server has this version already. */
    void atLeast(long known) {
        version = Math.max(version, known);
    }
}
