package io.guardian.core.ruleset;

import io.guardian.core.document.DeviationDocument;
import io.guardian.core.document.Rule.Target;
import io.guardian.core.selector.Scope;
import io.guardian.core.selector.Subject;
import io.guardian.core.selector.Subject.Facts;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The container that a deviation is about, with the value that deviated. */
final class DeviatingObject {
    private DeviatingObject() {}

    static Subject of(DeviationDocument deviation, Target target, String value) {
        var scopes = deviation.subject();
        var facts = scopes.facts(target.scope()) instanceof Facts.Present present
                ? present
                : new Facts.Present(Map.of(), Set.of(), true);
        var values = new LinkedHashMap<>(facts.values());
        values.put(target.field(), List.of(value));
        var unknown = new HashSet<>(facts.unknown());
        unknown.remove(target.field());
        var with = new Facts.Present(values, unknown, facts.open());
        return (Scope scope) -> scope == target.scope() ? with : scopes.facts(scope);
    }
}
