package io.guardian.backend.cluster;

import io.guardian.core.text.Json;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The labels of the namespaces of each cluster, as agents are told them. The thread that follows the log stages changes
 * and publishes them; any thread may read.
 */
public final class NamespaceLabels {
    private final Revisions revisions;
    private final Map<String, ClusterState> staged = new LinkedHashMap<>();
    private final Map<String, Published> published = new ConcurrentHashMap<>();

    /** Gives what was published a revision, and tells who waits. */
    public interface Revisions {
        /** The revision of this content: the same for the same content, higher for another. */
        long of(String org, String cluster, String contentHash);

        /** Agents of the cluster have something to fetch. */
        void published(String org, String cluster);
    }

    /** @param namespaces {@code {NAME: {label: value}}} */
    public record Published(long revision, Json.Obj namespaces) {
        static final Published NOTHING = new Published(0, Json.Obj.EMPTY);
    }

    public NamespaceLabels(Revisions revisions) {
        this.revisions = revisions;
    }

    public Published of(String org, String cluster) {
        return published.getOrDefault(key(org, cluster), Published.NOTHING);
    }

    void stage(ClusterState cluster) {
        staged.put(key(cluster.org(), cluster.uid()), cluster);
    }

    void publish() {
        for (ClusterState cluster : staged.values()) {
            var namespaces = cluster.namespaces();
            var before = of(cluster.org(), cluster.uid());
            if (namespaces.equals(before.namespaces())) {
                continue;
            }
            long revision =
                    revisions.of(cluster.org(), cluster.uid(), io.guardian.backend.meta.Mint.hash(namespaces.toText()));
            published.put(key(cluster.org(), cluster.uid()), new Published(revision, namespaces));
            revisions.published(cluster.org(), cluster.uid());
        }
        staged.clear();
    }

    private static String key(String org, String cluster) {
        return org + " " + cluster;
    }
}
