package io.guardian.backend.cluster;

import io.guardian.backend.meta.AgentRecord;
import io.guardian.backend.meta.Agents;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Whose word on a cluster counts: that of agents which registered in it. A node agent speaks for runtimes only, and no
 * agent for another cluster.
 */
final class Reporters {
    private static final Duration FRESH = Duration.ofSeconds(30);
    private static final int MAX_KEPT = 10_000;
    private static final String MONITOR = "cluster-monitor";

    private final Agents agents;
    private final Clock clock;
    private final Map<String, Known> kept = new LinkedHashMap<>(16, 0.75f, true);

    Reporters(Agents agents, Clock clock) {
        this.agents = agents;
        this.clock = clock;
    }

    private record Known(Optional<AgentRecord> agent, Instant until) {}

    /** Which side of the cluster the sender speaks for; empty when it has no say in it. */
    Optional<Half.Side> side(String org, String sender, String clusterUid) {
        var agent = known(org, sender);
        if (agent.filter(found -> found.clusterUid().equals(clusterUid)).isEmpty()) {
            // It may have registered again, in another cluster, since it was looked up.
            kept.remove(key(org, sender));
            agent = known(org, sender);
        }
        return agent.filter(found -> found.clusterUid().equals(clusterUid))
                .map(found -> found.agentType().equals(MONITOR) ? Half.Side.DECLARED : Half.Side.RUNTIME);
    }

    private Optional<AgentRecord> known(String org, String sender) {
        var now = clock.instant();
        var known = kept.get(key(org, sender));
        if (known != null && now.isBefore(known.until())) {
            return known.agent();
        }
        var agent = agents.get(org, sender);
        kept.put(key(org, sender), new Known(agent, now.plus(FRESH)));
        if (kept.size() > MAX_KEPT) {
            kept.remove(kept.keySet().iterator().next());
        }
        return agent;
    }

    private static String key(String org, String sender) {
        return org + " " + sender;
    }
}
