package io.guardian.cli.command;

import io.guardian.cli.api.ApiException;
import io.guardian.cli.line.Command;
import io.guardian.cli.line.Option;
import io.guardian.cli.line.UsageException;
import io.guardian.cli.output.OutputFormat;
import io.guardian.cli.session.Session;
import io.guardian.cli.shell.Failure;
import io.guardian.core.document.Document;
import io.guardian.core.document.Kind;
import io.guardian.core.text.Json;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** {@code apply}: puts documents to work, rulesets before the policies that refer to them. */
final class ApplyAction {
    private final Session session;
    private final PolicyWriter policies;
    private final RulesetWriter rulesets;
    private final List<Failure> failures = new ArrayList<>();

    private ApplyAction(Session session) {
        this.session = session;
        this.policies = new PolicyWriter(session);
        this.rulesets = new RulesetWriter(session);
    }

    static Command.Body<Action> body() {
        return Command.does((Action) ApplyAction::run)
                .describe("Puts documents to work. All files are checked before anything is sent. A document with a uid"
                        + " updates that object; one without creates a new object. A ruleset whose name exists is"
                        + " updated; of a policy whose name and type exist it asks, and without a terminal adds one.")
                .option(CommonOptions.FILES)
                .option(CommonOptions.YES)
                .option(Option.flag("Update a policy of the same name and type without asking.", "--upsert"))
                .option(Option.flag("Add a policy even when one of the same name and type exists.", "--create"))
                .option(Option.flag("Check, say what would be done, and stop.", "--dry-run"))
                .option(CommonOptions.output("default", "json"))
                .example("spyctl apply -f policy.yaml", "one file")
                .example("spyctl apply -f 'policies/*.yaml' --upsert", "many, adding nothing twice")
                .build();
    }

    private static int run(Session session) throws UsageException {
        var patterns = session.arguments().values("--filename");
        if (patterns.isEmpty()) {
            throw new UsageException("option `--filename` is needed");
        }
        if (session.arguments().has("--upsert") && session.arguments().has("--create")) {
            throw new UsageException("`--upsert` and `--create` exclude each other");
        }
        var documents = InputFiles.documents(session, patterns).stream()
                .sorted(Comparator.comparingInt(ApplyAction::rank))
                .toList();
        new RuleNotices(session, documents).say();
        return new ApplyAction(session).apply(documents);
    }

    private static int rank(Document document) {
        return document.kind() == Kind.RULESET ? 0 : document.kind() == Kind.POLICY ? 1 : 2;
    }

    private int apply(List<Document> documents) throws UsageException {
        var results = new ArrayList<Json.Obj>();
        for (var document : documents) {
            results.add(applyOne(document));
        }
        if (CommonOptions.format(session.arguments()) == OutputFormat.JSON) {
            session.printer().raw(io.guardian.core.text.JsonWriter.write(new Json.Arr(List.copyOf(results))));
        }
        failures.forEach(session.talk()::error);
        return failures.isEmpty() ? 0 : Failure.FAILED;
    }

    private Json.Obj applyOne(Document document) throws UsageException {
        try {
            return switch (document.kind()) {
                case POLICY -> policies.apply(document);
                case RULESET -> rulesets.apply(document);
                case FINGERPRINT, BASELINE, FINGERPRINT_GROUP, DEVIATION, UID_LIST, CONFIG, API_SECRET ->
                    throw Failure.because("a " + document.kind() + " can't be applied; make a policy from fingerprints"
                            + " with `spyctl create policy`");
                case NOTIFICATION_TARGET,
                        NOTIFICATION_TEMPLATE,
                        AGENT_HEALTH_NOTIFICATION,
                        SAVED_QUERY,
                        SEARCH_SET,
                        CUSTOM_FLAG -> new ResourceWriter(session).apply(document);
            };
        } catch (ApiException refused) {
            return failed(document, refused.toFailure());
        } catch (Failure failure) {
            if (failure.exitCode() != Failure.FAILED) {
                throw failure;
            }
            return failed(document, failure);
        }
    }

    private Json.Obj failed(Document document, Failure failure) {
        String name = document.name().isEmpty() ? "" : " `" + document.name() + "`";
        failures.add(Failure.because(document.kind() + name + ": " + failure.reason(), failure.more()));
        return Applied.result(document, Optional.empty(), Optional.empty(), "failed");
    }
}
