package io.guardian.backend.agents;

import io.guardian.backend.meta.AgentRecord;
import io.guardian.backend.meta.MetaStore;
import io.guardian.backend.meta.Source;
import io.guardian.backend.meta.Stored;
import io.guardian.core.document.Document;
import io.guardian.core.document.Documents;
import io.guardian.core.document.WorkloadDocument;
import io.guardian.core.policy.PolicyType;
import io.guardian.core.selector.Selection;
import io.guardian.core.selector.SelectorMatch;
import io.guardian.core.selector.Subject;
import io.guardian.core.text.Json;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What an agent needs to judge by itself: the live workload policies of its organisation. */
public final class Bundles {
    private final MetaStore meta;

    public Bundles(MetaStore meta) {
        this.meta = meta;
    }

    /** Grows with every change of a policy. */
    public long revision(String org) {
        return meta.policies().revision(org);
    }

    /** The revision is read first: a change in between makes the agent fetch once more, and never too seldom. */
    Json.Obj of(AgentRecord agent) {
        long revision = revision(agent.orgUid());
        var source = meta.sources()
                .get(agent.orgUid(), agent.sourceUid())
                .map(Source::name)
                .orElse("");
        var machine = subject(agent, source);
        var policies = meta.policies().list(agent.orgUid()).stream()
                .filter(Bundles::isLive)
                .filter(policy -> canConcern(policy, machine))
                .map(Stored::document)
                .map(Json.class::cast)
                .toList();
        return Json.object()
                .put("revision", revision)
                .put("policies", new Json.Arr(policies))
                .put("namespaces", Json.Obj.EMPTY)
                .put("source_name", source)
                .put("cluster_name", agent.facts().object("cluster").text("name"))
                .put(
                        "guards",
                        Json.object()
                                .put("namespaces", Json.Arr.EMPTY)
                                .put("processes", Json.Arr.EMPTY)
                                .build())
                .build();
    }

    /** Only what is known of every workload on the machine counts; the agent knows the rest. */
    private static Subject subject(AgentRecord agent, String sourceName) {
        var machine = known(Map.of("hostname", agent.hostname(), "sourceName", sourceName, "uid", agent.muid()));
        var cluster = agent.clusterUid().isEmpty()
                ? Subject.Facts.ABSENT
                : known(Map.of("name", agent.facts().object("cluster").text("name"), "uid", agent.clusterUid()));
        return scope -> switch (scope) {
            case MACHINE -> machine;
            case CLUSTER -> cluster;
            case CONTAINER, SERVICE, POD, NAMESPACE, PROCESS, TRACE, USER -> Subject.Facts.UNKNOWN;
        };
    }

    private static Subject.Facts known(Map<String, String> values) {
        var facts = new HashMap<String, List<String>>();
        values.forEach((key, value) -> {
            if (!value.isEmpty()) {
                facts.put(key, List.of(value));
            }
        });
        return new Subject.Facts.Present(facts);
    }

    /** A policy that can't be read is sent too: the agent says what is wrong with it. */
    private static boolean canConcern(Stored policy, Subject machine) {
        return Documents.parse(policy.document()).documents().stream()
                .map(Document::resource)
                .filter(WorkloadDocument.class::isInstance)
                .map(resource -> ((WorkloadDocument) resource).policy().selectors())
                .noneMatch(selectors -> SelectorMatch.of(selectors).match(machine) == Selection.NO_MATCH);
    }

    private static boolean isLive(Stored policy) {
        boolean workload =
                PolicyType.parse(policy.type()).map(PolicyType::isWorkload).orElse(false);
        return workload && policy.document().object("spec").bool("enabled").orElse(true);
    }
}
