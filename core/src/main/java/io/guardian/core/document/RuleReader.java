package io.guardian.core.document;

import io.guardian.core.document.Rule.Target;
import io.guardian.core.document.Rule.Verb;
import io.guardian.core.selector.Scope;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** Reads rulesets and rules; an unknown key anywhere is an error, since a misspelt selector would widen a rule. */
final class RuleReader {
    static final Set<Scope> SCOPES = SelectorReader.scopes(
            Scope.CLUSTER, Scope.MACHINE, Scope.NAMESPACE, Scope.POD, Scope.CONTAINER, Scope.PROCESS);

    private RuleReader() {}

    static Ruleset ruleset(String type, Fields metadata, Fields spec) {
        String uid = PolicyHead.uid(metadata);
        long version = PolicyHead.version(metadata);
        String name = Names.readOfRuleset(metadata);
        metadata.know("creationTimestamp", "createdBy", "lastUpdatedTimestamp", "lastUpdatedBy");
        metadata.refuseUnknown();
        var rules = spec.require("rules").map(slot -> rules(slot, type)).orElse(List.of());
        spec.refuseUnknown();
        spec.take("rules").ifPresent(slot -> noticeOnlyDeny(slot, rules));
        return new Ruleset(uid, version, name, type, rules);
    }

    static List<Rule> rules(Slot list, String type) {
        return list.items(0).stream()
                .flatMap(slot -> slot.fields().stream())
                .map(fields -> rule(fields, type))
                .toList();
    }

    private static Rule rule(Fields fields, String type) {
        var selectors = SelectorReader.readAll(fields, SCOPES);
        var target = fields.require("target")
                .map(slot -> {
                    var read = Choice.read(slot, Target::parse, Target.values(), Target.CONTAINER_IMAGE);
                    checkTarget(slot, read, type);
                    return read;
                })
                .orElse(Target.CONTAINER_IMAGE);
        if (target.scope() != Scope.PROCESS) {
            fields.take(Scope.PROCESS.key())
                    .ifPresent(slot ->
                            slot.error("a processSelector does not go with target `" + target + "`", "remove it"));
        }
        var verb = fields.require("verb")
                .map(slot -> Choice.read(slot, Verb::parse, Verb.values(), Verb.DENY))
                .orElse(Verb.DENY);
        var values = fields.require("values").map(slot -> slot.texts(0)).orElse(List.of());
        if (target == Target.CONTAINER_IMAGE) {
            fields.take("values")
                    .ifPresent(slot ->
                            slot.items(0).forEach(value -> SelectorReader.noticeShortImage(value, value.text())));
        }
        fields.refuseUnknown();
        return new Rule(selectors, target, verb, values);
    }

    private static void checkTarget(Slot slot, Target target, String type) {
        if (target.scope() != Scope.PROCESS) {
            return;
        }
        if (type.equals("container")) {
            slot.notice("no policy evaluates target `" + target + "` yet", "");
        } else {
            slot.error(
                    "target `" + target + "` is not for rulesets of type " + type, "use a ruleset of type `container`");
        }
    }

    private static void noticeOnlyDeny(Slot slot, List<Rule> rules) {
        var denied = EnumSet.noneOf(Target.class);
        var allowed = EnumSet.noneOf(Target.class);
        rules.forEach(rule -> (rule.verb() == Verb.DENY ? denied : allowed).add(rule.target()));
        Arrays.stream(Target.values())
                .filter(target -> denied.contains(target) && !allowed.contains(target))
                .forEach(target -> slot.notice(
                        "target `" + target
                                + "` has only deny rules here; a policy whose other rulesets allow nothing of"
                                + " it denies every object by default",
                        "add an allow rule, such as `values: ['*']`"));
    }
}
