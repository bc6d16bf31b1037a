package io.guardian.cli.session;

import io.guardian.cli.api.Call;
import io.guardian.cli.line.UsageException;
import io.guardian.core.text.Json;
import java.util.function.Consumer;

/** Reads what was recorded under a policy: log lines and deviations, oldest first. */
public final class PolicyRecords {
    private PolicyRecords() {}

    /** @param schema such as {@code event_log} or {@code event_deviation} */
    public static void stream(Session session, String policyUid, String schema, Window window, Consumer<Json.Obj> each)
            throws UsageException {
        var filter = Json.object()
                .put("filter", Json.object().put("schema", schema).build())
                .build();
        session.org().stream(
                org -> Call.query(
                        "/org/" + org + "/analyticspolicy/logs",
                        window.putInto(Json.object()
                                        .put("org_uid", org)
                                        .put("src_uid", policyUid)
                                        .put("data_type", "audit"))
                                .put("pipeline", new Json.Arr(java.util.List.of(filter)))
                                .build()),
                each);
    }
}
