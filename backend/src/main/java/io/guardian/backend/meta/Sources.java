package io.guardian.backend.meta;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

public interface Sources {
    /** By name. */
    List<Source> list(String orgUid);

    Optional<Source> get(String orgUid, String uid);

    /** Adds the source or replaces the one with its uid. */
    void put(Source source);

    /** Moves the time of the newest data forward; an older time changes nothing. */
    void touch(String orgUid, String uid, Instant lastData);

    boolean delete(String orgUid, String uid);
}
