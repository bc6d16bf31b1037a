package io.guardian.cli.command;

import io.guardian.cli.api.ApiException;
import io.guardian.cli.api.Call;
import io.guardian.cli.get.Policies;
import io.guardian.cli.get.Rulesets;
import io.guardian.cli.line.Command;
import io.guardian.cli.line.Positional;
import io.guardian.cli.line.UsageException;
import io.guardian.cli.session.Names;
import io.guardian.cli.session.Session;
import io.guardian.cli.shell.Failure;
import io.guardian.cli.shell.Prompt;
import io.guardian.core.text.Json;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** {@code delete}: by exact name or uid; a glob selects several, each asked for. */
final class DeleteAction {
    private DeleteAction() {}

    static Command.Body<Action> body() {
        return Command.does((Action) DeleteAction::run)
                .describe(
                        "Removes objects from the server. Names must be exact; a quoted glob selects several, and each is"
                                + " asked for.")
                .words(new Positional("RESOURCE NAME_OR_UID", "What to delete: policy or ruleset.", 2, 2))
                .option(CommonOptions.YES)
                .example("spyctl delete policy mongo-policy", "one policy")
                .build();
    }

    private static int run(Session session) throws UsageException {
        var words = session.arguments().words();
        String name = words.getLast();
        return switch (EditableResource.of(words.getFirst().toLowerCase(Locale.ROOT))) {
            case POLICY -> {
                var found =
                        Policies.NAMES.all(Policies.fetch(session, Optional.empty(), false), name, Names.Reach.GLOBS);
                yield delete(
                        session,
                        "policy",
                        "analyticspolicy",
                        name,
                        found.stream().map(DeleteAction::ofPolicy).toList());
            }
            case RULESET -> {
                var found = Rulesets.NAMES.all(Rulesets.fetch(session, "from_archive=false"), name, Names.Reach.GLOBS);
                yield delete(
                        session,
                        "ruleset",
                        "analyticsruleset",
                        name,
                        found.stream().map(DeleteAction::ofRuleset).toList());
            }
        };
    }

    /** @param shown uid, and what else tells a person which it is */
    private record Victim(String name, String uid, String shown) {}

    private static Victim ofPolicy(Json.Obj policy) {
        String uid = Policies.uid(policy);
        return new Victim(Policies.name(policy), uid, uid + ", " + Policies.status(Policies.document(policy)));
    }

    private static Victim ofRuleset(Json.Obj ruleset) {
        return new Victim(Rulesets.name(ruleset), Rulesets.uid(ruleset), Rulesets.uid(ruleset));
    }

    private static int delete(Session session, String what, String path, String name, List<Victim> victims)
            throws UsageException {
        boolean isGlob = name.indexOf('*') >= 0 || name.indexOf('?') >= 0;
        if (victims.isEmpty()) {
            throw Failure.because("no " + what + " `" + name + "`");
        }
        if (victims.size() > 1 && !isGlob) {
            var lines = victims.stream()
                    .map(victim -> " " + victim.uid() + "  " + victim.name())
                    .toList();
            throw Failure.because("`" + name + "` stands for " + victims.size() + " objects, give a uid:", lines);
        }
        int code = 0;
        for (var victim : victims) {
            String question = "Delete " + what + " `" + victim.name() + "` (" + victim.shown() + ")?";
            if (!session.prompt().confirm(question, Prompt.Default.NO)) {
                continue;
            }
            try {
                var _ = session.org().send(org -> Call.delete("/org/" + org + "/" + path + "/" + victim.uid()));
                session.talk().say("Successfully deleted " + what + " " + victim.uid());
            } catch (ApiException refused) {
                session.talk().error(refused.toFailure());
                code = Failure.FAILED;
            }
        }
        return code;
    }
}
