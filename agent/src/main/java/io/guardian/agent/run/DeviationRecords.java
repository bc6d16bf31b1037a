package io.guardian.agent.run;

import io.guardian.agent.attribute.AgentIdentity;
import io.guardian.agent.decide.Finding;
import io.guardian.agent.workload.ContainerWorkload;
import io.guardian.agent.workload.PodFacts;
import io.guardian.agent.workload.ServiceWorkload;
import io.guardian.core.event.DeviationEvent;
import io.guardian.core.event.Stamp;
import io.guardian.core.id.ImageReference;
import io.guardian.core.id.Uids;
import io.guardian.core.policy.Action;
import io.guardian.core.text.Json;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Writes the records of deviations. */
final class DeviationRecords {
    private final AgentIdentity identity;

    DeviationRecords(AgentIdentity identity) {
        this.identity = identity;
    }

    /** @param certain whether all that led to it was seen */
    DeviationEvent event(
            Finding finding, boolean certain, long revision, long atMicros, List<DeviationEvent.ActionResult> actions) {
        var policy = finding.policy();
        var deviation = finding.deviation();
        String uid = uid(finding);
        return new DeviationEvent(
                new Stamp(uid, 1, atMicros),
                new DeviationEvent.PolicyRef(
                        policy.uid(),
                        policy.name(),
                        policy.type().toString(),
                        policy.mode().toString(),
                        policy.version(),
                        revision),
                deviation.checksum(),
                finding.ref(),
                deviation.description(),
                deviation.shortDescription(),
                finding.instance().owner(identity.muid()),
                names(finding),
                deviation.document(uid),
                inputs(finding),
                1,
                0,
                !certain,
                actions);
    }

    private String uid(Finding finding) {
        return Uids.deviation(
                identity.orgUid(),
                finding.startMicros(),
                finding.policy().uid(),
                finding.deviation().checksum(),
                finding.ref(),
                finding.policy().mode().toString());
    }

    /** The same for a repeat of the same action on the same object, so that it isn't reported as two. */
    String actionUid(Finding finding, Action action) {
        var name = (uid(finding) + ' ' + action.type()).getBytes(StandardCharsets.UTF_8);
        return "action:"
                + UUID.nameUUIDFromBytes(name).toString().replace("-", "").substring(0, 20);
    }

    private DeviationEvent.WorkloadNames names(Finding finding) {
        return switch (finding.instance().workload()) {
            case ContainerWorkload container -> {
                var pod = container.facts().pod().asOptional();
                yield new DeviationEvent.WorkloadNames(
                        identity.hostname(),
                        identity.clusterUid(),
                        identity.clusterName(),
                        pod.map(PodFacts::namespace).orElse(""),
                        pod.map(PodFacts::uid).orElse(""),
                        container
                                .facts()
                                .image()
                                .asOptional()
                                .map(ImageReference::toString)
                                .orElse(""));
            }
            case ServiceWorkload service ->
                new DeviationEvent.WorkloadNames(
                        identity.hostname(), identity.clusterUid(), identity.clusterName(), "", "", "");
        };
    }

    private static DeviationEvent.Inputs inputs(Finding finding) {
        var chain = finding.image().chain().stream()
                .<Json>map(image -> Json.object()
                        .put("name", image.program().name())
                        .put("exe", image.program().exe())
                        .put("path", image.program().path())
                        .put("euser", image.program().user())
                        .put("origin", image.program().origin().toString())
                        .put("uncertain", image.isUncertain())
                        .build())
                .toList();
        var labels = Json.object();
        if (finding.instance().workload() instanceof ContainerWorkload container) {
            container
                    .facts()
                    .pod()
                    .asOptional()
                    .flatMap(pod -> pod.labels().asOptional())
                    .orElse(Map.of())
                    .forEach(labels::put);
        }
        return new DeviationEvent.Inputs(
                finding.image().lineage().text(), new Json.Arr(chain), finding.names(), labels.build());
    }
}
