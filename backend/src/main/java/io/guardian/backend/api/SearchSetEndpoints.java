package io.guardian.backend.api;

import io.guardian.backend.http.Access;
import io.guardian.backend.http.Answer;
import io.guardian.backend.http.AuditNote;
import io.guardian.backend.http.Call;
import io.guardian.backend.http.Endpoint;
import io.guardian.backend.http.Refusal;
import io.guardian.backend.meta.Mint;
import io.guardian.backend.meta.Permission;
import io.guardian.backend.meta.Stored;
import io.guardian.backend.meta.VersionedDocuments;
import io.guardian.core.document.Kind;
import io.guardian.core.text.Json;
import java.util.List;

/** Search sets: named lists of strings that queries refer to as {@code @name}. */
final class SearchSetEndpoints {
    private static final String PATH = Wire.ORG + "/searchset";
    private static final String ONE = PATH + "/{uid}";
    private static final String PREFIX = "srchset:";

    private final VersionedDocuments sets;
    private final Mint mint;

    SearchSetEndpoints(VersionedDocuments sets, Mint mint) {
        this.sets = sets;
        this.mint = mint;
    }

    List<Endpoint> all() {
        var read = Access.key(Permission.LIST_QUERY);
        var write = Access.key(Permission.UPDATE_QUERY);
        return List.of(
                Endpoint.get(PATH, read, "Lists search sets.", this::list),
                Endpoint.post(PATH, write, "searchset.create", "Stores a new search set.", this::create),
                Endpoint.put(PATH, write, "searchset.update", "Replaces a search set.", this::update),
                Endpoint.get(ONE, read, "Shows one search set.", call -> Answer.json(json(current(call)))),
                Endpoint.delete(ONE, write, "searchset.delete", "Deletes a search set.", this::delete));
    }

    private Answer list(Call call) {
        var query = call.query();
        var all = query.isTrue("from_archive") ? sets.archive(call.org()) : sets.list(call.org());
        return Answer.json(Wire.array(all.stream()
                .filter(set -> DocumentFilter.wanted(set, query))
                .map(SearchSetEndpoints::json)
                .toList()));
    }

    private Answer create(Call call) {
        var sent = Checked.object(call.jsonObject(), "searchset");
        var document = Checked.document(withKind(sent), Kind.SEARCH_SET);
        requireFreeName(call.org(), document.name(), "");
        var first = Stamp.first(
                call.org(),
                mint.uid(PREFIX),
                document.source(),
                List.of(),
                call.key().principal(),
                call.now());
        sets.insert(first);
        call.note(AuditNote.of(first.uid(), first.name()).withVersion(1));
        return Answer.json(Json.object().put("uid", first.uid()).build());
    }

    private Answer update(Call call) {
        var sent = Checked.object(call.jsonObject(), "searchset");
        String uid = sent.object("metadata").text("uid");
        var before = sets.get(call.org(), uid).orElseThrow(() -> unknown(uid));
        var document = Checked.document(withKind(sent), Kind.SEARCH_SET);
        requireFreeName(call.org(), document.name(), uid);
        var after = sets.update(call.org(), uid, stored -> {
                    PolicyEndpoints.requireVersion(call, stored);
                    return Stamp.next(
                            stored, document.source(), List.of(), call.key().principal(), call.now(), "spec");
                })
                .orElseThrow(() -> unknown(uid));
        call.note(AuditNote.of(uid, after.name())
                .withVersion(after.version())
                .withChange(JsonPatch.between(before.document(), after.document())));
        return Answer.json(json(after));
    }

    private Answer delete(Call call) {
        var set = current(call);
        sets.delete(call.org(), set.uid(), call.key().principal(), call.now());
        call.note(AuditNote.of(set.uid(), set.name()));
        return Answer.json(Json.object().put("uid", set.uid()).build());
    }

    /** Queries refer to sets by name. */
    private void requireFreeName(String org, String name, String ownUid) {
        if (sets.list(org).stream()
                .anyMatch(set -> set.name().equals(name) && !set.uid().equals(ownUid))) {
            throw Refusal.conflict("search set `" + name + "` exists already");
        }
    }

    private static Json.Obj withKind(Json.Obj sent) {
        return sent.get("kind").isPresent() ? sent : sent.with("kind", Json.of(Kind.SEARCH_SET.toString()));
    }

    private Stored current(Call call) {
        String uid = call.param("uid");
        return sets.list(call.org()).stream()
                .filter(set -> Wire.sameUid(set.uid(), uid))
                .findFirst()
                .orElseThrow(() -> unknown(uid));
    }

    private static Refusal unknown(String uid) {
        return Refusal.notFound("unknown search set `" + uid + "`");
    }

    private static Json.Obj json(Stored set) {
        return Json.object()
                .put("uid", set.uid())
                .put("searchset", set.document())
                .build();
    }
}
