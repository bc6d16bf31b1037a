package io.guardian.backend.meta;

import java.util.List;
import java.util.Optional;

/** API keys; their text is never stored and never comes back. */
public interface Keys {
    record NewKey(String orgUid, String principal, String name, Role role, Validity validity) {}

    /** @param secret the text of the key, shown once */
    record CreatedKey(ApiKey key, String secret) {
        @Override
        public String toString() {
            return "CreatedKey[" + key.uid() + "]";
        }
    }

    CreatedKey create(NewKey key);

    /** Adds a key whose text was chosen outside; when that text is already known, the stored key stays as it is. */
    ApiKey importSecret(String secret, NewKey key);

    /** The key with this text, also when it is revoked or expired. */
    Optional<ApiKey> ofSecret(String secret);

    List<ApiKey> list(String orgUid);

    /** Empty when the organisation has no such key. */
    Optional<ApiKey> revoke(String orgUid, String uid);
}
