package io.guardian.core.ruleset;

import io.guardian.core.document.Rule;
import io.guardian.core.document.Rule.Target;
import io.guardian.core.document.Rule.Verb;
import io.guardian.core.document.Ruleset;
import io.guardian.core.ruleset.RulesetMerge.Edited;
import io.guardian.core.ruleset.RulesetMerge.EditedRule;
import io.guardian.core.selector.Glob;
import io.guardian.core.selector.Scope;
import io.guardian.core.selector.Selection;
import io.guardian.core.selector.SelectorMatch;
import io.guardian.core.selector.Selectors;
import io.guardian.core.selector.Subject;
import io.guardian.core.selector.Subject.Facts;
import io.guardian.core.selector.Term;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;

/** Rulesets of one policy while deviations are merged into them. */
final class GrowingRulesets {
    private final List<Growing> rulesets;

    /** A ruleset and its rules as they are so far. */
    private static final class Growing {
        private final Ruleset before;
        private final List<GrowingRule> rules = new ArrayList<>();
        private boolean changed;

        Growing(Ruleset before) {
            this.before = before;
            for (int i = 0; i < before.rules().size(); i++) {
                rules.add(new GrowingRule(this, before.rules().get(i), i));
            }
        }

        boolean has(Target target) {
            return rules.stream().anyMatch(rule -> rule.target() == target);
        }
    }

    private static final class GrowingRule {
        private final Growing ruleset;
        private final Rule rule;
        private final SelectorMatch selectors;
        private final int origin;
        private final List<String> values;
        /** They are never edited. */
        private final List<Glob> globs;

        GrowingRule(Growing ruleset, Rule rule, int origin) {
            this.ruleset = ruleset;
            this.rule = rule;
            this.selectors = SelectorMatch.of(rule.selectors());
            this.origin = origin;
            this.values = new ArrayList<>(rule.values());
            this.globs = rule.values().stream()
                    .filter(value -> !Glob.isExact(value))
                    .map(Glob::of)
                    .toList();
        }

        Target target() {
            return rule.target();
        }

        boolean isScoped() {
            return !rule.selectors().isEmpty();
        }

        boolean is(Verb verb) {
            return rule.verb() == verb;
        }

        boolean holds(String value) {
            return values.contains(value);
        }

        boolean matches(String value) {
            return holds(value) || matchesByGlob(value);
        }

        private boolean matchesByGlob(String value) {
            return globs.stream().anyMatch(glob -> glob.matches(value));
        }

        /** Higher wins; -1 when no value matches. */
        int rank(String value) {
            boolean exact = holds(value);
            if (!exact && !matchesByGlob(value)) {
                return -1;
            }
            return (isScoped() ? RankedPattern.SCOPED : 0)
                    + (exact ? RankedPattern.EXACT : 0)
                    + (is(Verb.DENY) ? RankedPattern.DENY : 0);
        }

        void add(String value) {
            if (!holds(value)) {
                values.add(value);
                ruleset.changed = true;
            }
        }

        void remove(String value) {
            if (values.remove(value)) {
                ruleset.changed = true;
            }
        }
    }

    GrowingRulesets(List<Ruleset> rulesets) {
        this.rulesets = rulesets.stream().map(Growing::new).toList();
    }

    boolean constrains(Target target) {
        return rulesets.stream().anyMatch(ruleset -> ruleset.has(target));
    }

    /** @param object that the value is to be allowed for */
    void allow(Target target, String value, Subject object) {
        var inScope = rulesets.stream()
                .flatMap(ruleset -> ruleset.rules.stream())
                .filter(rule -> rule.target() == target && rule.selectors.match(object) == Selection.MATCH)
                .toList();
        if (allows(inScope, value)) {
            return;
        }
        var denying = inScope.stream()
                .filter(rule -> rule.is(Verb.DENY) && rule.matches(value))
                .toList();
        var scoped = denying.stream().filter(GrowingRule::isScoped).toList();
        var allowing = allowing(inScope, value);
        boolean inTheWay =
                !scoped.isEmpty() && allowing.filter(GrowingRule::isScoped).isEmpty();
        var extended = allowing.isPresent() && !inTheWay
                ? allowing.get()
                : added(
                        allowing.map(rule -> rule.ruleset).orElseGet(() -> home(target)),
                        target,
                        scoped.isEmpty()
                                ? own(target, object)
                                : scoped.getFirst().rule.selectors());
        extended.add(value);
        var emptied = !scoped.isEmpty() ? scoped : extended.isScoped() ? List.<GrowingRule>of() : denying;
        emptied.forEach(rule -> rule.remove(value));
        rulesets.forEach(ruleset -> ruleset.rules.removeIf(
                rule -> rule.values.isEmpty() && !rule.rule.values().isEmpty()));
    }

    private static boolean allows(List<GrowingRule> inScope, String value) {
        int best = inScope.stream().mapToInt(rule -> rule.rank(value)).max().orElse(-1);
        return best >= 0 && (best & RankedPattern.DENY) == 0;
    }

    /** The allow rule to extend: one with selectors first, then one that holds the value already, then the first. */
    private static Optional<GrowingRule> allowing(List<GrowingRule> inScope, String value) {
        return inScope.stream()
                .filter(rule -> rule.is(Verb.ALLOW))
                .min(Comparator.comparing((GrowingRule rule) -> !rule.isScoped())
                        .thenComparing(rule -> !rule.holds(value)));
    }

    /** Where a rule goes that has no other home: the first ruleset with the target, else the first. */
    private Growing home(Target target) {
        return rulesets.stream()
                .filter(ruleset -> ruleset.has(target))
                .findFirst()
                .orElse(rulesets.getFirst());
    }

    /**
     * Selectors of a new rule that no deny rule gives: the namespace of the object if all allow rules of the target
     * have a selector of namespaces, since the value would else be allowed in every one; and its cluster likewise.
     */
    private Selectors own(Target target, Subject object) {
        var allowing = rulesets.stream()
                .flatMap(ruleset -> ruleset.rules.stream())
                .filter(rule -> rule.target() == target && rule.is(Verb.ALLOW))
                .toList();
        var terms = new LinkedHashMap<Scope, List<Term>>();
        if (isEverywhere(allowing, Scope.CLUSTER)) {
            first(object, Scope.CLUSTER, "name")
                    .ifPresent(
                            name -> terms.putAll(GeneratedRules.ofCluster(name).terms()));
        }
        if (isEverywhere(allowing, Scope.NAMESPACE)) {
            first(object, Scope.NAMESPACE, ContainerObject.NAMESPACE_NAME)
                    .ifPresent(name -> terms.put(Scope.NAMESPACE, List.of(RulesetMerge.inNamespaces(List.of(name)))));
        }
        return new Selectors(terms);
    }

    private static boolean isEverywhere(List<GrowingRule> rules, Scope scope) {
        return !rules.isEmpty()
                && rules.stream().allMatch(rule -> rule.rule.selectors().has(scope));
    }

    private static Optional<String> first(Subject object, Scope scope, String key) {
        return object.facts(scope) instanceof Facts.Present present
                ? present.get(key).flatMap(values -> values.stream().findFirst())
                : Optional.empty();
    }

    /** A new rule, or the equal one that was added before. */
    private static GrowingRule added(Growing ruleset, Target target, Selectors selectors) {
        return ruleset.rules.stream()
                .filter(rule -> rule.origin < 0
                        && rule.target() == target
                        && rule.rule.selectors().equals(selectors))
                .findFirst()
                .orElseGet(() -> {
                    var rule = new GrowingRule(ruleset, new Rule(selectors, target, Verb.ALLOW, List.of()), -1);
                    ruleset.rules.add(rule);
                    return rule;
                });
    }

    List<Edited> finish() {
        return rulesets.stream().map(GrowingRulesets::edited).toList();
    }

    private static Edited edited(Growing ruleset) {
        if (!ruleset.changed) {
            return new Edited(
                    ruleset.before,
                    ruleset.rules.stream()
                            .map(rule -> new EditedRule(rule.rule, rule.origin))
                            .toList(),
                    false);
        }
        var rules = ruleset.rules.stream()
                .map(rule -> new EditedRule(
                        new Rule(
                                rule.rule.selectors(),
                                rule.target(),
                                rule.rule.verb(),
                                rule.values.stream().sorted().toList()),
                        rule.origin))
                .sorted(Comparator.comparing(
                                (EditedRule edited) -> edited.rule().target().toString())
                        .thenComparing(edited -> edited.rule().verb().toString())
                        .thenComparing(edited ->
                                edited.rule().values().stream().findFirst().orElse("")))
                .toList();
        return new Edited(ruleset.before, rules, true);
    }
}
