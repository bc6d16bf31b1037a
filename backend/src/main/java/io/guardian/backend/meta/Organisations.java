package io.guardian.backend.meta;

import java.util.List;
import java.util.Optional;

public interface Organisations {
    Organisation create(String name, String ownerEmail);

    /** All organisations, by name. */
    List<Organisation> list();

    Optional<Organisation> get(String uid);

    /** Replaces name, owner and tags; empty when there is no such organisation. */
    Optional<Organisation> update(String uid, String name, String ownerEmail, List<String> tags);
}
