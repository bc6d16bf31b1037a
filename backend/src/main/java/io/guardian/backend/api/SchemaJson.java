package io.guardian.backend.api;

import io.guardian.backend.query.spyql.Join;
import io.guardian.core.schema.SearchSchema;
import io.guardian.core.schema.SearchSchemas;
import io.guardian.core.text.Json;
import java.util.Set;

/** What can be searched, as clients read it. */
final class SchemaJson {
    private static final String VERSION = "1.0.0";
    private static final Set<String> HIDDEN = Set.of(
            "event_deviation",
            "event_metric",
            "event_metric_machine",
            "event_agent_health",
            "event_top_data",
            "model_agent",
            "model_fingerprint",
            "model_bundled_connection",
            "model_organization");

    private SchemaJson() {}

    static Json.Obj all() {
        var all = Json.object();
        SearchSchemas.all().forEach(schema -> all.put(schema.id(), json(schema)));
        return all.build();
    }

    private static Json.Obj json(SearchSchema schema) {
        var projection = Json.object();
        var descriptions = Json.object();
        schema.fields().forEach((field, type) -> {
            projection.put(field, type.wireName());
            descriptions.put(
                    field,
                    Json.object()
                            .put("title", FieldTexts.title(field))
                            .put("desc", FieldTexts.description(field, schema.title()))
                            .build());
        });
        var json = Json.object()
                .put("title", schema.title())
                .put("version", VERSION)
                .put("projection", projection.build())
                .put("descriptions", descriptions.build())
                .put("joins", joins(schema));
        if (HIDDEN.contains(schema.id())) {
            json.put("omit_from_console", true);
        }
        return json.build();
    }

    private static Json.Obj joins(SearchSchema schema) {
        var joins = Json.object();
        Join.of(schema.id())
                .values()
                .forEach(join -> joins.put(
                        join.name(),
                        Json.object()
                                .put("real_name", join.many() ? join.name() + "[*]" : join.name())
                                .put("new_schema", join.to())
                                .put("one_to_many", join.oneToMany())
                                .build()));
        return joins.build();
    }
}
