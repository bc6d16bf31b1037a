package io.guardian.backend.ingest;

/** A delivery that can't be taken in as a whole. Nothing of it was stored. */
public final class Refused extends Exception {
    /** Why, which says what the sender has to do. */
    public enum Reason {
        /** Never send it again. */
        UNREADABLE,
        /** Split it. */
        TOO_LARGE,
        /** Send it again later. */
        BUSY,
        /** Send it again later: the disk is full. */
        NO_ROOM
    }

    private final Reason reason;

    Refused(Reason reason, String message) {
        super(message);
        this.reason = reason;
    }

    public Reason reason() {
        return reason;
    }
}
