package io.guardian.backend.respond;

import io.guardian.backend.meta.Stored;
import io.guardian.backend.meta.VersionedDocuments;
import io.guardian.core.decide.CompiledPolicy;
import io.guardian.core.decide.ResponseSelection;
import io.guardian.core.document.Document;
import io.guardian.core.document.Documents;
import io.guardian.core.document.WorkloadDocument;
import io.guardian.core.policy.WorkloadPolicy;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Policies in the version that a verdict was made with, ready to use; the ones used last are kept. */
public final class PolicyLibrary {
    private static final int MAX_KEPT = 256;

    private final VersionedDocuments policies;
    private final Map<Key, Optional<Entry>> kept = new LinkedHashMap<>(16, 0.75f, true);

    public PolicyLibrary(VersionedDocuments policies) {
        this.policies = policies;
    }

    private record Key(String org, String uid, long version) {}

    /** A policy with what is made of it. */
    record Entry(WorkloadPolicy policy, ResponseSelection responses, CompiledPolicy compiled) {
        static Entry of(WorkloadPolicy policy) {
            return new Entry(
                    policy, new ResponseSelection(policy.type(), policy.response()), CompiledPolicy.compile(policy));
        }
    }

    /**
     * @param version 0 for the current one
     * @return empty when the organisation never had it, or it is not a workload policy
     */
    synchronized Optional<Entry> find(String org, String uid, long version) {
        if (version <= 0) {
            return policies.get(org, uid).flatMap(PolicyLibrary::read);
        }
        var key = new Key(org, uid, version);
        var known = kept.get(key);
        if (known != null) {
            return known;
        }
        var found = policies.version(org, uid, version).flatMap(PolicyLibrary::read);
        // What is missing may come: a policy is applied first and judged by later, but not on every path.
        if (found.isPresent()) {
            kept.put(key, found);
        }
        if (kept.size() > MAX_KEPT) {
            kept.remove(kept.keySet().iterator().next());
        }
        return found;
    }

    private static Optional<Entry> read(Stored stored) {
        return Documents.parse(stored.document()).documents().stream()
                .map(Document::resource)
                .filter(WorkloadDocument.class::isInstance)
                .map(resource -> Entry.of(((WorkloadDocument) resource).policy()))
                .findFirst();
    }
}
