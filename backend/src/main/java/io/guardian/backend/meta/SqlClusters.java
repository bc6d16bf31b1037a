package io.guardian.backend.meta;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
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
                        ORDER BY first_seen LIMIT 1""")
                .bind("org", orgUid)
                .bind("kube", facts.kubernetesUid())
                .bind("name", facts.clusterName())
                .mapTo(String.class)
                .findOne();
        return known.orElseGet(() -> insert(handle, mint.cluster(), orgUid, facts, agentUid, sourceUid, now));
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
