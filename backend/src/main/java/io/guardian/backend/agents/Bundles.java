package io.guardian.backend.agents;

import io.guardian.backend.cluster.NamespaceLabels;
import io.guardian.backend.meta.AgentRecord;
import io.guardian.backend.meta.Changes;
import io.guardian.backend.meta.MetaStore;
import io.guardian.backend.meta.Source;
import io.guardian.backend.meta.Stored;
import io.guardian.backend.respond.KillLimits;
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
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What an agent needs to judge by itself: the live workload policies of its organisation and the labels of its
 * cluster's namespaces. Policies are read and compiled once for each revision, however many agents ask.
 */
public final class Bundles {
    private final MetaStore meta;
    private final NamespaceLabels labels;
    private final KillLimits limits;
    private final Map<String, OfOrg> kept = new ConcurrentHashMap<>();

    public Bundles(MetaStore meta, NamespaceLabels labels, KillLimits limits) {
        this.meta = meta;
        this.labels = labels;
        this.limits = limits;
    }

    /** @param selectors none for a policy that can't be read */
    private record Live(Json.Obj document, Optional<SelectorMatch> selectors) {}

    /** @param seen count of the changes that are in it */
    private record OfOrg(long seen, long revision, List<Live> policies) {}

    /** Grows only with a change of something that this agent can see. */
    public long revision(AgentRecord agent) {
        return ofOrg(agent.orgUid()).revision() + labels(agent).revision();
    }

    private NamespaceLabels.Published labels(AgentRecord agent) {
        return labels.of(agent.orgUid(), agent.clusterUid());
    }

    /** The count is read first: a change in between makes it read once more, and never too seldom. */
    private OfOrg ofOrg(String org) {
        long seen = meta.changes().count(Changes.bundles(org));
        var known = kept.get(org);
        if (known != null && known.seen() == seen) {
            return known;
        }
        long revision = meta.policies().agentRevision(org);
        var policies = meta.policies().list(org).stream()
                .filter(Bundles::isLive)
                .map(policy -> new Live(policy.document(), selectors(policy)))
                .toList();
        var read = new OfOrg(seen, revision, policies);
        kept.put(org, read);
        return read;
    }

    /** @return with its revision, which is read first: labels that change in between are fetched again */
    Json.Obj of(AgentRecord agent) {
        var ofOrg = ofOrg(agent.orgUid());
        var namespaces = labels(agent);
        var source = meta.sources()
                .get(agent.orgUid(), agent.sourceUid())
                .map(Source::name)
                .orElse("");
        var machine = subject(agent, source);
        var policies = ofOrg.policies().stream()
                .filter(policy -> canConcern(policy, machine))
                .map(Live::document)
                .map(Json.class::cast)
                .toList();
        return Json.object()
                .put("revision", ofOrg.revision() + namespaces.revision())
                .put("policies", new Json.Arr(policies))
                .put("namespaces", namespaces.namespaces())
                .put("source_name", source)
                .put("cluster_name", agent.facts().object("cluster").text("name"))
                .put("cluster_uid", agent.clusterUid())
                .put(
                        "guards",
                        Json.object()
                                .put("namespaces", Json.strings(new TreeSet<>(limits.protectedNamespaces())))
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
    private static boolean canConcern(Live policy, Subject machine) {
        return policy.selectors()
                .map(selectors -> selectors.match(machine) != Selection.NO_MATCH)
                .orElse(true);
    }

    private static Optional<SelectorMatch> selectors(Stored policy) {
        return Documents.parse(policy.document()).documents().stream()
                .map(Document::resource)
                .filter(WorkloadDocument.class::isInstance)
                .map(resource ->
                        SelectorMatch.of(((WorkloadDocument) resource).policy().selectors()))
                .findFirst();
    }

    private static boolean isLive(Stored policy) {
        boolean workload =
                PolicyType.parse(policy.type()).map(PolicyType::isWorkload).orElse(false);
        return workload && policy.document().object("spec").bool("enabled").orElse(true);
    }
}
