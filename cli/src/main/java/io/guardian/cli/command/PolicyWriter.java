package io.guardian.cli.command;

import io.guardian.cli.api.Call;
import io.guardian.cli.get.Policies;
import io.guardian.cli.line.UsageException;
import io.guardian.cli.session.Session;
import io.guardian.cli.shell.Failure;
import io.guardian.cli.shell.Prompt;
import io.guardian.core.document.Document;
import io.guardian.core.text.Json;
import java.util.Optional;

/** Sends policies. Before one that enforces goes out, the person learns what it would hit. */
final class PolicyWriter {
    private final Session session;

    PolicyWriter(Session session) {
        this.session = session;
    }

    Json.Obj apply(Document document) throws UsageException {
        var uid = document.uid().isEmpty() ? sameName(document) : Optional.of(document.uid());
        var policy = uid.map(text -> withUid(document.source(), text)).orElseGet(document::source);
        if (session.arguments().has("--dry-run")) {
            String plan = uid.map(text -> "update policy " + text).orElse("add a policy");
            session.talk().say("Would " + plan + " from `" + document.name() + "`");
            return Applied.result(document, uid, Optional.empty(), "planned");
        }
        confirmEnforcement(policy);
        if (uid.isPresent()) {
            var answer = update(policy, Optional.empty());
            session.talk().say("Successfully updated policy " + uid.get());
            return Applied.result(document, uid, answer.number("version"), "updated");
        }
        var answer = session.org().sendForObject(org -> Call.post("/org/" + org + "/analyticspolicy/", wrap(policy)));
        session.talk().say("Successfully applied new " + kindName(policy) + " with uid: " + answer.text("uid"));
        return Applied.result(document, Optional.of(answer.text("uid")), Optional.of(Json.of(1)), "created");
    }

    private static String kindName(Json.Obj policy) {
        String type = policy.object("metadata").text("type");
        return type.equals("trace") ? "trace suppression policy" : type + " guardian policy";
    }

    /** Replaces the document; with a version, only while that is the stored one. */
    Json.Obj update(Json.Obj policy, Optional<Long> version) throws UsageException {
        return session.org().sendForObject(org -> {
            var call = Call.put("/org/" + org + "/analyticspolicy/", wrap(policy));
            return version.map(call::ifVersion).orElse(call);
        });
    }

    /** The uid of the policy to update instead of adding a second one of the same name and type. */
    private Optional<String> sameName(Document document) throws UsageException {
        var arguments = session.arguments();
        String type = document.source().object("metadata").text("type");
        if (arguments.has("--create")) {
            return Optional.empty();
        }
        var same = Policies.fetch(session, Optional.of(type), false).stream()
                .filter(policy -> Policies.name(policy).equals(document.name()))
                .map(Policies::uid)
                .sorted()
                .findFirst();
        if (same.isEmpty() || arguments.has("--upsert")) {
            return same;
        }
        if (!session.prompt().canAsk()) {
            session.talk()
                    .warn("a " + type + " policy `" + document.name() + "` exists already (" + same.get()
                            + "), a second one is added; --upsert updates it");
            return Optional.empty();
        }
        boolean update = session.prompt()
                .confirm("update " + same.get() + " instead of adding a second one?", Prompt.Default.YES);
        return update ? same : Optional.empty();
    }

    /** @throws Failure when something running would be hit and nobody agreed */
    void confirmEnforcement(Json.Obj policy) throws UsageException {
        var spec = policy.object("spec");
        if (!spec.text("mode").equals("enforce") || !spec.bool("enabled").orElse(true)) {
            return;
        }
        var answer = dryRun(policy);
        long hits = 0;
        var shown = new StringBuilder();
        for (var hit : answer.object("would_hit").fields().entrySet()) {
            if (hit.getValue() instanceof Json.Num number) {
                hits += number.asLong();
                shown.append(shown.isEmpty() ? "" : ", ")
                        .append(hit.getKey())
                        .append(" ")
                        .append(number.asLong());
            }
        }
        String name = policy.object("metadata").text("name");
        String what = hits == 0 ? "no running object" : "running objects: " + shown;
        session.talk().say("Enforcing policy `" + name + "` would hit " + what);
        if (hits == 0 && !session.prompt().canAsk()) {
            return;
        }
        if (!session.prompt().confirm("Enforce it?", Prompt.Default.NO)) {
            throw Failure.because("not sent, as you chose");
        }
    }

    private Json.Obj dryRun(Json.Obj policy) throws UsageException {
        boolean update = !policy.object("metadata").text("uid").isEmpty();
        return session.org().sendForObject(org -> {
            String path = "/org/" + org + "/analyticspolicy/?dry_run=true";
            return update ? Call.put(path, wrap(policy)) : Call.query(path, wrap(policy));
        });
    }

    /** The document with this uid in its metadata. */
    static Json.Obj withUid(Json.Obj document, String uid) {
        return document.with("metadata", document.object("metadata").with("uid", Json.of(uid)));
    }

    static Json.Obj wrap(Json.Obj policy) {
        return Json.object().put("policy", policy).build();
    }
}
