package io.guardian.backend.api;

import io.guardian.backend.meta.Stored;
import io.guardian.core.document.Hashes;
import io.guardian.core.text.Json;
import java.time.Instant;
import java.util.List;

/**
 * Puts into a document what the server keeps up to date, whatever the client sent: uid, version, times, names of those
 * who made and changed it, and for policies the hash of the selectors. Everything else stays as sent, in its order.
 */
final class Stamp {
    private Stamp() {}

    /** The first version. */
    static Stored first(String org, String uid, Json.Obj document, List<String> tags, String by, Instant now) {
        return stored(org, uid, 1, document, tags, now, by, now, by, "created");
    }

    /** The version after {@code before}. */
    static Stored next(Stored before, Json.Obj document, List<String> tags, String by, Instant now, String change) {
        return stored(
                before.orgUid(),
                before.uid(),
                before.version() + 1,
                document,
                tags,
                before.created(),
                before.createdBy(),
                now,
                by,
                change);
    }

    private static Stored stored(
            String org,
            String uid,
            long version,
            Json.Obj document,
            List<String> tags,
            Instant created,
            String createdBy,
            Instant updated,
            String updatedBy,
            String change) {
        var spec = document.object("spec");
        var metadata = document.object("metadata")
                .with("uid", Json.of(uid))
                .with("version", Json.of(version))
                .with("creationTimestamp", Json.of(Wire.seconds(created)))
                .with("createdBy", Json.of(createdBy))
                .with("lastUpdatedTimestamp", Json.of(Wire.seconds(updated)))
                .with("lastUpdatedBy", Json.of(updatedBy));
        if (document.text("kind").equals("SpyderbatPolicy")) {
            metadata = metadata.with("selectorHash", Json.of(Hashes.selectorHash(spec)));
        }
        return new Stored(
                org,
                uid,
                version,
                metadata.text("name"),
                metadata.text("type"),
                document.with("metadata", metadata),
                tags,
                created,
                createdBy,
                updated,
                updatedBy,
                change,
                false);
    }

    /** What an update changed: {@code mode} or {@code enabled} when nothing else of the spec did, else {@code spec}. */
    static String changeOf(Json.Obj before, Json.Obj after) {
        var old = before.object("spec");
        var now = after.object("spec");
        if (!old.equals(now) && old.without("mode").equals(now.without("mode"))) {
            return "mode";
        }
        if (!old.equals(now) && old.without("enabled").equals(now.without("enabled"))) {
            return "enabled";
        }
        return "spec";
    }
}
