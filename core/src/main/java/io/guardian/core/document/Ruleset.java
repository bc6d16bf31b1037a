package io.guardian.core.document;

import io.guardian.core.text.Json;
import java.util.List;

/**
 * Rules that policies share by name.
 *
 * @param type {@code cluster} or {@code container}
 * @param uid empty when never applied
 * @param version 0 when never applied
 */
public record Ruleset(String uid, long version, String name, String type, List<Rule> rules) implements Resource {
    public Ruleset {
        rules = List.copyOf(rules);
    }

    @Override
    public Kind kind() {
        return Kind.RULESET;
    }

    public Json.Obj toJson() {
        var metadata = Json.object();
        PolicyHead.writeIdentity(metadata, name, type, uid, version);
        var list = new Json.Arr(rules.stream().<Json>map(Rule::toJson).toList());
        return PolicyHead.document(Kind.RULESET, metadata, Json.object().put("rules", list));
    }
}
