package io.guardian.cli.command;

import io.guardian.cli.api.ApiException;
import io.guardian.cli.line.Command;
import io.guardian.cli.line.Option;
import io.guardian.cli.line.UsageException;
import io.guardian.cli.output.OutputFormat;
import io.guardian.cli.output.Pager;
import io.guardian.cli.session.Session;
import io.guardian.cli.shell.Failure;
import io.guardian.cli.shell.Prompt;
import io.guardian.core.document.PolicyEdits;
import io.guardian.core.text.Json;
import io.guardian.core.text.YamlWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
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
                                + " shown and agreed to.")
                .options(MergeInput.options())
                .option(Option.flag("Write the result back to the file.", "-O", "--output-to-file"))
                .option(Option.flag("Answer yes, but show no reviews.", "-Y", "--yes-except-review"))
                .example("spyctl merge -p mongo-policy", "allow what deviated in the last day")
                .example("spyctl merge -f policy.yaml -w fprints.yaml > new.yaml", "add fingerprints to a file")
                .build();
    }

    private int run() throws UsageException {
        var targets = MergeTarget.of(session);
        var results = new ArrayList<Json.Obj>();
        int code = 0;
        for (var target : targets) {
            var merged = new MergeInput(session).merge(target);
            if (!merged.changed()) {
                session.talk().say("'" + target.title() + "' produced no updates to the 'spec' field, skipping");
            }
            if (target.file().isPresent()) {
                results.add(merged.document());
            } else if (merged.changed()) {
                code = Math.max(code, update(target, merged));
            }
        }
        if (!results.isEmpty()) {
            output(targets, results);
        }
        return code;
    }

    private int update(MergeTarget target, PolicyEdits.Merged merged) throws UsageException {
        boolean yes = session.arguments().has("--yes-except-review");
        String name = "'" + target.title() + "'";
        boolean review = !yes && session.prompt().confirm("Review merge updates to " + name + "?", Prompt.Default.NO);
        if (review) {
            new Pager(session.world(), session.arguments().has("--no-pager"))
                    .show(DiffAction.text(session, target, merged.document()));
        }
        if (!yes && !session.prompt().confirm("Apply merge changes to " + name + "?", Prompt.Default.NO)) {
            return 0;
        }
        try {
            var writer = new PolicyWriter(session);
            long version = target.document().policy().version();
            var _ = writer.update(merged.document(), Optional.of(version).filter(number -> number > 0));
            session.talk().say("Successfully updated policy " + target.uid());
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

    private void output(List<MergeTarget> targets, List<Json.Obj> results) {
        if (session.arguments().has("--output-to-file")) {
            var files = targets.stream()
                    .flatMap(target -> target.file().stream())
                    .distinct()
                    .toList();
            if (files.size() != results.size()) {
                throw Failure.because(
                        "a file holds several documents and can't be rewritten, print the result instead");
            }
            for (int i = 0; i < files.size(); i++) {
                if (!results.get(i).equals(targets.get(i).source())) {
                    rewrite(files.get(i), results.get(i));
                }
            }
            return;
        }
        var format = CommonOptions.format(session.arguments());
        session.printer().document(results, format.isTable() ? OutputFormat.YAML : format);
    }

    private void rewrite(String file, Json.Obj document) {
        try {
            Files.writeString(session.world().path(file), YamlWriter.write(document));
            session.talk().say("Merged into `" + file + "`");
        } catch (IOException unwritable) {
            throw Failure.because("cannot write `" + file + "`: " + unwritable.getMessage());
        }
    }
}
