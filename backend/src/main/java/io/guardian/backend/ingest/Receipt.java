package io.guardian.backend.ingest;

import io.guardian.core.text.Json;
import java.util.List;

/** What became of a delivery. */
public record Receipt(String batchId, int accepted, int duplicates, List<Rejection> rejected, long throttleMillis) {
    /** @param line counted from 1 */
    public record Rejection(int line, String id, String message) {}

    public Receipt {
        rejected = List.copyOf(rejected);
    }

    public Json.Obj toJson() {
        return Json.object()
                .put("batch_id", batchId)
                .put("accepted", accepted)
                .put("duplicates", duplicates)
                .put(
                        "rejected",
                        new Json.Arr(rejected.stream().map(Receipt::json).toList()))
                .put("throttle_ms", throttleMillis)
                .build();
    }

    private static Json json(Rejection rejection) {
        return Json.object()
                .put("line", rejection.line())
                .put("id", rejection.id())
                .put("msg", rejection.message())
                .build();
    }
}
