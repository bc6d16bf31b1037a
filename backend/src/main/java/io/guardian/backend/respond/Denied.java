package io.guardian.backend.respond;

import io.guardian.core.id.Uids;
import io.guardian.core.ruleset.ContainerDeviation;
import io.guardian.core.selector.Subject;

/**
 * A container that a cluster policy denies.
 *
 * @param fromMicros when the container began
 * @param object the container as selectors see it
 * @param isNew whether nothing of it is stored yet, so that nothing can have been done about it
 */
public record Denied(
        String org,
        String clusterUid,
        String containerUid,
        long fromMicros,
        JudgedBy policy,
        ContainerDeviation deviation,
        Subject object,
        boolean isNew) {

    /** The same for the same verdict on the same container, whenever it is made. */
    public String uid() {
        return Uids.deviation(
                org,
                fromMicros,
                policy.uid(),
                checksum(),
                containerUid,
                policy.mode().toString());
    }

    public String checksum() {
        return deviation.document().checksum();
    }
}
