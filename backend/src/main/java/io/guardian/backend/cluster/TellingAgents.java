package io.guardian.backend.cluster;

import io.guardian.backend.meta.Changes;
import io.guardian.backend.meta.MetaStore;

/** Keeps the revisions of labels beside the clusters, and wakes the agents that wait for news. */
public final class TellingAgents implements NamespaceLabels.Revisions {
    private final MetaStore meta;

    public TellingAgents(MetaStore meta) {
        this.meta = meta;
    }

    @Override
    public long of(String org, String cluster, String contentHash) {
        return meta.clusters().namespacesRevision(org, cluster, contentHash);
    }

    @Override
    public void published(String org, String cluster) {
        meta.changes().happened(Changes.bundles(org));
    }
}
