package io.guardian.core.ruleset;

import io.guardian.core.document.Rule.Target;
import io.guardian.core.ruleset.Anchors.Place;
import io.guardian.core.ruleset.RankedPattern.ReadyRule;
import io.guardian.core.selector.Glob;
import io.guardian.core.selector.PatternIndex;
import io.guardian.core.selector.Scope;
import io.guardian.core.selector.Subject;
import io.guardian.core.selector.Subject.Facts;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The rules of one target, arranged so that a container meets only those that may be about it: first by one fact of the
 * container that the rule names ({@link Anchors}), then by the value ({@link PatternIndex}). Selectors are still
 * matched as a whole; the arrangement only leaves out what can't match.
 */
final class TargetRules {
    /** Values kept under an anchor, over all rules; rules beyond are found by their values alone. */
    private static final int MAX_ANCHORED = 1_000_000;

    private final Target target;
    private final List<ReadyRule> rules;
    private final PatternIndex<List<RankedPattern>> everywhere;
    private final Map<Scope, Map<String, Map<String, PatternIndex<List<RankedPattern>>>>> anchored =
            new EnumMap<>(Scope.class);

    /** @param rules of this target, at least one */
    TargetRules(Target target, List<ReadyRule> rules) {
        this.target = target;
        this.rules = List.copyOf(rules);
        var anchors = new Anchors(rules);
        var loose = new LinkedHashMap<String, List<RankedPattern>>();
        var buckets = new HashMap<Place, Map<String, List<RankedPattern>>>();
        long kept = 0;
        for (var rule : rules) {
            var places = anchors.of(rule);
            long size = (long) places.map(List::size).orElse(0)
                    * rule.ref().rule().values().size();
            if (places.isPresent() && kept + size <= MAX_ANCHORED) {
                kept += size;
                places.get().forEach(place -> add(rule, buckets.computeIfAbsent(place, _ -> new LinkedHashMap<>())));
            } else {
                add(rule, loose);
            }
        }
        everywhere = PatternIndex.of(loose);
        buckets.forEach((place, patterns) -> anchored.computeIfAbsent(place.scope(), _ -> new HashMap<>())
                .computeIfAbsent(place.key(), _ -> new HashMap<>())
                .put(place.value(), PatternIndex.of(patterns)));
    }

    private static void add(ReadyRule rule, Map<String, List<RankedPattern>> patterns) {
        var values = rule.ref().rule().values();
        for (int i = 0; i < values.size(); i++) {
            patterns.computeIfAbsent(values.get(i), _ -> new ArrayList<>())
                    .add(RankedPattern.of(rule, values.get(i), i));
        }
    }

    TargetVerdict decide(Subject object) {
        if (!(object.facts(target.scope()) instanceof Facts.Present facts)) {
            return new TargetVerdict.Held();
        }
        var values = facts.get(target.field()).orElse(List.of());
        if (values.isEmpty()) {
            return new TargetVerdict.Held();
        }
        var finding = new Finding(object);
        values.forEach(value -> find(value, object, finding));
        if (facts.isUnknown(target.field())) {
            rules.forEach(rule -> {
                if (!rule.ref().rule().values().isEmpty()) {
                    finding.offerPossible(
                            rule, rule.ref().rule().values().stream().anyMatch(Glob::isExact));
                }
            });
        }
        return finding.verdict(target, values.getFirst());
    }

    private void find(String value, Subject object, Finding finding) {
        offer(value, everywhere, finding);
        for (var byScope : anchored.entrySet()) {
            var facts = object.facts(byScope.getKey());
            for (var byKey : byScope.getValue().entrySet()) {
                switch (facts) {
                    case Facts.Absent() -> {}
                    case Facts.Unknown() -> byKey.getValue().values().forEach(index -> offer(value, index, finding));
                    case Facts.Present present -> {
                        if (present.isUnknown(byKey.getKey())) {
                            byKey.getValue().values().forEach(index -> offer(value, index, finding));
                        } else {
                            for (String fact : present.get(byKey.getKey()).orElse(List.of())) {
                                var index = byKey.getValue().get(fact);
                                if (index != null) {
                                    offer(value, index, finding);
                                }
                            }
                        }
                    }
                }
            }
        }
    }

    private static void offer(String value, PatternIndex<List<RankedPattern>> index, Finding finding) {
        var exact = index.exact(value);
        if (exact != null) {
            exact.forEach(finding::offer);
        }
        for (int at = index.next(value, -1); at >= 0; at = index.next(value, at)) {
            index.value(at).forEach(finding::offer);
        }
    }
}
