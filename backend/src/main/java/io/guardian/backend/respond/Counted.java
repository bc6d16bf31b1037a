package io.guardian.backend.respond;

import io.guardian.core.text.Json;

/** A deviation as the limits of an hour look at it. */
interface Counted {
    String org();

    /** Organisation, policy, checksum and mode: what is counted together. */
    String key();

    /** The deviation's record. */
    Json.Obj entry();

    /** Uid of the deviation. */
    default String id() {
        return entry().text("id");
    }

    long timeMicros();

    /** The line that ends an hour in which there were more than are stored. */
    Json.Obj andMore(long hourMicros, long count);
}
