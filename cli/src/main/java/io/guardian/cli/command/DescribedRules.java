package io.guardian.cli.command;

import io.guardian.cli.get.Rulesets;
import io.guardian.cli.line.UsageException;
import io.guardian.cli.session.Names;
import io.guardian.cli.session.Session;
import io.guardian.cli.shell.Failure;
import io.guardian.core.document.ClusterPolicy;
import io.guardian.core.document.Document;
import io.guardian.core.document.Documents;
import io.guardian.core.document.Rule;
import io.guardian.core.document.Ruleset;
import io.guardian.core.selector.SelectorsJson;
import io.guardian.core.text.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Rulesets in words, and where they come from. */
final class DescribedRules {
    private DescribedRules() {}

    /** The rulesets of a policy: those that stand beside it, else what the server keeps. */
    static List<Ruleset> ofPolicy(Session session, ClusterPolicy policy, List<Document> beside) throws UsageException {
        var known = new ArrayList<>(of(beside));
        boolean complete =
                known.stream().map(Ruleset::name).collect(Collectors.toSet()).containsAll(policy.rulesets());
        if (!complete) {
            for (var envelope : Rulesets.fetch(session, "from_archive=false")) {
                known.addAll(read(Rulesets.document(envelope)));
            }
        }
        var found = new ArrayList<Ruleset>();
        for (String name : policy.rulesets()) {
            known.stream()
                    .filter(ruleset ->
                            ruleset.name().equals(name) || ruleset.uid().equals(name))
                    .findFirst()
                    .ifPresent(found::add);
        }
        return found;
    }

    static List<Ruleset> of(List<Document> documents) {
        return documents.stream()
                .map(Document::resource)
                .filter(Ruleset.class::isInstance)
                .map(Ruleset.class::cast)
                .toList();
    }

    static Ruleset applied(Session session, String name) throws UsageException {
        var envelope = Rulesets.NAMES.one(Rulesets.fetch(session, "from_archive=false"), name, Names.Reach.PARTS);
        return read(Rulesets.document(envelope)).stream()
                .findFirst()
                .orElseThrow(() -> Failure.because("ruleset " + Rulesets.uid(envelope) + " can't be read"));
    }

    private static List<Ruleset> read(Json.Obj document) {
        return of(Documents.parse(document).documents());
    }

    static List<String> lines(Ruleset ruleset) {
        var lines = new ArrayList<String>();
        lines.add("");
        lines.add("Ruleset `" + ruleset.name() + "`" + (ruleset.uid().isEmpty() ? "" : " (" + ruleset.uid() + ")")
                + ": " + ruleset.rules().size() + (ruleset.rules().size() == 1 ? " rule" : " rules"));
        int number = 1;
        for (var rule : ruleset.rules()) {
            lines.add("  " + number++ + ". " + rule.verb() + " " + rule.target() + scope(rule));
            rule.values().forEach(value -> lines.add("       " + value));
        }
        return lines;
    }

    private static String scope(Rule rule) {
        if (rule.selectors().isEmpty()) {
            return " everywhere";
        }
        return " for "
                + SelectorsJson.fields(rule.selectors()).entrySet().stream()
                        .map(field -> field.getKey() + " " + DescribeAction.words(field.getValue()))
                        .collect(Collectors.joining(" and "));
    }
}
