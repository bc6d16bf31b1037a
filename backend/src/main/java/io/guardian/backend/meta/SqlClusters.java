package io.guardian.backend.meta;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jdbi.v3.core.Handle;

final class SqlClusters implements Clusters {
    private final Database database;

    SqlClusters(Database database) {
        this.database = database;
    }

    @Override
    public List<Cluster> list(String orgUid) {
        return database.read(
                handle -> handle.createQuery("SELECT * FROM cluster WHERE org_uid = :org ORDER BY name, uid")
                        .bind("org", orgUid)
                        .map((row, _) -> cluster(row))
                        .list());
    }

    @Override
    public void touch(String orgUid, String uid, Instant lastData) {
        database.change(handle -> handle.createUpdate(
                        "UPDATE cluster SET last_data = :last WHERE org_uid = :org AND uid = :uid AND last_data < :last")
                .bind("org", orgUid)
                .bind("uid", uid)
                .bind("last", Columns.micros(lastData))
                .execute());
    }

    @Override
    public long namespacesRevision(String orgUid, String uid, String hash) {
        return database.write(handle -> {
            handle.createUpdate("""
                            UPDATE cluster SET namespaces_hash = :hash, namespaces_revision = namespaces_revision + 1
                            WHERE org_uid = :org AND uid = :uid AND namespaces_hash <> :hash""")
                    .bind("org", orgUid)
                    .bind("uid", uid)
                    .bind("hash", hash)
                    .execute();
            return handle.createQuery("SELECT namespaces_revision FROM cluster WHERE org_uid = :org AND uid = :uid")
                    .bind("org", orgUid)
                    .bind("uid", uid)
                    .mapTo(Long.class)
                    .findOne()
                    .orElse(0L);
        });
    }

    @Override
    public Map<String, Long> namespacesRevisions(String orgUid) {
        var revisions = new HashMap<String, Long>();
        database.read(handle -> handle.createQuery("SELECT uid, namespaces_revision FROM cluster WHERE org_uid = :org")
                        .bind("org", orgUid)
                        .map((row, _) -> Map.entry(row.getString("uid"), row.getLong("namespaces_revision")))
                        .list())
                .forEach(entry -> revisions.put(entry.getKey(), entry.getValue()));
        return revisions;
    }

    /**
     * The uid of the cluster that an agent names: the one with its Kubernetes uid, else one of that name that has none;
     * made when there is none.
     */
    static String uidOf(
            Handle handle, Mint mint, String orgUid, AgentFacts facts, String agentUid, String sourceUid, Instant now) {
        if (facts.clusterName().isEmpty()) {
            return "";
        }
        var known = handle.createQuery("""
                        SELECT uid FROM cluster WHERE org_uid = :org
                          AND ((kubernetes_uid <> '' AND kubernetes_uid = :kube)
                            OR (name = :name AND (kubernetes_uid = '' OR :kube = '')))
                        ORDER BY CASE WHEN kubernetes_uid <> '' AND kubernetes_uid = :kube THEN 0 ELSE 1 END, first_seen
                        LIMIT 1""")
                .bind("org", orgUid)
                .bind("kube", facts.kubernetesUid())
                .bind("name", facts.clusterName())
                .mapTo(String.class)
                .findOne();
        known.filter(_ -> facts.agentType().equals("cluster-monitor"))
                .ifPresent(uid -> told(handle, orgUid, uid, facts, agentUid, sourceUid));
        return known.orElseGet(() -> insert(handle, mint.cluster(), orgUid, facts, agentUid, sourceUid, now));
    }

    /** A cluster that was known by its name only gets its Kubernetes uid, and the name that its monitor gives it. */
    private static void told(
            Handle handle, String orgUid, String uid, AgentFacts facts, String agentUid, String sourceUid) {
        handle.createUpdate("""
                        UPDATE cluster SET name = :name, agent_uid = :agent, source_uid = :source,
                          kubernetes_uid = CASE WHEN :kube = '' THEN kubernetes_uid ELSE :kube END
                        WHERE org_uid = :org AND uid = :uid""")
                .bind("org", orgUid)
                .bind("uid", uid)
                .bind("name", facts.clusterName())
                .bind("kube", facts.kubernetesUid())
                .bind("agent", agentUid)
                .bind("source", sourceUid)
                .execute();
    }

    private static String insert(
            Handle handle,
            String uid,
            String orgUid,
            AgentFacts facts,
            String agentUid,
            String sourceUid,
            Instant now) {
        handle.createUpdate("""
                        INSERT INTO cluster
                          (org_uid, uid, name, kubernetes_uid, agent_uid, source_uid, first_seen, last_data)
                        VALUES (:org, :uid, :name, :kube, :agent, :source, :now, :now)""")
                .bind("org", orgUid)
                .bind("uid", uid)
                .bind("name", facts.clusterName())
                .bind("kube", facts.kubernetesUid())
                .bind("agent", agentUid)
                .bind("source", sourceUid)
                .bind("now", Columns.micros(now))
                .execute();
        return uid;
    }

    private static Cluster cluster(ResultSet row) throws SQLException {
        return new Cluster(
                row.getString("org_uid"),
                row.getString("uid"),
                row.getString("name"),
                row.getString("kubernetes_uid"),
                row.getString("agent_uid"),
                row.getString("source_uid"),
                Columns.instant(row, "first_seen"),
                Columns.instant(row, "last_data"));
    }
}
