package io.guardian.backend.meta;

import io.guardian.core.text.Json;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

final class SqlAgents implements Agents {
    private static final Duration OLD_TOKEN_LIFE = Duration.ofMinutes(5);
    /** Long enough that a slow heartbeat does not make a new agent look offline at once. */
    private static final String FIRST_STATUS = "Starting";

    private final Database database;
    private final Mint mint;
    private final SqlRegistrations registrations;

    SqlAgents(Database database, Mint mint) {
        this.database = database;
        this.mint = mint;
        this.registrations = new SqlRegistrations(database, mint);
    }

    @Override
    public CreatedRegistration createRegistration(NewRegistration registration) {
        return registrations.create(registration);
    }

    @Override
    public List<Registration> registrations(String orgUid) {
        return registrations.list(orgUid);
    }

    @Override
    public Optional<Registration> registration(String orgUid, String uid) {
        return registrations.get(orgUid, uid);
    }

    @Override
    public boolean updateRegistration(Registration registration) {
        return registrations.update(registration);
    }

    @Override
    public Optional<Registration> registrationOfCode(String code) {
        return registrations.ofCode(code);
    }

    @Override
    public void noteAttempt(
            String registrationUid, Instant time, String address, String agentUid, String message, String error) {
        registrations.noteAttempt(registrationUid, time, address, agentUid, message, error);
    }

    @Override
    public List<Json.Obj> attempts(String orgUid, String registrationUid, int limit) {
        return registrations.attempts(orgUid, registrationUid, limit);
    }

    @Override
    public AgentRecord register(Registration registration, AgentFacts facts, Instant now) {
        return database.write(handle -> {
            var known = ofMachine(handle, registration.orgUid(), facts);
            var agent = known.map(old -> renewed(handle, old, registration, facts, now))
                    .orElseGet(() -> added(handle, registration, facts, now));
            save(handle, agent);
            var source = SqlSources.get(handle, agent.orgUid(), agent.sourceUid());
            SqlSources.put(handle, source(source, agent, facts, now));
            return agent;
        });
    }

    private AgentRecord added(Handle handle, Registration registration, AgentFacts facts, Instant now) {
        String uid = mint.agent();
        String muid =
                machineOf(handle, registration.orgUid(), facts.machineId()).orElseGet(mint::machine);
        String cluster = SqlClusters.uidOf(handle, mint, registration.orgUid(), facts, uid, muid, now);
        return new AgentRecord(
                registration.orgUid(),
                uid,
                registration.uid(),
                facts.machineId(),
                facts.agentType(),
                muid,
                muid,
                cluster,
                facts.hostname(),
                facts.body(),
                Json.Obj.EMPTY,
                FIRST_STATUS,
                now,
                now,
                false);
    }

    private AgentRecord renewed(
            Handle handle, AgentRecord old, Registration registration, AgentFacts facts, Instant now) {
        String cluster = SqlClusters.uidOf(handle, mint, old.orgUid(), facts, old.uid(), old.sourceUid(), now);
        return new AgentRecord(
                old.orgUid(),
                old.uid(),
                registration.uid(),
                old.machineId(),
                old.agentType(),
                old.muid(),
                old.sourceUid(),
                cluster,
                facts.hostname(),
                facts.body(),
                old.heartbeat(),
                FIRST_STATUS,
                old.registered(),
                now,
                old.archived());
    }

    /** A person may have renamed the source: name, description and tags stay as they are. */
    private static Source source(Optional<Source> known, AgentRecord agent, AgentFacts facts, Instant now) {
        var before = known.orElseGet(() -> new Source(
                agent.orgUid(),
                agent.sourceUid(),
                facts.hostname(),
                facts.hostname(),
                agent.uid(),
                agent.registrationUid(),
                agent.agentType(),
                List.of(),
                false,
                Validity.OPEN,
                Validity.from(now),
                Json.Obj.EMPTY));
        return new Source(
                before.orgUid(),
                before.uid(),
                before.name(),
                before.description(),
                agent.uid(),
                agent.registrationUid(),
                agent.agentType(),
                before.tags(),
                before.archived(),
                before.lastData(),
                before.validity(),
                RuntimeDetails.of(facts, agent.uid(), agent.sourceUid()));
    }

    private static Optional<AgentRecord> ofMachine(Handle handle, String orgUid, AgentFacts facts) {
        return handle.createQuery(
                        "SELECT * FROM agent WHERE org_uid = :org AND machine_id = :machine AND agent_type = :type")
                .bind("org", orgUid)
                .bind("machine", facts.machineId())
                .bind("type", facts.agentType())
                .map((row, _) -> agent(row))
                .findOne();
    }

    /** Two agents of one machine share its uid. */
    private static Optional<String> machineOf(Handle handle, String orgUid, String machineId) {
        return handle.createQuery(
                        "SELECT muid FROM agent WHERE org_uid = :org AND machine_id = :machine ORDER BY registered LIMIT 1")
                .bind("org", orgUid)
                .bind("machine", machineId)
                .mapTo(String.class)
                .findOne();
    }

    private static void save(Handle handle, AgentRecord agent) {
        handle.createUpdate("""
                        INSERT INTO agent (uid, org_uid, registration_uid, machine_id, agent_type, muid, source_uid,
                          cluster_uid, hostname, facts, heartbeat, status, registered, last_seen, archived)
                        VALUES (:uid, :org, :registration, :machine, :type, :muid, :source, :cluster, :hostname,
                          :facts, :heartbeat, :status, :registered, :seen, :archived)
                        ON CONFLICT (uid) DO UPDATE SET registration_uid = excluded.registration_uid,
                          cluster_uid = excluded.cluster_uid, hostname = excluded.hostname, facts = excluded.facts,
                          status = excluded.status, last_seen = excluded.last_seen""")
                .bind("uid", agent.uid())
                .bind("org", agent.orgUid())
                .bind("registration", agent.registrationUid())
                .bind("machine", agent.machineId())
                .bind("type", agent.agentType())
                .bind("muid", agent.muid())
                .bind("source", agent.sourceUid())
                .bind("cluster", agent.clusterUid())
                .bind("hostname", agent.hostname())
                .bind("facts", agent.facts().toText())
                .bind("heartbeat", agent.heartbeat().toText())
                .bind("status", agent.status())
                .bind("registered", Columns.micros(agent.registered()))
                .bind("seen", Columns.micros(agent.lastSeen()))
                .bind("archived", Columns.bit(agent.archived()))
                .execute();
    }

    @Override
    public String issueToken(String agentUid, Instant now, Duration life) {
        String token = mint.secret("gt_");
        database.change(handle -> {
            handle.createUpdate("DELETE FROM agent_token WHERE valid_to <= :now")
                    .bind("now", Columns.micros(now))
                    .execute();
            handle.createUpdate("UPDATE agent_token SET valid_to = :soon WHERE agent_uid = :agent AND valid_to > :soon")
                    .bind("agent", agentUid)
                    .bind("soon", Columns.micros(now.plus(OLD_TOKEN_LIFE)))
                    .execute();
            handle.createUpdate("INSERT INTO agent_token (token_hash, agent_uid, valid_to) VALUES (:hash, :agent, :to)")
                    .bind("hash", Mint.hash(token))
                    .bind("agent", agentUid)
                    .bind("to", Columns.micros(now.plus(life)))
                    .execute();
        });
        return token;
    }

    @Override
    public Optional<AgentRecord> agentOfToken(String token, Instant now) {
        return database.read(handle -> handle.createQuery("""
                        SELECT agent.* FROM agent JOIN agent_token ON agent_token.agent_uid = agent.uid
                        WHERE token_hash = :hash AND valid_to > :now""")
                .bind("hash", Mint.hash(token))
                .bind("now", Columns.micros(now))
                .map((row, _) -> agent(row))
                .findOne());
    }

    @Override
    public void revokeTokens(String agentUid) {
        database.change(handle -> handle.createUpdate("DELETE FROM agent_token WHERE agent_uid = :agent")
                .bind("agent", agentUid)
                .execute());
    }

    @Override
    public void seen(String agentUid, Instant now, String status, Json.Obj heartbeat) {
        database.change(handle -> handle.createUpdate(
                        "UPDATE agent SET last_seen = :now, status = :status, heartbeat = :heartbeat WHERE uid = :uid")
                .bind("uid", agentUid)
                .bind("now", Columns.micros(now))
                .bind("status", status)
                .bind("heartbeat", heartbeat.toText())
                .execute());
    }

    @Override
    public List<AgentRecord> list(String orgUid) {
        return database.read(
                handle -> handle.createQuery("SELECT * FROM agent WHERE org_uid = :org ORDER BY hostname, uid")
                        .bind("org", orgUid)
                        .map((row, _) -> agent(row))
                        .list());
    }

    @Override
    public List<AgentRecord> ofCluster(String orgUid, String clusterUid, String agentType) {
        return database.read(handle -> handle.createQuery("""
                        SELECT * FROM agent WHERE org_uid = :org AND cluster_uid = :cluster AND agent_type = :type
                        ORDER BY hostname, uid""")
                .bind("org", orgUid)
                .bind("cluster", clusterUid)
                .bind("type", agentType)
                .map((row, _) -> agent(row))
                .list());
    }

    @Override
    public List<RegisteredMachine> machines(String orgUid, String clusterUid) {
        return database.read(handle -> handle.createQuery("""
                        SELECT muid, machine_id, hostname FROM agent
                        WHERE org_uid = :org AND cluster_uid = :cluster AND agent_type = 'node' AND status <> :deleted
                        ORDER BY muid""")
                .bind("org", orgUid)
                .bind("cluster", clusterUid)
                .bind("deleted", AgentRecord.DELETED)
                .map((row, _) -> new RegisteredMachine(
                        row.getString("muid"), row.getString("machine_id"), row.getString("hostname")))
                .list());
    }

    @Override
    public Optional<AgentRecord> get(String orgUid, String uid) {
        return database.read(handle -> handle.createQuery("SELECT * FROM agent WHERE org_uid = :org AND uid = :uid")
                .bind("org", orgUid)
                .bind("uid", uid)
                .map((row, _) -> agent(row))
                .findOne());
    }

    @Override
    public boolean archive(String orgUid, String uid, boolean archived) {
        return database.write(handle ->
                handle.createUpdate("UPDATE agent SET archived = :archived WHERE org_uid = :org AND uid = :uid")
                                .bind("org", orgUid)
                                .bind("uid", uid)
                                .bind("archived", Columns.bit(archived))
                                .execute()
                        > 0);
    }

    private static AgentRecord agent(ResultSet row) throws SQLException {
        return new AgentRecord(
                row.getString("org_uid"),
                row.getString("uid"),
                row.getString("registration_uid"),
                row.getString("machine_id"),
                row.getString("agent_type"),
                row.getString("muid"),
                row.getString("source_uid"),
                row.getString("cluster_uid"),
                row.getString("hostname"),
                Columns.object(row, "facts"),
                Columns.object(row, "heartbeat"),
                row.getString("status"),
                Columns.instant(row, "registered"),
                Columns.instant(row, "last_seen"),
                Columns.truth(row, "archived"));
    }
}
