package io.guardian.backend.api;

import io.guardian.backend.http.Access;
import io.guardian.backend.http.Answer;
import io.guardian.backend.http.Call;
import io.guardian.backend.http.Endpoint;
import io.guardian.backend.http.Query;
import io.guardian.backend.meta.AuditLog;
import io.guardian.backend.meta.Permission;
import io.guardian.core.text.Json;
import java.util.List;

/** The audit log. Nothing here, or anywhere, deletes from it. */
final class AuditEndpoints {
    private static final int MAX_READ = 100_000;

    private final AuditLog log;

    AuditEndpoints(AuditLog log) {
        this.log = log;
    }

    List<Endpoint> all() {
        return List.of(Endpoint.get(
                Wire.ORG + "/audit",
                Access.key(Permission.READ_AUDIT),
                "Lists who did what, newest first.",
                this::list));
    }

    private Answer list(Call call) {
        var query = call.query();
        var window = DataWindow.of(
                query.seconds("start_time").orElse(0.0),
                query.seconds("end_time").orElse(Wire.seconds(call.now()) + 1));
        var found = log.list(call.org(), Wire.instant(window.start()), Wire.instant(window.end()), MAX_READ).stream()
                .filter(record -> wanted(record, query))
                .toList();
        if (query.text("format").filter("ndjson"::equals).isPresent()) {
            return Answer.lines(found);
        }
        var page = Paging.of(found, query);
        return Answer.json(Json.object()
                .put("audit_events", Wire.array(page.rows()))
                .put("total_pages", page.totalPages())
                .put("search_total", page.total())
                .build());
    }

    private static boolean wanted(Json.Obj record, Query query) {
        return equal(query, "principal_equals", record.text("principal"))
                && equal(query, "operation_equals", record.text("operation"))
                && equal(query, "object_uid_equals", record.text("object_uid"))
                && equal(query, "result_equals", record.text("result"));
    }

    private static boolean equal(Query query, String filter, String value) {
        return query.text(filter).map(value::equals).orElse(true);
    }
}
