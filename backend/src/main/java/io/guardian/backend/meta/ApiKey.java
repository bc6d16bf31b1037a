package io.guardian.backend.meta;

import java.time.Instant;

/**
 * A key as it is kept: without its text.
 *
 * @param principal the e-mail or resource name that acts
 */
public record ApiKey(
        String uid, String orgUid, String principal, String name, Role role, Validity validity, boolean revoked) {

    public boolean usableAt(Instant moment) {
        return !revoked && validity.holdsAt(moment);
    }
}
