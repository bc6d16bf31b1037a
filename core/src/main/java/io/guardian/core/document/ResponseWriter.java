package io.guardian.core.document;

import io.guardian.core.policy.Action;
import io.guardian.core.policy.Response;
import io.guardian.core.selector.SelectorsJson;
import io.guardian.core.text.Json;
import java.util.List;

/** Writes a response; an action that says nothing but its name has the body null. */
public final class ResponseWriter {
    private ResponseWriter() {}

    public static Json.Obj write(Response response) {
        return Json.object()
                .put("default", entries(response.defaults()))
                .put("actions", entries(response.actions()))
                .build();
    }

    private static Json.Arr entries(List<Response.Entry> entries) {
        return new Json.Arr(entries.stream().<Json>map(ResponseWriter::entry).toList());
    }

    private static Json.Obj entry(Response.Entry entry) {
        var body = Json.object();
        fields(entry.action(), body);
        if (!entry.enabled()) {
            body.put("enabled", false);
        }
        SelectorsJson.fields(entry.selectors()).forEach(body::put);
        var fields = body.build();
        var value = fields.fields().isEmpty() ? Json.Null.VALUE : fields;
        return Json.object().put(entry.action().type(), value).build();
    }

    private static void fields(Action action, Json.ObjBuilder into) {
        switch (action) {
            case Action.MakeRedFlag(var severity, var content, var impact) ->
                into.put("severity", severity.toString())
                        .putUnlessEmpty("content", content)
                        .putUnlessEmpty("impact", impact);
            case Action.MakeOpsFlag(var severity, var content, var description) ->
                into.put("severity", severity.toString())
                        .putUnlessEmpty("content", content)
                        .putUnlessEmpty("description", description);
            case Action.ReniceProcess(int priority) -> into.put("priority", Integer.toString(priority));
            case Action.KillPod(), Action.KillProcess(), Action.KillProcessGroup(), Action.KillProcessTree() -> {}
        }
    }
}
