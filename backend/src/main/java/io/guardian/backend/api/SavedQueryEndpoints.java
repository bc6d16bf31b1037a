package io.guardian.backend.api;

import io.guardian.backend.http.Access;
import io.guardian.backend.http.Answer;
import io.guardian.backend.http.AuditNote;
import io.guardian.backend.http.Call;
import io.guardian.backend.http.Endpoint;
import io.guardian.backend.http.Query;
import io.guardian.backend.http.Refusal;
import io.guardian.backend.meta.Mint;
import io.guardian.backend.meta.Permission;
import io.guardian.backend.meta.Stored;
import io.guardian.backend.meta.VersionedDocuments;
import io.guardian.core.schema.SearchSchemas;
import io.guardian.core.text.Json;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;

/** Saved queries: a query with its schema under a name. */
final class SavedQueryEndpoints {
    private static final String PATH = Wire.ORG + "/savedquery";
    private static final String ONE = PATH + "/{uid}";
    private static final String PREFIX = "query:";
    /** What a client may set; everything else is the server's. */
    private static final List<String> GIVEN = List.of(
            "name", "schema", "query", "description", "additional_settings", "notification_settings", "forward");

    private final VersionedDocuments queries;
    private final Mint mint;

    SavedQueryEndpoints(VersionedDocuments queries, Mint mint) {
        this.queries = queries;
        this.mint = mint;
    }

    List<Endpoint> all() {
        var read = Access.key(Permission.LIST_QUERY);
        var write = Access.key(Permission.UPDATE_QUERY);
        return List.of(
                Endpoint.get(PATH, read, "Lists saved queries.", this::list),
                Endpoint.post(PATH, write, "savedquery.create", "Saves a query.", this::create),
                Endpoint.get(ONE, read, "Shows one saved query.", call -> one(current(call))),
                Endpoint.put(ONE, write, "savedquery.update", "Changes a saved query.", this::update),
                Endpoint.put(ONE + "/updatelastused", read, "", "Notes that a saved query was used.", this::used),
                Endpoint.get(ONE + "/dependents", read, "Lists what depends on a saved query.", this::dependents),
                Endpoint.delete(ONE, write, "savedquery.delete", "Deletes a saved query.", this::delete));
    }

    private Answer list(Call call) {
        var query = call.query();
        var all = queries.list(call.org());
        var found = all.stream()
                .filter(stored -> wanted(stored, query))
                .sorted(order(query))
                .map(SavedQueryEndpoints::json)
                .toList();
        var page = Paging.of(found, query);
        return Answer.json(Json.object()
                .put("saved_queries", Wire.array(page.rows()))
                .put("total_pages", page.totalPages())
                .put("search_total", page.total())
                .put("total_queries", all.size())
                .build());
    }

    private static boolean wanted(Stored stored, Query query) {
        var document = stored.document();
        return DocumentFilter.wanted(stored, query)
                && query.text("schema_equals")
                        .map(document.text("schema")::equals)
                        .orElse(true)
                && query.text("schema_contains")
                        .map(part -> Wire.contains(document.text("schema"), part))
                        .orElse(true)
                && query.text("query_equals")
                        .map(document.text("query")::equals)
                        .orElse(true)
                && query.text("query_contains")
                        .map(part -> Wire.contains(document.text("query"), part))
                        .orElse(true);
    }

    private static Comparator<Stored> order(Query query) {
        Comparator<Stored> order = switch (query.text("sort_by").orElse("name")) {
            case "create_time" -> Comparator.comparing(Stored::created);
            case "description" ->
                Comparator.comparing(stored -> stored.document().text("description"));
            case "query" -> Comparator.comparing(stored -> stored.document().text("query"));
            case "schema" -> Comparator.comparing(stored -> stored.document().text("schema"));
            case "last_used" -> Comparator.comparing(Stored::updated);
            default -> Comparator.comparing(Stored::name);
        };
        return query.isTrue("reversed") ? order.reversed() : order;
    }

    private static Json.Obj given(Json.Obj body, Json.Obj before) {
        var document = before;
        for (String field : GIVEN) {
            var value = body.get(field);
            if (value.isPresent() && !(value.get() instanceof Json.Null)) {
                document = document.with(field, value.get());
            }
        }
        Wire.requiredName(document);
        Wire.required(document, "query");
        String schema = Wire.required(document, "schema");
        if (SearchSchemas.byId(schema).isEmpty()) {
            throw Refusal.badRequest("unknown schema `" + schema + "`");
        }
        return document;
    }

    private Answer create(Call call) {
        var document = given(call.jsonObject(), Json.Obj.EMPTY);
        String uid = mint.uid(PREFIX);
        String by = call.key().principal();
        queries.insert(version(call.org(), uid, 1, document, call.now(), by, call.now(), by, "created"));
        call.note(AuditNote.of(uid, document.text("name")).withVersion(1));
        return Answer.json(Json.object().put("uid", uid).build());
    }

    private Answer update(Call call) {
        var before = current(call);
        var body = call.jsonObject();
        var sent = body.get("saved_query").isPresent() ? body.object("saved_query") : body;
        var after = queries.update(
                        call.org(), before.uid(), stored -> next(stored, given(sent, stored.document()), call, "spec"))
                .orElseThrow(() -> unknown(before.uid()));
        call.note(AuditNote.of(after.uid(), after.name())
                .withVersion(after.version())
                .withChange(JsonPatch.between(before.document(), after.document())));
        return one(after);
    }

    /** Kept in the document, since it is no change of the query. */
    private Answer used(Call call) {
        var before = current(call);
        var document = before.document().with("last_used", Json.of(call.now().getEpochSecond()));
        var after = queries.update(call.org(), before.uid(), stored -> next(stored, document, call, "used"))
                .orElseThrow(() -> unknown(before.uid()));
        return one(after);
    }

    private Answer dependents(Call call) {
        current(call);
        return Answer.json(Json.Obj.EMPTY);
    }

    private Answer delete(Call call) {
        var stored = current(call);
        queries.delete(call.org(), stored.uid(), call.key().principal(), call.now());
        call.note(AuditNote.of(stored.uid(), stored.name()));
        return Answer.json(Json.object().put("uid", stored.uid()).build());
    }

    private static Stored next(Stored before, Json.Obj document, Call call, String change) {
        return version(
                before.orgUid(),
                before.uid(),
                before.version() + 1,
                document,
                before.created(),
                before.createdBy(),
                call.now(),
                call.key().principal(),
                change);
    }

    private static Stored version(
            String org,
            String uid,
            long version,
            Json.Obj document,
            Instant created,
            String createdBy,
            Instant updated,
            String updatedBy,
            String change) {
        return new Stored(
                org,
                uid,
                version,
                document.text("name"),
                "",
                document,
                List.of(),
                created,
                createdBy,
                updated,
                updatedBy,
                change,
                false);
    }

    private Stored current(Call call) {
        String uid = call.param("uid");
        return queries.list(call.org()).stream()
                .filter(stored -> Wire.sameUid(stored.uid(), uid))
                .findFirst()
                .orElseThrow(() -> unknown(uid));
    }

    private static Refusal unknown(String uid) {
        return Refusal.notFound("unknown saved query `" + uid + "`");
    }

    private static Answer one(Stored stored) {
        return Answer.json(Json.object().put("saved_query", json(stored)).build());
    }

    private static Json.Obj json(Stored stored) {
        var document = stored.document();
        return Json.object()
                .put("uid", stored.uid())
                .put("org_uid", stored.orgUid())
                .put("name", stored.name())
                .put("schema", document.text("schema"))
                .put("query", document.text("query"))
                .put("description", document.text("description"))
                .put("valid_from", stored.created().getEpochSecond())
                .put("created_by", stored.createdBy())
                .put(
                        "last_used",
                        document.number("last_used").map(Json.Num::asLong).orElse(0L))
                .put("notification_settings", document.object("notification_settings"))
                .put("additional_settings", document.object("additional_settings"))
                .put("forward", document.bool("forward").orElse(false))
                .build();
    }
}
