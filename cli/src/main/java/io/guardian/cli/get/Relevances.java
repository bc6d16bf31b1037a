package io.guardian.cli.get;

import io.guardian.core.document.DeviationDocument;
import io.guardian.core.document.Document;
import io.guardian.core.document.Documents;
import io.guardian.core.document.WorkloadDocument;
import io.guardian.core.fingerprint.Relevance;
import io.guardian.core.text.Json;
import java.util.HashMap;
import java.util.Map;

/** Whether a deviation still matters: whether the policy, as it is now, would deny it. */
interface Relevances {
    boolean isRelevant(Json.Obj record);

    /**
     * @param policy as the server keeps it
     * @param all whether what no longer matters counts too
     */
    static Relevances of(Json.Obj policy, boolean all) {
        var parsed = Documents.parse(Policies.document(policy));
        boolean judges = !all && parsed.isValid() && parsed.documents().size() == 1;
        if (judges && parsed.documents().getFirst().resource() instanceof WorkloadDocument workload) {
            return new OfWorkload(new Relevance(workload.policy()), new HashMap<>());
        }
        // Of other policies, and of what can't be read, everything is shown.
        return _ -> true;
    }

    /** Judges each distinct deviation once. */
    record OfWorkload(Relevance relevance, Map<String, Boolean> known) implements Relevances {
        @Override
        public boolean isRelevant(Json.Obj record) {
            return known.computeIfAbsent(record.text("checksum"), _ -> judge(record));
        }

        private boolean judge(Json.Obj record) {
            return Documents.parse(record.object("deviation")).documents().stream()
                    .map(Document::resource)
                    .filter(DeviationDocument.class::isInstance)
                    .map(DeviationDocument.class::cast)
                    .allMatch(deviation -> relevance.isRelevant(deviation.patch()));
        }
    }
}
