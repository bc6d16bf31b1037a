package io.guardian.cli.session;

import io.guardian.cli.api.Call;
import io.guardian.cli.line.UsageException;
import io.guardian.core.text.Json;
import java.util.List;
import java.util.function.Consumer;

/** Reads the objects of one cluster that were there in a time window, each as it was last. */
public final class ClusterRecords {
    private ClusterRecords() {}

    /** @param schema such as {@code model_container} */
    public static void stream(Session session, String clusterUid, String schema, Window window, Consumer<Json.Obj> each)
            throws UsageException {
        var pipeline = new Json.Arr(List.of(
                Json.object()
                        .put("filter", Json.object().put("schema", schema).build())
                        .build(),
                Json.object().put("latest_model", Json.Obj.EMPTY).build()));
        session.org().stream(
                org -> Call.query(
                        "/source/query/",
                        window.putInto(Json.object()
                                        .put("org_uid", org)
                                        .put("src_uid", clusterUid + "_poco")
                                        .put("data_type", "k8s"))
                                .put("pipeline", pipeline)
                                .build()),
                each);
    }
}
