package io.guardian.backend.meta;

import io.guardian.core.text.Json;
import java.time.Instant;
import java.util.List;

/**
 * Where data comes from: a machine, or what a forwarder sends.
 *
 * @param lastData time of the newest data, {@link Validity#OPEN} for none yet
 * @param runtimeDetails what the agent told of its machine
 */
public record Source(
        String orgUid,
        String uid,
        String name,
        String description,
        String agentUid,
        String registrationUid,
        String agentType,
        List<String> tags,
        boolean archived,
        Instant lastData,
        Validity validity,
        Json.Obj runtimeDetails) {
    public Source {
        tags = List.copyOf(tags);
    }

    public Source described(String newName, String newDescription, List<String> newTags, boolean nowArchived) {
        return new Source(
                orgUid,
                uid,
                newName,
                newDescription,
                agentUid,
                registrationUid,
                agentType,
                newTags,
                nowArchived,
                lastData,
                validity,
                runtimeDetails);
    }
}
