package io.guardian.backend.api;

import io.guardian.backend.http.Access;
import io.guardian.backend.http.Answer;
import io.guardian.backend.http.AuditNote;
import io.guardian.backend.http.Call;
import io.guardian.backend.http.Endpoint;
import io.guardian.backend.http.Refusal;
import io.guardian.backend.meta.MetaStore;
import io.guardian.backend.meta.Mint;
import io.guardian.backend.meta.Permission;
import io.guardian.backend.meta.Stored;
import io.guardian.backend.meta.VersionedDocuments;
import io.guardian.core.document.Kind;
import io.guardian.core.text.Json;
import java.util.List;
import java.util.Optional;

/** Rulesets: policies refer to them by name, so names are unique and a used one can't be renamed or deleted. */
final class RulesetEndpoints {
    private static final String PATH = Wire.ORG + "/analyticsruleset";
    private static final String ONE = PATH + "/{uid}";
    private static final String PREFIX = "rs:";

    private final VersionedDocuments rulesets;
    private final VersionedDocuments policies;
    private final Mint mint;

    RulesetEndpoints(MetaStore meta, Mint mint) {
        this.rulesets = meta.rulesets();
        this.policies = meta.policies();
        this.mint = mint;
    }

    List<Endpoint> all() {
        var read = Access.key(Permission.LIST_RULESET);
        var write = Access.key(Permission.UPDATE_RULESET);
        return List.of(
                Endpoint.get(PATH, read, "Lists rulesets, or those of one policy.", this::list),
                Endpoint.post(PATH, write, "ruleset.create", "Stores a new ruleset.", this::create),
                Endpoint.put(
                        PATH,
                        write,
                        "ruleset.update",
                        "Replaces a ruleset in every policy that uses it.",
                        this::update),
                Endpoint.get(ONE, read, "Shows one ruleset.", call -> Answer.json(envelope(current(call)))),
                Endpoint.delete(ONE, write, "ruleset.delete", "Deletes a ruleset that no policy uses.", this::delete));
    }

    private Answer list(Call call) {
        var query = call.query();
        var all = query.isTrue("from_archive") ? rulesets.archive(call.org()) : rulesets.list(call.org());
        var wanted = query.text("in_policy").map(policy -> ofPolicy(call.org(), policy)).orElse(all).stream()
                .filter(ruleset -> DocumentFilter.wanted(ruleset, query));
        return Answer.json(Wire.array(wanted.map(RulesetEndpoints::envelope).toList()));
    }

    /** In the order in which the policy names them. */
    private List<Stored> ofPolicy(String org, String policyUid) {
        var stored = rulesets.list(org);
        return policies
                .get(org, policyUid.startsWith("pol:") ? policyUid : "pol:" + policyUid)
                .map(RulesetEndpoints::namedBy)
                .orElse(List.of())
                .stream()
                .map(name -> PolicyRules.find(stored, name))
                .flatMap(Optional::stream)
                .toList();
    }

    private static List<String> namedBy(Stored policy) {
        return policy.document().object("spec").array("rulesets").strings();
    }

    private Answer create(Call call) {
        var body = call.jsonObject();
        var sent = Checked.object(body, "ruleset");
        if (!sent.object("metadata").text("uid").isEmpty()) {
            throw Refusal.badRequest("a new ruleset has no `metadata.uid`, use PUT to change an existing one");
        }
        var document = Checked.document(sent, Kind.RULESET);
        requireFreeName(call.org(), document.name(), "");
        var first = Stamp.first(
                call.org(),
                mint.uid(PREFIX),
                document.source(),
                Wire.tags(body),
                call.key().principal(),
                call.now());
        rulesets.insert(first);
        note(call, first, Json.Obj.EMPTY);
        return Answer.json(Json.object().put("uid", first.uid()).build());
    }

    private void requireFreeName(String org, String name, String ownUid) {
        rulesets.list(org).stream()
                .filter(stored -> stored.name().equals(name) && !stored.uid().equals(ownUid))
                .findFirst()
                .ifPresent(taken -> {
                    throw Refusal.conflict("ruleset `" + name + "` exists already as `" + taken.uid() + "`");
                });
    }

    private Answer update(Call call) {
        var body = call.jsonObject();
        var sent = Checked.object(body, "ruleset");
        String uid = full(sent.object("metadata").text("uid"));
        var before = rulesets.get(call.org(), uid).orElseThrow(() -> unknown(uid));
        var document = Checked.document(sent, Kind.RULESET);
        requireFreeName(call.org(), document.name(), uid);
        if (!document.name().equals(before.name())) {
            requireUnused(call.org(), before, "renamed");
        }
        var after = rulesets.update(call.org(), uid, stored -> {
                    PolicyEndpoints.requireVersion(call, stored);
                    var tags = body.get("tags").isPresent() ? Wire.tags(body) : stored.tags();
                    return Stamp.next(
                            stored, document.source(), tags, call.key().principal(), call.now(), "spec");
                })
                .orElseThrow(() -> unknown(uid));
        note(call, after, before.document());
        return Answer.json(envelope(after));
    }

    private Answer delete(Call call) {
        var before = current(call);
        PolicyEndpoints.requireVersion(call, before);
        requireUnused(call.org(), before, "deleted");
        rulesets.delete(call.org(), before.uid(), call.key().principal(), call.now());
        call.note(AuditNote.of(before.uid(), before.name()));
        return Answer.json(Json.object().put("uid", before.uid()).build());
    }

    private void requireUnused(String org, Stored ruleset, String what) {
        var users = policies.list(org).stream()
                .filter(policy -> namedBy(policy).stream()
                        .anyMatch(
                                name -> PolicyRules.find(List.of(ruleset), name).isPresent()))
                .map(policy -> "`" + policy.name() + "` (" + policy.uid() + ")")
                .toList();
        if (!users.isEmpty()) {
            throw Refusal.conflict("ruleset `" + ruleset.name() + "` can't be " + what + ", it is used by policy "
                    + String.join(", ", users));
        }
    }

    private static void note(Call call, Stored stored, Json.Obj before) {
        call.note(AuditNote.of(stored.uid(), stored.name())
                .withVersion(stored.version())
                .withChange(JsonPatch.between(before, stored.document())));
    }

    private Stored current(Call call) {
        String uid = full(call.param("uid"));
        return rulesets.get(call.org(), uid).orElseThrow(() -> unknown(uid));
    }

    private static String full(String uid) {
        return uid.startsWith(PREFIX) ? uid : PREFIX + uid;
    }

    private static Refusal unknown(String uid) {
        return Refusal.notFound("unknown ruleset `" + uid + "`");
    }

    private static Json.Obj envelope(Stored stored) {
        return Json.object()
                .put("uid", stored.uid())
                .put("name", stored.name())
                .put("type", stored.type())
                .put("orgid", stored.orgUid())
                .put("ruleset", stored.document())
                .put("version", stored.version())
                .put("tags", Json.strings(stored.tags()))
                .put("created_by", stored.createdBy())
                .put("last_updated", Wire.time(stored.updated()))
                .put("last_updated_by", stored.updatedBy())
                .put("valid_from", Wire.time(stored.created()))
                .build();
    }
}
