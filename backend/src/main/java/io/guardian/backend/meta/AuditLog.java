package io.guardian.backend.meta;

import io.guardian.core.text.Json;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * The append-only log of who did what, per organisation. Every record carries the SHA-256 of the one before it, so that
 * a removed or changed record shows.
 */
public interface AuditLog {
    /** The stored record, with its {@code id} and the hash of its predecessor. */
    Json.Obj append(AuditEntry entry);

    /** Records of the half-open window, newest first. */
    List<Json.Obj> list(String orgUid, Instant from, Instant to, int limit);

    /** The id of the first record whose chain is broken; empty when all is well. */
    Optional<String> firstBroken(String orgUid);
}
