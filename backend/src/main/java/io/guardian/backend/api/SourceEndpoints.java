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
import io.guardian.backend.meta.Source;
import io.guardian.backend.meta.Sources;
import io.guardian.backend.meta.Validity;
import io.guardian.core.text.Json;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** Sources: the machines and forwarders that data comes from. */
final class SourceEndpoints {
    private static final String PATH = Wire.ORG + "/source";
    private static final Duration ACTIVE_WITHIN = Duration.ofMinutes(15);

    private final Sources sources;
    private final Mint mint;

    SourceEndpoints(Sources sources, Mint mint) {
        this.sources = sources;
        this.mint = mint;
    }

    List<Endpoint> all() {
        var read = Access.key(Permission.LIST_SOURCE);
        var write = Access.key(Permission.UPDATE_SOURCE);
        String one = PATH + "/{uid}";
        return List.of(
                Endpoint.get(PATH, read, "Lists sources.", this::list),
                Endpoint.post(PATH, write, "source.create", "Adds a source for forwarded data.", this::create),
                Endpoint.get(one, read, "Shows one source.", call -> Answer.json(json(source(call), call.now()))),
                Endpoint.put(one, write, "source.update", "Renames, tags or archives a source.", this::update),
                Endpoint.delete(one, write, "source.delete", "Removes a source; its data stays.", this::delete));
    }

    private Answer list(Call call) {
        var query = call.query();
        var found = sources.list(call.org()).stream()
                .filter(source -> wanted(source, query, call.now()))
                .map(source -> json(source, call.now()))
                .toList();
        return Answer.json(Wire.array(Paging.onlyWhenAsked(found, query)));
    }

    private static boolean wanted(Source source, Query query, Instant now) {
        return query.text("agent_uid_equals").map(source.agentUid()::equals).orElse(true)
                && query.text("description_contains")
                        .map(part -> Wire.contains(source.description(), part))
                        .orElse(true)
                && source.tags().containsAll(query.all("has_tags"))
                && (!query.isTrue("is_archived") || source.archived())
                && (!query.isTrue("is_not_archived") || !source.archived())
                && query.text("status")
                        .map(status -> status.equalsIgnoreCase(isActive(source, now) ? "active" : "inactive"))
                        .orElse(true);
    }

    private Source source(Call call) {
        String uid = call.param("uid");
        return sources.get(call.org(), uid).orElseThrow(() -> Refusal.notFound("unknown source `" + uid + "`"));
    }

    private Answer create(Call call) {
        var body = call.jsonObject();
        String uid = body.string("uid").orElseGet(() -> mint.uid("src:"));
        if (sources.get(call.org(), uid).isPresent()) {
            throw Refusal.conflict("source `" + uid + "` exists");
        }
        String name = Wire.requiredName(body);
        sources.put(new Source(
                call.org(),
                uid,
                name,
                body.string("description").orElse(name),
                "",
                "",
                body.text("type"),
                Wire.tags(body),
                false,
                Validity.OPEN,
                Validity.from(call.now()),
                Json.Obj.EMPTY));
        call.note(AuditNote.of(uid, name));
        return Answer.json(Json.object().put("uid", uid).build());
    }

    private Answer update(Call call) {
        var before = source(call);
        var body = call.jsonObject();
        var after = before.described(
                body.string("name").orElse(before.name()),
                body.string("description").orElse(before.description()),
                body.get("tags").isPresent() ? Wire.tags(body) : before.tags(),
                body.bool("archived").orElse(before.archived()));
        sources.put(after);
        call.note(AuditNote.of(after.uid(), after.name())
                .withChange(JsonPatch.between(json(before, call.now()), json(after, call.now()))));
        return Answer.json(json(after, call.now()));
    }

    private Answer delete(Call call) {
        var source = source(call);
        sources.delete(call.org(), source.uid());
        call.note(AuditNote.of(source.uid(), source.name()));
        return Answer.json(Json.object().put("uid", source.uid()).build());
    }

    private static boolean isActive(Source source, Instant now) {
        return !source.lastData().equals(Validity.OPEN) && source.lastData().isAfter(now.minus(ACTIVE_WITHIN));
    }

    private static Json.Obj json(Source source, Instant now) {
        String lastData = Wire.time(source.lastData());
        return Json.object()
                .put("uid", source.uid())
                .put("name", source.name())
                .put("description", source.description())
                .put("last_data", lastData)
                .put("last_stored_chunk_end_time", lastData)
                .put("last_ingest_chunk_end_time", lastData)
                .put("valid_from", Wire.time(source.validity().from()))
                .put("valid_to", Wire.time(source.validity().to()))
                .put("runtime_description", source.runtimeDetails().text("hostname"))
                .put("runtime_details", source.runtimeDetails())
                .put("agent_uid", source.agentUid())
                .put("agent_registration_uid", source.registrationUid())
                .put("agent_type", source.agentType())
                .put("archived", source.archived())
                .put("active", isActive(source, now))
                .put("tags", Json.strings(source.tags()))
                .put("resource_name", "srn:source:" + source.orgUid() + ":" + source.uid())
                .build();
    }
}
