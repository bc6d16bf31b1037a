package io.guardian.backend.meta;

import java.time.Instant;
import java.util.List;

public interface Clusters {
    /** By name. */
    List<Cluster> list(String orgUid);

    /** Moves the time of the newest data forward; an older time changes nothing. */
    void touch(String orgUid, String uid, Instant lastData);
}
