package io.guardian.core.document;

import io.guardian.core.text.Json;
import java.util.List;

/**
 * Names fingerprints or deviations instead of holding them.
 *
 * @param startSeconds since the epoch
 * @param endSeconds after the start
 * @param uids {@code fprint:} or {@code dev:} uids; the older {@code audit:} is one of a deviation
 */
public record UidList(double startSeconds, double endSeconds, List<String> uids) implements Resource {
    public UidList {
        uids = List.copyOf(uids);
    }

    @Override
    public Kind kind() {
        return Kind.UID_LIST;
    }

    @Override
    public String name() {
        return "";
    }

    @Override
    public String uid() {
        return "";
    }

    static UidList read(Fields metadata, Fields data) {
        double start = number(metadata, "startTime");
        double end = number(metadata, "endTime");
        metadata.take("endTime")
                .filter(slot -> end <= start && slot.isScalar())
                .ifPresent(slot -> slot.error("`" + slot.shown() + "` is not after startTime", "swap the two"));
        var uids = data.require("uniqueIdentifiers")
                .map(list -> list.items(0).stream().map(UidList::uid).toList())
                .orElse(List.of());
        data.refuseUnknown();
        return new UidList(start, end, uids);
    }

    private static double number(Fields metadata, String key) {
        return metadata.require(key).map(slot -> slot.number().orElse(0)).orElse(0.0);
    }

    private static String uid(Slot slot) {
        String uid = slot.text();
        boolean known = uid.startsWith("fprint:") || uid.startsWith("dev:") || uid.startsWith("audit:");
        if (!uid.isEmpty() && !known) {
            slot.error(
                    "`" + slot.shown() + "` is no uid of a fingerprint or deviation",
                    "such uids begin with `fprint:` or `dev:`");
        }
        return uid;
    }

    public Json.Obj toJson() {
        return Json.object()
                .put("apiVersion", Documents.API_VERSION)
                .put("kind", kind().toString())
                .put(
                        "metadata",
                        Json.object()
                                .put("startTime", startSeconds)
                                .put("endTime", endSeconds)
                                .build())
                .put(
                        "data",
                        Json.object()
                                .put("uniqueIdentifiers", Json.strings(uids))
                                .build())
                .build();
    }
}
