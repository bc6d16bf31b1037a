package io.guardian.backend.meta;

import io.guardian.core.text.Json;
import java.time.Instant;

/**
 * Who did what. Never holds a secret.
 *
 * @param principalType {@code user}, {@code agent} or {@code system}
 * @param operation such as {@code policy.update}
 * @param objectVersion 0 for objects without versions
 * @param result {@code ok}, {@code denied} or {@code failed}
 * @param change a JSON patch (RFC 6902) against the version before, or an empty array
 */
public record AuditEntry(
        String orgUid,
        Instant time,
        String principal,
        String principalType,
        String operation,
        String objectUid,
        String objectName,
        long objectVersion,
        String reason,
        String result,
        int status,
        String sourceIp,
        String contextUid,
        String message,
        Json.Arr change) {}
