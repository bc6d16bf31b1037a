package io.guardian.core.ruleset;

import io.guardian.core.decide.LogLine;
import io.guardian.core.document.DeviationDocument;
import io.guardian.core.document.DeviationJson;
import io.guardian.core.document.Hashes;
import io.guardian.core.document.Rule;
import io.guardian.core.document.Rule.Verb;
import io.guardian.core.fingerprint.WorkloadSelectors;
import io.guardian.core.policy.Patch;
import io.guardian.core.selector.Scope;
import io.guardian.core.selector.Selectors;
import io.guardian.core.selector.Subject.Facts;
import io.guardian.core.text.Json;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A container that its cluster's policy denies, with the rules that, merged, would allow it: one for each denied
 * target.
 *
 * @param denials why each of these targets is denied, at least one
 * @param document without a uid
 * @param description one sentence with the policy's name, as in the policy log
 * @param shortDescription the same without the policy
 */
public record ContainerDeviation(
        List<Explanation> denials, DeviationDocument document, String description, String shortDescription) {
    private static final Patch NO_PATCH = new Patch(List.of(), List.of(), List.of());

    public ContainerDeviation {
        denials = List.copyOf(denials);
    }

    /** @return empty when nothing of the container is denied */
    public static Optional<ContainerDeviation> of(
            String policyUid, String policyName, ContainerObject object, ContainerVerdict verdict) {
        var denials = verdict.denials();
        if (denials.isEmpty()) {
            return Optional.empty();
        }
        var rules = denials.stream()
                .map(denial -> new Rule(Selectors.NONE, denial.target(), Verb.ALLOW, List.of(denial.value())))
                .toList();
        var matches = new LinkedHashMap<String, List<String>>();
        denials.forEach(denial -> matches.put(denial.target().toString(), List.of(denial.pattern())));
        var document = new DeviationDocument(
                DeviationDocument.Type.CLUSTER,
                policyUid,
                "",
                checksum(policyUid, object, rules),
                scopes(object),
                NO_PATCH,
                rules,
                matches);
        String text = LogLine.container(object.image(), object.namespace(), object.text(Scope.CLUSTER, "name"));
        return Optional.of(
                new ContainerDeviation(denials, document, text + LogLine.deviatedFrom(policyName), text + "."));
    }

    /** Equal for containers that would be allowed by the same rules in the same place, whatever they are called. */
    private static String checksum(String policyUid, ContainerObject object, List<Rule> rules) {
        var spec = DeviationJson.spec(new DeviationDocument(
                DeviationDocument.Type.CLUSTER, policyUid, "", "", Map.of(), NO_PATCH, rules, Map.of()));
        return Hashes.checksum(Json.object()
                .put("type", DeviationDocument.Type.CLUSTER.toString())
                .put("policy_uid", policyUid)
                .put("spec", spec)
                .put("cluster_name", object.text(Scope.CLUSTER, "name"))
                .put("namespace_labels", map(object.labels(Scope.NAMESPACE)))
                .put("pod_labels", map(WorkloadSelectors.lasting(object.labels(Scope.POD))))
                .build());
    }

    private static Json.Obj map(Map<String, String> labels) {
        var out = Json.object();
        labels.forEach(out::put);
        return out.build();
    }

    private static Map<Scope, Facts> scopes(ContainerObject object) {
        var scopes = new LinkedHashMap<Scope, Facts>();
        for (var scope : ContainerObject.SCOPES) {
            if (object.facts(scope) instanceof Facts.Present present) {
                scopes.put(scope, present);
            }
        }
        return scopes;
    }

    /** The document under the uid that the server gives it. */
    public Json.Obj toJson(String uid) {
        return document.withUid(uid).toJson();
    }
}
