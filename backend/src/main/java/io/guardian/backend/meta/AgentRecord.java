package io.guardian.backend.meta;

import io.guardian.core.text.Json;
import java.time.Instant;

/**
 * A registered agent.
 *
 * @param clusterUid empty when its machine is in no cluster
 * @param facts the registration as sent
 * @param heartbeat the newest heartbeat, an empty object before the first
 * @param status health as shown: {@code Starting}, {@code Normal}, {@code Offline}, …
 */
public record AgentRecord(
        String orgUid,
        String uid,
        String registrationUid,
        String machineId,
        String agentType,
        String muid,
        String sourceUid,
        String clusterUid,
        String hostname,
        Json.Obj facts,
        Json.Obj heartbeat,
        String status,
        Instant registered,
        Instant lastSeen,
        boolean archived) {
    /** Health of an agent that took its leave. */
    public static final String DELETED = "Deleted";

    public boolean isDeregistered() {
        return status.equals(DELETED);
    }
}
