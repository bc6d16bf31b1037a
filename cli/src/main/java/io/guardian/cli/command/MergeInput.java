package io.guardian.cli.command;

import io.guardian.cli.get.Policies;
import io.guardian.cli.line.Option;
import io.guardian.cli.line.UsageException;
import io.guardian.cli.output.Moments;
import io.guardian.cli.session.Names;
import io.guardian.cli.session.PolicyRecords;
import io.guardian.cli.session.Session;
import io.guardian.cli.session.Window;
import io.guardian.cli.shell.Failure;
import io.guardian.core.document.DeviationDocument;
import io.guardian.core.document.PolicyEdits;
import io.guardian.core.document.Resource;
import io.guardian.core.ruleset.CompiledRules;
import io.guardian.core.ruleset.RulesetDocuments;
import io.guardian.core.ruleset.RulesetMerge;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What merge and diff have in common: the options, what comes in, and the merge itself. */
final class MergeInput {
    private final Session session;

    MergeInput(Session session) {
        this.session = session;
    }

    static List<Option> options() {
        var options = new ArrayList<Option>(List.of(
                Option.many("FILE", "Policies in files.", "-f", "--filename"),
                Option.optionalValue(
                        "LIST", "Applied policies, by exact name or uid; all without a value.", "-p", "--policy"),
                Option.value("FILE", "Merge in what this file holds.", "-w", "--with-file"),
                Option.optionalValue(
                        "UID",
                        "Merge in this policy; without a value, the applied policy of the same uid.",
                        "-P",
                        "--with-policy"),
                Option.flag(
                        "Deviations since the policy's latest timestamp, or since its rulesets last changed.",
                        "-l",
                        "--latest"),
                Option.flag("Also connections, which is the default.", "--include-network"),
                Option.flag("Only processes.", "--exclude-network"),
                Option.flag("Also what lies outside the policy's selectors.", "--force"),
                Option.flag("Show the whole document, not only what changes.", "--full-diff"),
                CommonOptions.YES,
                CommonOptions.outputForDocuments()));
        options.addAll(Window.options(Window.DAY));
        return options;
    }

    /** Merges what the options name into the target; notices are said. */
    MergeOutcome merge(MergeTarget target) throws UsageException {
        return switch (target) {
            case MergeTarget.Workload workload -> merge(workload);
            case ClusterTarget cluster -> merge(cluster);
        };
    }

    private MergeOutcome merge(MergeTarget.Workload target) throws UsageException {
        var merged = PolicyEdits.merge(
                target.source(),
                target.document(),
                incoming(target),
                session.arguments().has("--force"));
        merged.notices().forEach(session.talk()::warn);
        var kept = session.arguments().has("--exclude-network") ? withoutNetwork(target, merged) : merged;
        return new MergeOutcome(
                List.of(new MergeOutcome.Change(target.source(), kept.document(), DiffMarks.on(kept), kept.changed())));
    }

    /** What the rules allow by now is left out, so that it adds nothing to them. */
    private MergeOutcome merge(ClusterTarget target) throws UsageException {
        var parts = target.rulesets().now();
        var rulesets = parts.stream().map(ClusterTarget.Part::ruleset).toList();
        var taken = new ArrayList<DeviationDocument>();
        for (var resource : incoming(target)) {
            if (resource instanceof DeviationDocument deviation) {
                taken.add(deviation);
            } else {
                session.talk()
                        .warn("skipped " + resource.kind() + " `" + resource.name()
                                + "`: only deviations can be merged into rulesets");
            }
        }
        if (!session.arguments().has("--with-file")) {
            var rules = CompiledRules.compile(rulesets);
            taken.removeIf(deviation -> !RulesetMerge.isRelevant(rules, deviation));
        }
        // A ruleset that stands alone takes the deviations it is given, whatever policy they are of.
        String policyUid =
                target.uid().isEmpty() && !taken.isEmpty() ? taken.getFirst().policyUid() : target.uid();
        var result = RulesetMerge.merge(policyUid, rulesets, taken);
        result.notices().stream().distinct().forEach(session.talk()::warn);
        var changes = new ArrayList<MergeOutcome.Change>();
        for (int i = 0; i < parts.size(); i++) {
            var source = parts.get(i).source();
            var edited = result.rulesets().get(i);
            changes.add(new MergeOutcome.Change(
                    source,
                    RulesetDocuments.merged(source, edited),
                    RulesetDocuments.marked(source, edited),
                    edited.changed()));
        }
        return new MergeOutcome(changes);
    }

    private static PolicyEdits.Merged withoutNetwork(MergeTarget.Workload target, PolicyEdits.Merged merged) {
        var before = target.source().object("spec");
        var document = merged.document()
                .with("spec", merged.document().object("spec").with("networkPolicy", before.object("networkPolicy")));
        boolean changed = !document.object("spec").equals(before);
        var diff = new io.guardian.core.fingerprint.Diff(merged.diff().nodes(), List.of());
        return new PolicyEdits.Merged(changed ? document : target.source(), changed, merged.notices(), diff);
    }

    private List<Resource> incoming(MergeTarget target) throws UsageException {
        var arguments = session.arguments();
        if (arguments.has("--with-file")) {
            return Inputs.of(session, InputFiles.documents(session, arguments.values("--with-file")));
        }
        if (arguments.has("--with-policy")) {
            return withPolicy(arguments.value("--with-policy").orElse(target.uid()), target);
        }
        return deviations(target);
    }

    private List<Resource> withPolicy(String uid, MergeTarget target) throws UsageException {
        if (uid.isEmpty()) {
            throw Failure.because("`" + target.title() + "` has no uid, name the policy: `--with-policy UID`");
        }
        var policy = Policies.NAMES.one(Policies.fetch(session, Optional.empty(), false), uid, Names.Reach.EXACT);
        return Inputs.stored(Policies.document(policy));
    }

    private List<Resource> deviations(MergeTarget target) throws UsageException {
        if (target.uid().isEmpty()) {
            throw Failure.because("`" + target.title() + "` was never applied and has no deviations, merge a file with"
                    + " `--with-file`");
        }
        var window = window(target);
        var seen = new java.util.HashSet<String>();
        var found = new ArrayList<Resource>();
        PolicyRecords.stream(session, target.uid(), "event_deviation", window, record -> {
            if (seen.add(record.text("checksum"))) {
                found.addAll(Inputs.stored(record));
            }
        });
        return found;
    }

    Window window(MergeTarget target) {
        var latest = target.latest();
        boolean since = session.arguments().has("--latest")
                && latest.filter(time -> time.isBefore(session.now())).isPresent();
        return since ? new Window(latest.orElseThrow(), session.now()) : Window.of(session, Window.DAY);
    }

    /** What comes in, for people. */
    String what(MergeTarget target) {
        var arguments = session.arguments();
        if (arguments.has("--with-file")) {
            return "`" + arguments.value("--with-file").orElse("") + "`";
        }
        if (arguments.has("--with-policy")) {
            return "policy " + arguments.value("--with-policy").orElse(target.uid());
        }
        var window = window(target);
        return "Deviations from " + Moments.text(window.start()) + " to " + Moments.text(window.end());
    }
}
