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
import io.guardian.core.policy.PolicyMode;
import io.guardian.core.text.Json;
import java.util.List;
import java.util.function.UnaryOperator;

/** Policies: stored, changed and looked up, with every version kept. */
final class PolicyEndpoints {
    private static final String PATH = Wire.ORG + "/analyticspolicy";
    private static final String ONE = PATH + "/{uid}";
    private static final String PREFIX = "pol:";

    private final VersionedDocuments policies;
    private final PolicyRules rules;
    private final PolicyStatus status;
    private final Mint mint;

    PolicyEndpoints(MetaStore meta, Mint mint, PolicyStatus status) {
        this.policies = meta.policies();
        this.rules = new PolicyRules(meta.rulesets());
        this.mint = mint;
        this.status = status;
    }

    List<Endpoint> all() {
        var read = Access.key(Permission.LIST_POLICY);
        var write = Access.key(Permission.UPDATE_POLICY);
        return List.of(
                Endpoint.get(PATH, read, "Lists policies, or every version of them.", this::list),
                Endpoint.post(PATH, write, "policy.create", "Stores a new policy, or tries it.", this::create),
                Endpoint.put(PATH, write, "policy.update", "Replaces a policy, or tries it.", this::update),
                Endpoint.get(ONE, read, "Shows one policy, or one of its versions.", this::get),
                Endpoint.put(ONE, write, "policy.update", "Replaces a policy.", this::updateAtPath),
                Endpoint.delete(ONE, write, "policy.delete", "Deletes a policy; its versions stay.", this::delete),
                Endpoint.post(ONE + "/enabled", write, "policy.enabled", "Switches a policy on or off.", this::enabled),
                Endpoint.post(ONE + "/mode", write, "policy.mode", "Sets audit or enforce.", this::mode),
                Endpoint.get(ONE + "/history", read, "Says how a policy came to be as it is.", this::history),
                Endpoint.post(
                        ONE + "/rollback",
                        write,
                        "policy.rollback",
                        "Makes an old spec the newest again.",
                        this::rollback),
                Endpoint.get(
                        ONE + "/status",
                        read,
                        "Counts a policy's deviations, workloads, agents and actions.",
                        call -> Answer.json(status.of(current(call), call.now()))));
    }

    private Answer list(Call call) {
        var query = call.query();
        boolean archive = query.isTrue("from_archive");
        var all = archive ? policies.archive(call.org()) : policies.list(call.org());
        return Answer.json(Wire.array(all.stream()
                .filter(policy -> DocumentFilter.wanted(policy, query))
                .map(PolicyEndpoints::envelope)
                .toList()));
    }

    private Answer get(Call call) {
        var query = call.query();
        String uid = uid(call);
        var version = query.number("archive_version");
        if (version.isPresent()) {
            return Answer.json(envelope(policies.version(call.org(), uid, version.get())
                    .orElseThrow(() -> Refusal.notFound("policy `" + uid + "` has no version " + version.get()))));
        }
        if (query.isTrue("latest_archive_version")) {
            return policies.versions(call.org(), uid).stream()
                    .filter(stored -> !stored.deleted())
                    .findFirst()
                    .map(stored -> Answer.json(envelope(stored)))
                    .orElseThrow(() -> unknown(uid));
        }
        return Answer.json(envelope(current(call)));
    }

    private Answer create(Call call) {
        var body = call.jsonObject();
        var sent = Checked.object(body, "policy");
        if (!sent.object("metadata").text("uid").isEmpty()) {
            throw Refusal.badRequest("a new policy has no `metadata.uid`, use PUT to change an existing one");
        }
        var document = rules.check(call.org(), Checked.document(sent, Kind.POLICY));
        if (call.query().isTrue("dry_run")) {
            return Answer.json(status.dryRun(call.org(), document, "", call.now()));
        }
        var first = Stamp.first(
                call.org(), mint.uid(PREFIX), document.source(), Wire.tags(body), principal(call), call.now());
        policies.insert(first);
        note(call, first, Json.Obj.EMPTY);
        return Answer.json(Json.object().put("uid", first.uid()).build());
    }

    private Answer update(Call call) {
        var sent = Checked.object(call.jsonObject(), "policy");
        String uid = sent.object("metadata").text("uid");
        if (uid.isEmpty()) {
            throw Refusal.badRequest("`policy.metadata.uid` is missing, use POST for a new policy");
        }
        return replace(call, full(uid), sent);
    }

    private Answer updateAtPath(Call call) {
        return replace(call, uid(call), Checked.object(call.jsonObject(), "policy"));
    }

    private Answer replace(Call call, String uid, Json.Obj sent) {
        if (policies.get(call.org(), uid).isEmpty()) {
            throw unknown(uid);
        }
        var document = rules.check(call.org(), Checked.document(sent, Kind.POLICY));
        if (call.query().isTrue("dry_run")) {
            return Answer.json(status.dryRun(call.org(), document, uid, call.now()));
        }
        var body = call.jsonObject();
        return changed(call, uid, before -> {
            requireSameType(before, document.source());
            var tags = body.get("tags").isPresent() ? Wire.tags(body) : before.tags();
            String change = Stamp.changeOf(before.document(), document.source());
            return Stamp.next(before, document.source(), tags, principal(call), call.now(), change);
        });
    }

    private static void requireSameType(Stored before, Json.Obj after) {
        String type = after.object("metadata").text("type");
        if (!before.type().equals(type)) {
            throw Refusal.badRequest(
                    "the type of policy `" + before.uid() + "` is " + before.type() + " and can't become " + type);
        }
    }

    private Answer delete(Call call) {
        String uid = uid(call);
        var before = current(call);
        requireVersion(call, before);
        var deleted =
                policies.delete(call.org(), uid, principal(call), call.now()).orElseThrow(() -> unknown(uid));
        call.note(AuditNote.of(uid, deleted.name()).withVersion(deleted.version()));
        return Answer.json(Json.object().put("uid", uid).build());
    }

    private Answer enabled(Call call) {
        boolean enabled = call.jsonObject()
                .bool("enabled")
                .orElseThrow(() -> Refusal.badRequest("`enabled` is missing or not true or false"));
        return changed(call, uid(call), before -> withSpec(call, before, "enabled", Json.of(enabled)));
    }

    private Answer mode(Call call) {
        String text = Wire.required(call.jsonObject(), "mode");
        var mode = PolicyMode.parse(text)
                .orElseThrow(() -> Refusal.badRequest("unknown mode `" + text + "`, use audit or enforce"));
        return changed(call, uid(call), before -> withSpec(call, before, "mode", Json.of(mode.toString())));
    }

    private static Stored withSpec(Call call, Stored before, String field, Json value) {
        var document =
                before.document().with("spec", before.document().object("spec").with(field, value));
        return Stamp.next(before, document, before.tags(), principal(call), call.now(), field);
    }

    private Answer rollback(Call call) {
        String uid = uid(call);
        long version = call.jsonObject()
                .number("version")
                .map(Json.Num::asLong)
                .orElseThrow(() -> Refusal.badRequest("`version` is missing or not a number"));
        var old = policies.version(call.org(), uid, version)
                .orElseThrow(() -> Refusal.notFound("policy `" + uid + "` has no version " + version));
        rules.check(call.org(), Checked.document(old.document(), Kind.POLICY));
        return changed(call, uid, before -> {
            var document = before.document().with("spec", old.document().object("spec"));
            return Stamp.next(before, document, before.tags(), principal(call), call.now(), "rollback");
        });
    }

    private Answer history(Call call) {
        String uid = uid(call);
        var versions = policies.versions(call.org(), uid);
        if (versions.isEmpty()) {
            throw unknown(uid);
        }
        return Answer.json(Wire.array(PolicyHistory.of(versions)));
    }

    private Answer changed(Call call, String uid, UnaryOperator<Stored> change) {
        var before = policies.get(call.org(), uid).orElseThrow(() -> unknown(uid));
        var after = policies.update(call.org(), uid, stored -> {
                    requireVersion(call, stored);
                    return change.apply(stored);
                })
                .orElseThrow(() -> unknown(uid));
        note(call, after, before.document());
        return Answer.json(envelope(after));
    }

    /** {@code If-Match} names the version that the caller has seen. */
    static void requireVersion(Call call, Stored stored) {
        call.header("If-Match")
                .map(String::strip)
                .filter(tag -> !tag.equals("*"))
                .ifPresent(tag -> {
                    String wanted = tag.replace("\"", "").replace("W/", "");
                    if (!wanted.equals(Long.toString(stored.version()))) {
                        throw Refusal.conflict(
                                "`" + stored.uid() + "` is at version " + stored.version() + ", not " + wanted);
                    }
                });
    }

    private static void note(Call call, Stored stored, Json.Obj before) {
        call.note(AuditNote.of(stored.uid(), stored.name())
                .withVersion(stored.version())
                .withChange(JsonPatch.between(before, stored.document())));
    }

    private Stored current(Call call) {
        String uid = uid(call);
        return policies.get(call.org(), uid).orElseThrow(() -> unknown(uid));
    }

    private static String uid(Call call) {
        return full(call.param("uid"));
    }

    private static String full(String uid) {
        return uid.startsWith(PREFIX) ? uid : PREFIX + uid;
    }

    private static String principal(Call call) {
        return call.key().principal();
    }

    /** A policy of another organisation is as unknown as one that never was. */
    private static Refusal unknown(String uid) {
        return Refusal.notFound("unknown policy `" + uid + "`");
    }

    static Json.Obj envelope(Stored stored) {
        return Json.object()
                .put("uid", stored.uid())
                .put("name", stored.name())
                .put("type", stored.type())
                .put("orgid", stored.orgUid())
                .put("policy", stored.document())
                .put("version", stored.version())
                .put("selector_hash", stored.document().object("metadata").text("selectorHash"))
                .put("tags", Json.strings(stored.tags()))
                .put("created_by", stored.createdBy())
                .put("last_updated", Wire.time(stored.updated()))
                .put("last_updated_by", stored.updatedBy())
                .put("valid_from", Wire.time(stored.created()))
                .put("valid_to", Wire.time(io.guardian.backend.meta.Validity.OPEN))
                .build();
    }
}
