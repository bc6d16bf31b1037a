package io.guardian.backend.meta;

import io.guardian.core.policy.PolicyType;
import java.time.Clock;

/** The metadata store over any SQL database that {@link Database} reaches. */
final class SqlMeta implements MetaStore {
    private final AutoCloseable resources;
    private final Changes changes = new Changes();
    private final Organisations organisations;
    private final Keys keys;
    private final Sources sources;
    private final Clusters clusters;
    private final Agents agents;
    private final VersionedDocuments policies;
    private final VersionedDocuments rulesets;
    private final VersionedDocuments savedQueries;
    private final VersionedDocuments customFlags;
    private final VersionedDocuments searchSets;
    private final Actions actions;
    private final AuditLog audit;

    SqlMeta(Database database, Clock clock, Mint mint, AutoCloseable resources) {
        this.resources = resources;
        organisations = new SqlOrganisations(database, clock, mint);
        keys = new SqlKeys(database, mint);
        sources = new SqlSources(database);
        clusters = new SqlClusters(database);
        agents = new SqlAgents(database, mint);
        policies = new SqlDocuments(database, "policy", this::policyChanged);
        rulesets =
                new SqlDocuments(database, "ruleset", ruleset -> changes.happened(Changes.rulesets(ruleset.orgUid())));
        savedQueries = new SqlDocuments(database, "saved-query", _ -> {});
        customFlags = new SqlDocuments(database, "custom-flag", _ -> {});
        searchSets = new SqlDocuments(database, "search-set", _ -> {});
        actions = new SqlActions(database, mint, agent -> changes.happened(Changes.actions(agent)));
        audit = new SqlAuditLog(database);
    }

    private void policyChanged(Stored policy) {
        changes.happened(Changes.policies(policy.orgUid()));
        if (!policy.type().equals(PolicyType.CLUSTER.toString())) {
            changes.happened(Changes.bundles(policy.orgUid()));
        }
    }

    @Override
    public Organisations organisations() {
        return organisations;
    }

    @Override
    public Keys keys() {
        return keys;
    }

    @Override
    public Sources sources() {
        return sources;
    }

    @Override
    public Clusters clusters() {
        return clusters;
    }

    @Override
    public Agents agents() {
        return agents;
    }

    @Override
    public VersionedDocuments policies() {
        return policies;
    }

    @Override
    public VersionedDocuments rulesets() {
        return rulesets;
    }

    @Override
    public VersionedDocuments savedQueries() {
        return savedQueries;
    }

    @Override
    public VersionedDocuments customFlags() {
        return customFlags;
    }

    @Override
    public VersionedDocuments searchSets() {
        return searchSets;
    }

    @Override
    public Actions actions() {
        return actions;
    }

    @Override
    public AuditLog audit() {
        return audit;
    }

    @Override
    public Changes changes() {
        return changes;
    }

    @Override
    public void close() {
        try {
            resources.close();
        } catch (Exception failed) {
            throw new IllegalStateException("can't close the metadata store", failed);
        }
    }
}
