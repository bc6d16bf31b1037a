package io.guardian.backend.http;

import io.guardian.core.text.Json;

/**
 * What a handler adds to the audit record of a call.
 *
 * @param change a JSON patch against the version before
 */
public record AuditNote(
        String objectUid, String objectName, long objectVersion, String reason, String message, Json.Arr change) {
    public static final AuditNote NONE = new AuditNote("", "", 0, "", "", Json.Arr.EMPTY);

    public static AuditNote of(String objectUid, String objectName) {
        return new AuditNote(objectUid, objectName, 0, "", "", Json.Arr.EMPTY);
    }

    public AuditNote withVersion(long version) {
        return new AuditNote(objectUid, objectName, version, reason, message, change);
    }

    public AuditNote withReason(String text) {
        return new AuditNote(objectUid, objectName, objectVersion, text, message, change);
    }

    public AuditNote withMessage(String text) {
        return new AuditNote(objectUid, objectName, objectVersion, reason, text, change);
    }

    public AuditNote withChange(Json.Arr patch) {
        return new AuditNote(objectUid, objectName, objectVersion, reason, message, patch);
    }
}
