package io.guardian.core.document;

import io.guardian.core.policy.PolicyType;
import io.guardian.core.policy.Response;
import java.util.List;

/** Reads the response of a policy; a policy without one flags every deviation. */
final class ResponseReader {
    private ResponseReader() {}

    static Response read(Fields spec, PolicyType type) {
        return spec.take("response")
                .flatMap(Slot::fields)
                .map(fields -> {
                    var response = new Response(
                            entries(fields, "default", new ActionReader(type, false)),
                            entries(fields, "actions", new ActionReader(type, true)));
                    fields.refuseUnknown();
                    return response;
                })
                .orElse(Response.DEFAULT);
    }

    private static List<Response.Entry> entries(Fields fields, String key, ActionReader reader) {
        return fields.take(key)
                .map(list -> list.items(0).stream()
                        .flatMap(item -> reader.read(item).stream())
                        .toList())
                .orElse(List.of());
    }
}
