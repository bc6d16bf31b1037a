package io.guardian.cli.command;

import io.guardian.cli.api.ApiException;
import io.guardian.cli.get.Policies;
import io.guardian.cli.get.Rulesets;
import io.guardian.cli.line.Command;
import io.guardian.cli.line.Option;
import io.guardian.cli.line.UsageException;
import io.guardian.cli.output.OutputFormat;
import io.guardian.cli.output.Pager;
import io.guardian.cli.session.Session;
import io.guardian.cli.shell.Failure;
import io.guardian.cli.shell.Prompt;
import io.guardian.core.document.Documents;
import io.guardian.core.document.Kind;
import io.guardian.core.text.Json;
import io.guardian.core.text.YamlWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** {@code merge}: makes what was seen part of policies. */
final class MergeAction {
    private final Session session;

    private MergeAction(Session session) {
        this.session = session;
    }

    static Command.Body<Action> body() {
        return Command.does((Action) session -> new MergeAction(session).run())
                .describe(
                        "Makes a file, a policy or the deviations of a time window part of policies. With `-f` the result"
                                + " is printed or written back to the file; with `-p` applied policies are updated, after they were"
                                + " shown and agreed to. Of a cluster policy the rulesets are what changes.")
                .options(MergeInput.options())
                .option(Option.flag("Write the result back to the file.", "-O", "--output-to-file"))
                .option(Option.flag("Answer yes, but show no reviews.", "-Y", "--yes-except-review"))
                .example("spyctl merge -p mongo-policy", "allow what deviated in the last day")
                .example(
                        "spyctl merge -p demo-cluster-policy --latest",
                        "allow what deviated since the rules last changed")
                .example("spyctl merge -f policy.yaml -w fprints.yaml > new.yaml", "add fingerprints to a file")
                .build();
    }

    private int run() throws UsageException {
        var targets = MergeTargets.of(session);
        var replaced = new IdentityHashMap<Json.Obj, Json.Obj>();
        var added = new LinkedHashMap<String, Json.Obj>();
        int code = 0;
        for (var target : targets.all()) {
            var merged = new MergeInput(session).merge(target);
            if (!merged.changed()) {
                session.talk().say("'" + target.title() + "' produced no updates to the 'spec' field, skipping");
            } else if (target.isInFile()) {
                for (var change : merged.changes()) {
                    replaced.put(change.before(), change.after());
                    added.put(change.after().object("metadata").text("name"), change.after());
                    targets.changed(change.after());
                }
            } else {
                code = Math.max(code, update(target, merged));
            }
        }
        if (!targets.files().isEmpty()) {
            output(targets.files(), replaced, added);
        }
        return code;
    }

    private int update(MergeTarget target, MergeOutcome merged) throws UsageException {
        boolean yes = session.arguments().has("--yes-except-review");
        String name = "'" + target.title() + "'";
        boolean review = !yes && session.prompt().confirm("Review merge updates to " + name + "?", Prompt.Default.NO);
        if (review) {
            new Pager(session.world(), session.arguments().has("--no-pager")).show(DiffAction.text(session, merged));
        }
        if (target instanceof ClusterTarget) {
            warnOfOthers(target, merged);
        }
        if (!yes && !session.prompt().confirm("Apply merge changes to " + name + "?", Prompt.Default.NO)) {
            return 0;
        }
        try {
            for (var change : merged.changes()) {
                send(target, change);
            }
            return 0;
        } catch (ApiException refused) {
            var failure = refused.toFailure();
            session.talk()
                    .error(
                            refused.status() == 409
                                    ? Failure.because(name + " was changed by somebody else meanwhile, merge again")
                                    : failure);
            return Failure.FAILED;
        }
    }

    private void send(MergeTarget target, MergeOutcome.Change change) throws UsageException {
        var version = change.before()
                .object("metadata")
                .number("version")
                .map(Json.Num::asLong)
                .filter(number -> number > 0);
        switch (target) {
            case MergeTarget.Workload _ -> {
                var _ = new PolicyWriter(session).update(change.after(), version);
                session.talk().say("Successfully updated policy " + target.uid());
            }
            case ClusterTarget _ -> {
                var _ = new RulesetWriter(session).update(change.after(), version);
                session.talk().say("Successfully updated ruleset " + Rulesets.uid(change.after()));
            }
        }
    }

    /** A ruleset may serve several policies, and all of them change with it. */
    private void warnOfOthers(MergeTarget target, MergeOutcome merged) throws UsageException {
        var policies = Policies.fetch(session, Optional.of("cluster"), false).stream()
                .filter(policy -> !Policies.uid(policy).equals(target.uid()))
                .toList();
        for (var change : merged.changes()) {
            String name = Rulesets.name(change.after());
            var others = SharedRulesets.users(policies, name, Rulesets.uid(change.after()));
            if (!others.isEmpty()) {
                session.talk()
                        .warn("ruleset `" + name + "` changes for these policies too: " + SharedRulesets.words(others));
            }
        }
    }

    /** The files with what was merged, and the server's rulesets that would have to be applied with them. */
    private void output(List<InputFiles.Input> files, Map<Json.Obj, Json.Obj> replaced, Map<String, Json.Obj> latest) {
        var results = new ArrayList<Json.Obj>();
        var inFiles = new HashSet<String>();
        for (var file : files) {
            boolean changed = false;
            var documents = new ArrayList<Json.Obj>();
            for (var document : file.parsed().documents()) {
                boolean isRuleset = document.kind() == Kind.RULESET;
                var after = isRuleset
                        ? latest.getOrDefault(document.name(), document.source())
                        : replaced.getOrDefault(document.source(), document.source());
                inFiles.add(isRuleset ? document.name() : "");
                changed |= !after.equals(document.source());
                documents.add(after);
            }
            if (changed && session.arguments().has("--output-to-file")) {
                rewrite(file.name(), documents);
            }
            results.addAll(documents);
        }
        latest.forEach((name, document) -> {
            if (!inFiles.contains(name) && document.text("kind").equals(Kind.RULESET.toString())) {
                boolean printed = !session.arguments().has("--output-to-file");
                session.talk()
                        .warn("ruleset `" + name + "` is in none of the files"
                                + (printed
                                        ? "; it is printed with them"
                                        : " and stays as it is; without `-O` it is printed"));
                results.add(document);
            }
        });
        if (!session.arguments().has("--output-to-file")) {
            var format = CommonOptions.format(session.arguments());
            session.printer().document(results, format.isTable() ? OutputFormat.YAML : format);
        }
    }

    private void rewrite(String file, List<Json.Obj> documents) {
        var written = documents.size() == 1
                ? documents.getFirst()
                : Json.object()
                        .put("apiVersion", Documents.API_VERSION)
                        .put("items", new Json.Arr(List.copyOf(documents)))
                        .build();
        try {
            Files.writeString(session.world().path(file), YamlWriter.write(written));
            session.talk().say("Merged into `" + file + "`");
        } catch (IOException unwritable) {
            throw Failure.because("cannot write `" + file + "`: " + unwritable.getMessage());
        }
    }
}
