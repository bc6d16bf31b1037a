package io.guardian.backend.api;

import io.guardian.backend.http.Refusal;
import io.guardian.backend.store.Window;
import io.guardian.core.text.Json;

/** Reads the time window that every data query has. */
final class DataWindow {
    private DataWindow() {}

    static Window of(Json.Obj body) {
        return of(seconds(body, "start_time"), seconds(body, "end_time"));
    }

    static Window of(double start, double end) {
        if (!Double.isFinite(start) || !Double.isFinite(end)) {
            throw Refusal.badRequest("`start_time` and `end_time` are epoch seconds");
        }
        if (start >= end) {
            throw Refusal.badRequest("`start_time` must be before `end_time`");
        }
        return new Window(start, end);
    }

    private static double seconds(Json.Obj body, String field) {
        return body.number(field)
                .map(Json.Num::asDouble)
                .orElseThrow(() -> Refusal.badRequest("`" + field + "` is missing or not a number of epoch seconds"));
    }
}
