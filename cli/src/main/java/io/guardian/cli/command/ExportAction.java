package io.guardian.cli.command;

import io.guardian.cli.get.Policies;
import io.guardian.cli.get.Rulesets;
import io.guardian.cli.line.Command;
import io.guardian.cli.line.Option;
import io.guardian.cli.line.Positional;
import io.guardian.cli.line.UsageException;
import io.guardian.cli.output.OutputFormat;
import io.guardian.cli.session.Names;
import io.guardian.cli.session.Session;
import io.guardian.core.text.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;

/** {@code export}: documents without what belongs to this server, ready to apply at another. */
final class ExportAction {
    private static final int LONGEST_NAME = 64;
    private static final Positional NAME = Positional.optional("NAME_OR_UID", "Only these.");

    private ExportAction() {}

    static Command.Body<Action> body() {
        return Command.<Action>group()
                .describe("Prints documents without uids and times, ready to apply elsewhere.")
                .child(new Command<>(
                        "policies",
                        ResourceNames.POLICIES,
                        "Policies, and the rulesets they refer to.",
                        () -> Command.does((Action) ExportAction::policies)
                                .words(NAME)
                                .option(Option.value("", "Only this type.", "--type")
                                        .oneOf("linux-service", "container", "trace", "cluster"))
                                .option(CommonOptions.EXACT)
                                .option(CommonOptions.outputForDocuments())
                                .build()))
                .child(new Command<>(
                        "rulesets",
                        ResourceNames.RULESETS,
                        "Rulesets.",
                        () -> Command.does((Action) ExportAction::rulesets)
                                .words(NAME)
                                .option(CommonOptions.EXACT)
                                .option(CommonOptions.outputForDocuments())
                                .build()))
                .build();
    }

    private static Names.Reach reach(Session session) {
        return session.arguments().has("--exact") ? Names.Reach.EXACT : Names.Reach.PARTS;
    }

    private static int policies(Session session) throws UsageException {
        var all = Policies.fetch(session, session.arguments().value("--type"), false);
        var word = session.arguments().word();
        var chosen = word.isEmpty() ? all : Policies.NAMES.all(all, word.get(), reach(session));
        var rulesets = new LinkedHashMap<String, Json.Obj>();
        var policies = new ArrayList<Json.Obj>();
        for (var policy : chosen) {
            var document = Policies.document(policy);
            policies.add(reduced(document));
            if (!document.object("spec").array("rulesets").items().isEmpty()) {
                for (var ruleset : Rulesets.fetch(session, "in_policy=" + Policies.uid(policy))) {
                    rulesets.put(Rulesets.uid(ruleset), reduced(Rulesets.document(ruleset)));
                }
            }
        }
        var documents = new ArrayList<>(rulesets.values());
        documents.addAll(policies);
        print(session, documents);
        return 0;
    }

    private static int rulesets(Session session) throws UsageException {
        var all = Rulesets.fetch(session, "from_archive=false");
        var word = session.arguments().word();
        var chosen = word.isEmpty() ? all : Rulesets.NAMES.all(all, word.get(), reach(session));
        print(
                session,
                chosen.stream()
                        .map(Rulesets::document)
                        .map(ExportAction::reduced)
                        .toList());
        return 0;
    }

    private static Json.Obj reduced(Json.Obj document) {
        var metadata = document.object("metadata");
        String name = metadata.text("name");
        return document.with(
                "metadata",
                Json.object()
                        .put("name", name.substring(0, Math.min(LONGEST_NAME, name.length())))
                        .putIfPresent("type", metadata.get("type"))
                        .build());
    }

    private static void print(Session session, List<Json.Obj> documents) {
        if (documents.isEmpty()) {
            session.talk().say("Nothing found to export.");
        }
        var format = Optional.of(CommonOptions.format(session.arguments())).filter(chosen -> !chosen.isTable());
        session.printer().document(documents, format.orElse(OutputFormat.YAML));
    }
}
