package io.guardian.backend.api;

import io.guardian.backend.http.Refusal;
import io.guardian.backend.meta.Stored;
import io.guardian.backend.meta.VersionedDocuments;
import io.guardian.core.document.ClusterPolicy;
import io.guardian.core.document.Document;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What a policy must meet beyond being well formed: the rulesets it names must exist. */
final class PolicyRules {
    private final VersionedDocuments rulesets;

    PolicyRules(VersionedDocuments rulesets) {
        this.rulesets = rulesets;
    }

    Document check(String org, Document document) {
        if (document.resource() instanceof ClusterPolicy policy) {
            var missing = missing(org, policy.rulesets());
            if (!missing.isEmpty()) {
                throw Refusal.invalid("ruleset `" + missing.getFirst().msg() + "` does not exist", faults(missing));
            }
        }
        return document;
    }

    private List<Refusal.Fault> missing(String org, List<String> names) {
        var stored = rulesets.list(org);
        var missing = new ArrayList<Refusal.Fault>();
        for (int i = 0; i < names.size(); i++) {
            if (find(stored, names.get(i)).isEmpty()) {
                missing.add(new Refusal.Fault("spec.rulesets[" + i + "]", names.get(i), ""));
            }
        }
        return missing;
    }

    private static List<Refusal.Fault> faults(List<Refusal.Fault> missing) {
        return missing.stream()
                .map(fault -> new Refusal.Fault(
                        fault.path(), "ruleset `" + fault.msg() + "` does not exist", "apply the ruleset first"))
                .toList();
    }

    /** The ruleset that a policy means by a name or uid. */
    static Optional<Stored> find(List<Stored> rulesets, String nameOrUid) {
        return rulesets.stream()
                .filter(stored -> stored.name().equals(nameOrUid)
                        || stored.uid().equals(nameOrUid)
                        || stored.uid().equals("rs:" + nameOrUid))
                .findFirst();
    }
}
