package io.guardian.core.ruleset;

import io.guardian.core.document.Rule;
import io.guardian.core.ruleset.RulesetMerge.Edited;
import io.guardian.core.ruleset.RulesetMerge.EditedRule;
import io.guardian.core.selector.SelectorsJson;
import io.guardian.core.text.Json;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;

/** Merged rulesets as documents: rules that stayed are as they were written, keys in their own order. */
public final class RulesetDocuments {
    private RulesetDocuments() {}

    /** @param source the ruleset before, as written */
    public static Json.Obj merged(Json.Obj source, Edited edited) {
        if (!edited.changed()) {
            return source;
        }
        var written = source.object("spec").array("rules").objects();
        return withRules(
                source,
                edited.rules().stream()
                        .<Json>map(rule -> rule(written, edited, rule))
                        .toList());
    }

    /** The same, with {@code diff: added}, {@code changed} or {@code removed} on each rule that is. */
    public static Json.Obj marked(Json.Obj source, Edited edited) {
        var written = source.object("spec").array("rules").objects();
        var rules = new ArrayList<Json>();
        var kept = new HashSet<Integer>();
        for (var rule : edited.rules()) {
            kept.add(rule.origin());
            var shown = rule(written, edited, rule);
            boolean changed = rule.origin() >= 0 && !isSame(edited, rule);
            String mark = rule.origin() < 0 ? "added" : changed ? "changed" : "";
            rules.add(mark.isEmpty() ? shown : shown.with("diff", Json.of(mark)));
        }
        for (int i = 0; i < written.size(); i++) {
            if (!kept.contains(i)) {
                rules.add(written.get(i).with("diff", Json.of("removed")));
            }
        }
        return withRules(source, rules);
    }

    private static boolean isSame(Edited edited, EditedRule rule) {
        var before = edited.before().rules().get(rule.origin());
        return new HashSet<>(before.values()).equals(new HashSet<>(rule.rule().values()));
    }

    private static Json.Obj rule(List<Json.Obj> written, Edited edited, EditedRule edit) {
        var rule = edit.rule();
        if (edit.origin() < 0) {
            return added(rule);
        }
        var source = written.get(edit.origin());
        var before = edited.before().rules().get(edit.origin());
        return before.values().equals(rule.values()) ? source : source.with("values", Json.strings(rule.values()));
    }

    private static Json.Obj added(Rule rule) {
        var out = Json.object();
        SelectorsJson.fields(rule.selectors()).forEach(out::put);
        return out.put("target", rule.target().toString())
                .put("values", Json.strings(rule.values()))
                .put("verb", rule.verb().toString())
                .build();
    }

    private static Json.Obj withRules(Json.Obj source, List<Json> rules) {
        return source.with("spec", source.object("spec").with("rules", new Json.Arr(rules)));
    }
}
