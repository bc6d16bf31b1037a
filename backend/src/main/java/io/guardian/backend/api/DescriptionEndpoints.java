package io.guardian.backend.api;

import io.guardian.backend.http.Access;
import io.guardian.backend.http.Answer;
import io.guardian.backend.http.Endpoint;
import io.guardian.core.text.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/** The server's version, and the description of its API made from the endpoints themselves. */
final class DescriptionEndpoints {
    private static final String VERSION = "0.1.0";
    private static final Pattern PARAMETER = Pattern.compile("\\{([a-z_]+)}");

    private final List<Endpoint> described;

    DescriptionEndpoints(List<Endpoint> described) {
        this.described = List.copyOf(described);
    }

    List<Endpoint> all() {
        return List.of(
                Endpoint.get(Wire.ROOT + "/version", Access.OPEN, "Says which version runs.", _ -> version()),
                Endpoint.get("/openapi.json", Access.OPEN, "Describes this API.", _ -> Answer.json(openApi())));
    }

    private static Answer version() {
        return Answer.json(Json.object()
                .put("name", "guardian")
                .put("version", VERSION)
                .put("commit", System.getProperty("guardian.commit", "unknown"))
                .put("api", "v1")
                .build());
    }

    private Json.Obj openApi() {
        Map<String, Json.ObjBuilder> paths = new LinkedHashMap<>();
        for (var endpoint : described) {
            paths.computeIfAbsent(endpoint.path(), _ -> Json.object())
                    .put(endpoint.verb().name().toLowerCase(Locale.ROOT), operation(endpoint));
        }
        var all = Json.object();
        paths.forEach((path, operations) -> all.put(path, operations.build()));
        var bearer = Json.object().put("type", "http").put("scheme", "bearer").build();
        return Json.object()
                .put("openapi", "3.1.0")
                .put(
                        "info",
                        Json.object()
                                .put("title", "Guardian")
                                .put("version", VERSION)
                                .build())
                .put("paths", all.build())
                .put(
                        "components",
                        Json.object()
                                .put(
                                        "securitySchemes",
                                        Json.object().put("key", bearer).build())
                                .build())
                .build();
    }

    private static Json.Obj operation(Endpoint endpoint) {
        var parameters = new ArrayList<Json>();
        var names = PARAMETER.matcher(endpoint.path());
        while (names.find()) {
            parameters.add(Json.object()
                    .put("name", names.group(1))
                    .put("in", "path")
                    .put("required", true)
                    .put("schema", Json.object().put("type", "string").build())
                    .build());
        }
        var responses = Json.object()
                .put("200", Json.object().put("description", "done").build())
                .put(
                        "default",
                        Json.object()
                                .put("description", "refused, `msg` says why")
                                .build())
                .build();
        var operation = Json.object()
                .put("summary", endpoint.summary())
                .put("parameters", new Json.Arr(parameters))
                .put("responses", responses);
        if (endpoint.access() instanceof Access.Key(var permission)) {
            operation.put("x-permission", permission.toString());
        }
        if (!(endpoint.access() instanceof Access.Open)) {
            operation.put(
                    "security",
                    new Json.Arr(
                            List.of(Json.object().put("key", Json.Arr.EMPTY).build())));
        }
        return operation.build();
    }
}
