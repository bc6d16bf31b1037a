package io.guardian.backend.meta;

import java.time.Instant;
import java.util.List;
import java.util.Map;

public interface Clusters {
    /** By name. */
    List<Cluster> list(String orgUid);

    /**
     * The revision of the labels of a cluster's namespaces: as before when the hash is the one that was given last,
     * else one more.
     */
    long namespacesRevision(String orgUid, String uid, String hash);

    /** The revisions that were given last, by cluster. */
    Map<String, Long> namespacesRevisions(String orgUid);

    /** Moves the time of the newest data forward; an older time changes nothing. */
    void touch(String orgUid, String uid, Instant lastData);
}
