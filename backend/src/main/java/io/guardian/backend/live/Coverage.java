package io.guardian.backend.live;

import io.guardian.backend.meta.Stored;
import io.guardian.core.document.Documents;
import io.guardian.core.document.WorkloadDocument;
import io.guardian.core.policy.WorkloadPolicy;
import io.guardian.core.selector.Selection;
import io.guardian.core.selector.SelectorMatch;
import io.guardian.core.text.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Whether a fingerprint's workload is covered: an enabled policy of its type, in either mode, selects it. It is worked
 * out when fingerprints are read, so that it follows every change of a policy at once.
 */
public final class Coverage {
    private record Live(String type, SelectorMatch selectors) {}

    private final List<Live> policies;

    private Coverage(List<Live> policies) {
        this.policies = policies;
    }

    /** Only the workloads of this one policy, enabled or not. */
    public Coverage(WorkloadPolicy policy) {
        this(List.of(new Live(policy.type().toString(), SelectorMatch.of(policy.selectors()))));
    }

    /** @param stored the current policies of one organisation */
    public static Coverage of(List<Stored> stored) {
        var live = new ArrayList<Live>();
        for (var each : stored) {
            workload(each)
                    .filter(WorkloadPolicy::enabled)
                    .ifPresent(policy ->
                            live.add(new Live(policy.type().toString(), SelectorMatch.of(policy.selectors()))));
        }
        return new Coverage(live);
    }

    /** The workload policy of a stored document; empty for other types. */
    public static Optional<WorkloadPolicy> workload(Stored stored) {
        return Documents.parse(stored.document()).documents().stream()
                .findFirst()
                .flatMap(document -> document.resource() instanceof WorkloadDocument workload
                        ? Optional.of(workload.policy())
                        : Optional.empty());
    }

    public boolean covers(Json.Obj fingerprint) {
        String type = fingerprint.object("metadata").text("type");
        var subject = RecordSubject.of(fingerprint);
        return policies.stream()
                .anyMatch(policy ->
                        policy.type().equals(type) && policy.selectors().match(subject) == Selection.MATCH);
    }

    /** The fingerprint with {@code covered_by_policy} as it is now. */
    public Json.Obj marked(Json.Obj fingerprint) {
        return fingerprint.with("covered_by_policy", Json.of(covers(fingerprint)));
    }
}
