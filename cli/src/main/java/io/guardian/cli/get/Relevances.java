package io.guardian.cli.get;

import io.guardian.cli.line.UsageException;
import io.guardian.cli.session.Session;
import io.guardian.core.document.ClusterPolicy;
import io.guardian.core.document.DeviationDocument;
import io.guardian.core.document.Document;
import io.guardian.core.document.Documents;
import io.guardian.core.document.Ruleset;
import io.guardian.core.document.WorkloadDocument;
import io.guardian.core.fingerprint.Relevance;
import io.guardian.core.ruleset.CompiledRules;
import io.guardian.core.ruleset.RulesetMerge;
import io.guardian.core.text.Json;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Whether a deviation still matters: whether the policy, as it is now, would deny it. */
interface Relevances {
    boolean isRelevant(Json.Obj record);

    /**
     * @param policy as the server keeps it
     * @param all whether what no longer matters counts too
     */
    static Relevances of(Session session, Json.Obj policy, boolean all) throws UsageException {
        var parsed = Documents.parse(Policies.document(policy));
        boolean judges = !all && parsed.isValid() && parsed.documents().size() == 1;
        if (judges && parsed.documents().getFirst().resource() instanceof WorkloadDocument workload) {
            return new OfWorkload(new Relevance(workload.policy()), new HashMap<>());
        }
        if (judges && parsed.documents().getFirst().resource() instanceof ClusterPolicy cluster) {
            return new OfCluster(CompiledRules.compile(rulesets(session, cluster)), new HashMap<>());
        }
        // Of other policies, and of what can't be read, everything is shown.
        return _ -> true;
    }

    private static List<Ruleset> rulesets(Session session, ClusterPolicy policy) throws UsageException {
        return Rulesets.fetch(session, "in_policy=" + policy.uid()).stream()
                .flatMap(envelope -> Documents.parse(Rulesets.document(envelope)).documents().stream())
                .map(Document::resource)
                .filter(Ruleset.class::isInstance)
                .map(Ruleset.class::cast)
                .toList();
    }

    /** The documents of a record that are deviations. */
    private static Stream<DeviationDocument> deviations(Json.Obj record) {
        return Documents.parse(record.object("deviation")).documents().stream()
                .map(Document::resource)
                .filter(DeviationDocument.class::isInstance)
                .map(DeviationDocument.class::cast);
    }

    /** Judges each distinct deviation once. */
    record OfCluster(CompiledRules rules, Map<String, Boolean> known) implements Relevances {
        @Override
        public boolean isRelevant(Json.Obj record) {
            return known.computeIfAbsent(
                    record.text("checksum"),
                    _ -> deviations(record).allMatch(deviation -> RulesetMerge.isRelevant(rules, deviation)));
        }
    }

    /** Judges each distinct deviation once. */
    record OfWorkload(Relevance relevance, Map<String, Boolean> known) implements Relevances {
        @Override
        public boolean isRelevant(Json.Obj record) {
            return known.computeIfAbsent(record.text("checksum"), _ -> judge(record));
        }

        private boolean judge(Json.Obj record) {
            return deviations(record).allMatch(deviation -> relevance.isRelevant(deviation.patch()));
        }
    }
}
