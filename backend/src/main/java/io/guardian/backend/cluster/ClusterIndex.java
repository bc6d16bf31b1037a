package io.guardian.backend.cluster;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The state of every cluster, by organisation and uid. */
final class ClusterIndex {
    private final Map<String, ClusterState> clusters = new LinkedHashMap<>();

    ClusterState of(String org, String uid) {
        return clusters.computeIfAbsent(org + " " + uid, _ -> new ClusterState(org, uid));
    }

    Set<String> organisations() {
        var orgs = new LinkedHashSet<String>();
        clusters.values().forEach(cluster -> orgs.add(cluster.org()));
        return orgs;
    }

    List<ClusterState> all() {
        return new ArrayList<>(clusters.values());
    }
}
