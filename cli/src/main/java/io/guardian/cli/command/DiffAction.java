package io.guardian.cli.command;

import io.guardian.cli.line.Command;
import io.guardian.cli.line.Option;
import io.guardian.cli.line.UsageException;
import io.guardian.cli.output.OutputFormat;
import io.guardian.cli.output.Pager;
import io.guardian.cli.session.Session;
import io.guardian.cli.shell.Failure;
import io.guardian.cli.shell.Prompt;
import io.guardian.core.text.Json;
import java.util.ArrayList;

/** {@code diff}: what a merge would change. */
final class DiffAction {
    static final int CONTEXT_LINES = 5;

    private DiffAction() {}

    static Command.Body<Action> body() {
        return Command.does((Action) DiffAction::run)
                .describe(
                        "Shows what would change if a file, a policy or the deviations of a time window were merged into"
                                + " policies. Changes nothing.")
                .options(MergeInput.options())
                .option(Option.flag("Exit with 1 if there is a difference.", "--exit-code"))
                .example("spyctl diff -p mongo-policy", "what the last day's deviations would add")
                .example("spyctl diff -f policy.yaml --with-policy", "a file against what is applied")
                .build();
    }

    private static int run(Session session) throws UsageException {
        var input = new MergeInput(session);
        var targets = MergeTargets.of(session).all();
        boolean asks = session.arguments().has("--policy")
                && session.arguments().list("--policy").isEmpty()
                && targets.size() > 1
                && session.prompt().canAsk();
        var format = CommonOptions.format(session.arguments());
        var marked = new ArrayList<Json.Obj>();
        var text = new StringBuilder();
        boolean different = false;
        for (var target : targets) {
            String question = "Diff applied policy '" + target.title() + "' with " + input.what(target) + "?";
            if (asks && !session.prompt().confirm(question, Prompt.Default.YES)) {
                continue;
            }
            var merged = input.merge(target);
            different |= merged.changed();
            if (!format.isTable()) {
                merged.documents().forEach(change -> marked.add(change.marked()));
            } else if (merged.changed()) {
                text.append(targets.size() > 1 ? "# " + target.title() + "\n" : "")
                        .append(text(session, merged));
            } else {
                session.talk().say("'" + target.title() + "': no differences");
            }
        }
        if (format.isTable()) {
            boolean page = targets.size() > 1;
            new Pager(session.world(), !page || session.arguments().has("--no-pager")).show(text.toString());
        } else {
            session.printer().records(marked, format == OutputFormat.NDJSON ? OutputFormat.NDJSON : format);
        }
        return different && session.arguments().has("--exit-code") ? Failure.FAILED : 0;
    }

    static String text(Session session, MergeOutcome merged) {
        int context = session.arguments().has("--full-diff") ? -1 : CONTEXT_LINES;
        var text = new StringBuilder();
        var changes = merged.changes();
        for (var change : changes) {
            text.append(
                            changes.size() > 1
                                    ? "# " + change.after().object("metadata").text("name") + "\n"
                                    : "")
                    .append(TextDiff.of(change.before(), change.after(), context, session.colour()));
        }
        return text.toString();
    }
}
