package io.guardian.cli.command;

import io.guardian.cli.api.Call;
import io.guardian.cli.get.Policies;
import io.guardian.cli.get.Rulesets;
import io.guardian.cli.line.UsageException;
import io.guardian.cli.session.Session;
import io.guardian.core.document.Document;
import io.guardian.core.text.Json;
import java.util.Optional;

/** Sends rulesets. Their names are unique, so one of a known name is an update. */
final class RulesetWriter {
    private final Session session;

    RulesetWriter(Session session) {
        this.session = session;
    }

    Json.Obj apply(Document document) throws UsageException {
        var uid = document.uid().isEmpty() ? existing(document.name()) : Optional.of(document.uid());
        if (session.arguments().has("--dry-run")) {
            String plan = uid.map(text -> "update ruleset " + text).orElse("add a ruleset");
            session.talk().say("Would " + plan + " from `" + document.name() + "`");
            return Applied.result(document, uid, Optional.empty(), "planned");
        }
        if (uid.isPresent()) {
            warnOfUsers(PolicyWriter.withUid(document.source(), uid.get()));
            var answer = update(PolicyWriter.withUid(document.source(), uid.get()));
            session.talk().say("Successfully updated ruleset " + uid.get());
            return Applied.result(document, uid, answer.number("version"), "updated");
        }
        String type = document.source().object("metadata").text("type");
        var answer = session.org()
                .sendForObject(org -> Call.post("/org/" + org + "/analyticsruleset/", wrap(document.source())));
        session.talk().say("Successfully applied new " + type + " ruleset with uid: " + answer.text("uid"));
        return Applied.result(document, Optional.of(answer.text("uid")), Optional.of(Json.of(1)), "created");
    }

    /** A ruleset may serve several policies, and all of them change with it. */
    void warnOfUsers(Json.Obj ruleset) throws UsageException {
        String name = Rulesets.name(ruleset);
        var users = SharedRulesets.users(
                Policies.fetch(session, Optional.of("cluster"), false), name, Rulesets.uid(ruleset));
        if (users.size() > 1) {
            session.talk()
                    .warn("ruleset `" + name + "` is used by several policies, which all change: "
                            + SharedRulesets.words(users));
        }
    }

    Json.Obj update(Json.Obj ruleset) throws UsageException {
        return update(ruleset, Optional.empty());
    }

    /** Replaces the document; with a version, only while that is the stored one. */
    Json.Obj update(Json.Obj ruleset, Optional<Long> version) throws UsageException {
        return session.org().sendForObject(org -> {
            var call = Call.put("/org/" + org + "/analyticsruleset/", wrap(ruleset));
            return version.map(call::ifVersion).orElse(call);
        });
    }

    private Optional<String> existing(String name) throws UsageException {
        return Rulesets.fetch(session, "name_equals=" + Call.encode(name)).stream()
                .filter(ruleset -> Rulesets.name(ruleset).equals(name))
                .map(Rulesets::uid)
                .findFirst();
    }

    private static Json.Obj wrap(Json.Obj ruleset) {
        return Json.object().put("ruleset", ruleset).build();
    }
}
