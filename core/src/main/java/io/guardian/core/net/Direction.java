package io.guardian.core.net;

import java.util.Locale;

/** Which side opened a connection, seen from the workload. */
public enum Direction {
    INGRESS,
    EGRESS;

    /** {@code ingress} or {@code egress}. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
