package io.guardian.backend.agents;

import io.guardian.backend.meta.AgentRecord;
import io.guardian.backend.meta.MetaStore;
import io.guardian.backend.meta.Source;
import io.guardian.backend.meta.Stored;
import io.guardian.core.policy.PolicyType;
import io.guardian.core.text.Json;

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
        var policies = meta.policies().list(agent.orgUid()).stream()
                .filter(Bundles::isLive)
                .map(Stored::document)
                .map(Json.class::cast)
                .toList();
        String source = meta.sources()
                .get(agent.orgUid(), agent.sourceUid())
                .map(Source::name)
                .orElse("");
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

    private static boolean isLive(Stored policy) {
        boolean workload =
                PolicyType.parse(policy.type()).map(PolicyType::isWorkload).orElse(false);
        return workload && policy.document().object("spec").bool("enabled").orElse(true);
    }
}
