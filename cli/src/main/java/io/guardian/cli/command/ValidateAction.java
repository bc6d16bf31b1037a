package io.guardian.cli.command;

import io.guardian.cli.api.ApiException;
import io.guardian.cli.api.Call;
import io.guardian.cli.get.Rulesets;
import io.guardian.cli.line.Command;
import io.guardian.cli.line.Option;
import io.guardian.cli.line.Positional;
import io.guardian.cli.line.UsageException;
import io.guardian.cli.session.Names;
import io.guardian.cli.session.Session;
import io.guardian.cli.shell.Failure;
import io.guardian.core.document.ClusterPolicy;
import io.guardian.core.document.Document;
import io.guardian.core.text.Json;
import java.util.ArrayList;
import java.util.List;

/** {@code validate}: whether documents are right, without changing anything. */
final class ValidateAction {
    private ValidateAction() {}

    static Command.Body<Action> body() {
        return Command.does((Action) ValidateAction::run)
                .describe(
                        "Checks documents and says every problem with file, line, column and remedy. Needs no server.")
                .words(Positional.NONE)
                .option(CommonOptions.FILES)
                .option(Option.flag("Also ask the server whether what they refer to exists.", "--online"))
                .example("spyctl validate -f policy.yaml", "one file")
                .example("helm template chart | spyctl validate -f -", "from a pipe")
                .build();
    }

    private static int run(Session session) throws UsageException {
        var patterns = session.arguments().values("--filename");
        if (patterns.isEmpty()) {
            throw new UsageException("option `--filename` is needed");
        }
        boolean valid = true;
        for (var input : InputFiles.read(session, patterns)) {
            for (var document : input.parsed().documents()) {
                valid &= validate(session, input.name(), document);
            }
            for (var problem : input.parsed().errors()) {
                session.world().err().println(problem);
            }
            input.parsed().notices().forEach(notice -> session.talk().warn(notice.toString()));
            if (input.parsed().dropped() > 0) {
                session.talk().warn(input.name() + ": " + input.parsed().dropped() + " more problems are not shown");
            }
            valid &= input.parsed().isValid();
        }
        return valid ? 0 : Failure.FAILED;
    }

    private static boolean validate(Session session, String file, Document document) throws UsageException {
        String what = file + ": " + document.kind() + (document.name().isEmpty() ? "" : " `" + document.name() + "`");
        var missing = session.arguments().has("--online") ? problemsOnline(session, document) : List.<String>of();
        if (missing.isEmpty()) {
            session.printer().line(what + " valid");
        } else {
            missing.forEach(problem -> session.world().err().println(what + ": " + problem));
        }
        return missing.isEmpty();
    }

    /** What the server has to say; it knows which rulesets and clusters exist. */
    private static List<String> problemsOnline(Session session, Document document) throws UsageException {
        var problems = new ArrayList<String>();
        try {
            var answer = session.org()
                    .sendForObject(org -> Call.query(
                            "/org/" + org + "/spyctl/validate/",
                            Json.object().put("object", document.source()).build()));
            if (!answer.text("invalid_message").isEmpty()) {
                problems.add(answer.text("invalid_message"));
            }
        } catch (ApiException refused) {
            if (refused.status() != 404) {
                throw refused;
            }
        }
        if (document.resource() instanceof ClusterPolicy policy) {
            var known = Rulesets.fetch(session, "from_archive=false");
            for (String ruleset : policy.rulesets()) {
                if (Rulesets.NAMES.all(known, ruleset, Names.Reach.EXACT).isEmpty()) {
                    problems.add("spec.rulesets: no ruleset `" + ruleset + "`");
                }
            }
        }
        return problems;
    }
}
