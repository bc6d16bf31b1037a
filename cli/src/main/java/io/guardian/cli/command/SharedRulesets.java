package io.guardian.cli.command;

import io.guardian.cli.get.Policies;
import io.guardian.core.text.Json;
import java.util.List;
import java.util.stream.Collectors;

/** Which policies use a ruleset: a change of it changes them all. */
final class SharedRulesets {
    private SharedRulesets() {}

    /** @param policies of clusters, as the server keeps them */
    static List<Json.Obj> users(List<Json.Obj> policies, String name, String uid) {
        return policies.stream()
                .filter(policy -> {
                    var named = Policies.document(policy)
                            .object("spec")
                            .array("rulesets")
                            .strings();
                    return named.contains(name) || !uid.isEmpty() && named.contains(uid);
                })
                .toList();
    }

    /** {@code `demo` (pol:…), `other` (pol:…)}. */
    static String words(List<Json.Obj> policies) {
        return policies.stream()
                .map(policy -> "`" + Policies.name(policy) + "` (" + Policies.uid(policy) + ")")
                .sorted()
                .collect(Collectors.joining(", "));
    }
}
