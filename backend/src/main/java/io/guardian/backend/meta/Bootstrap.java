package io.guardian.backend.meta;

import java.time.Instant;
import java.util.Optional;

/** What a server needs before anyone can ask it anything: an organisation and a key to it. */
public final class Bootstrap {
    public static final String ORGANISATION = "default";
    private static final String PRINCIPAL = "admin@localhost";

    private Bootstrap() {}

    /**
     * On a store without an organisation, makes the organisation {@code default} and its first admin key.
     *
     * @param chosen text of the key when the operator chose one
     * @return the text of the key, to be shown once; empty when the store was in use already
     */
    public static Optional<String> firstAdmin(MetaStore meta, Optional<String> chosen, Instant now) {
        if (!meta.organisations().list().isEmpty()) {
            return Optional.empty();
        }
        var organisation = meta.organisations().create(ORGANISATION, PRINCIPAL);
        var key = new Keys.NewKey(organisation.uid(), PRINCIPAL, "first admin key", Role.ADMIN, Validity.from(now));
        if (chosen.isEmpty()) {
            return Optional.of(meta.keys().create(key).secret());
        }
        var added = meta.keys().importSecret(chosen.get(), key);
        return added.orgUid().equals(organisation.uid()) ? chosen : Optional.empty();
    }
}
