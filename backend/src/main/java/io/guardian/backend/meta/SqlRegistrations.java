package io.guardian.backend.meta;

import io.guardian.core.text.Json;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Agent registrations, and what was tried with them. */
final class SqlRegistrations {
    private static final int KEPT_ATTEMPTS = 1_000;

    private final Database database;
    private final Mint mint;

    SqlRegistrations(Database database, Mint mint) {
        this.database = database;
        this.mint = mint;
    }

    Agents.CreatedRegistration create(Agents.NewRegistration asked) {
        String code = mint.secret("gr_");
        var registration = new Registration(
                asked.orgUid(),
                mint.uid("areg:"),
                asked.name(),
                asked.description(),
                asked.config(),
                asked.createdBy(),
                asked.validity(),
                false);
        database.change(handle -> handle.createUpdate("""
                        INSERT INTO agent_registration (uid, org_uid, code_hash, name, description, config,
                          created_by, valid_from, valid_to, revoked)
                        VALUES (:uid, :org, :hash, :name, :description, :config, :by, :from, :to, 0)""")
                .bind("uid", registration.uid())
                .bind("org", registration.orgUid())
                .bind("hash", Mint.hash(code))
                .bind("name", registration.name())
                .bind("description", registration.description())
                .bind("config", registration.config().toText())
                .bind("by", registration.createdBy())
                .bind("from", Columns.micros(registration.validity().from()))
                .bind("to", Columns.micros(registration.validity().to()))
                .execute());
        return new Agents.CreatedRegistration(registration, code);
    }

    List<Registration> list(String orgUid) {
        return database.read(handle -> handle.createQuery(
                        "SELECT * FROM agent_registration WHERE org_uid = :org ORDER BY valid_from, uid")
                .bind("org", orgUid)
                .map((row, _) -> registration(row))
                .list());
    }

    Optional<Registration> get(String orgUid, String uid) {
        return database.read(
                handle -> handle.createQuery("SELECT * FROM agent_registration WHERE org_uid = :org AND uid = :uid")
                        .bind("org", orgUid)
                        .bind("uid", uid)
                        .map((row, _) -> registration(row))
                        .findOne());
    }

    boolean update(Registration registration) {
        return database.write(handle -> handle.createUpdate("""
                                UPDATE agent_registration SET name = :name, description = :description,
                                  config = :config, valid_to = :to, revoked = :revoked
                                WHERE org_uid = :org AND uid = :uid""")
                        .bind("org", registration.orgUid())
                        .bind("uid", registration.uid())
                        .bind("name", registration.name())
                        .bind("description", registration.description())
                        .bind("config", registration.config().toText())
                        .bind("to", Columns.micros(registration.validity().to()))
                        .bind("revoked", Columns.bit(registration.revoked()))
                        .execute()
                > 0);
    }

    Optional<Registration> ofCode(String code) {
        return database.read(handle -> handle.createQuery("SELECT * FROM agent_registration WHERE code_hash = :hash")
                .bind("hash", Mint.hash(code))
                .map((row, _) -> registration(row))
                .findOne());
    }

    void noteAttempt(
            String registrationUid, Instant time, String address, String agentUid, String message, String error) {
        var record = Json.object()
                .put("time", Columns.micros(time) / 1e6)
                .put("ip_address", address)
                .put("agent_uid", agentUid)
                .put("msg", message)
                .put("error", error)
                .build();
        database.change(handle -> {
            long sequence = handle.createQuery(
                            "SELECT COALESCE(MAX(seq), 0) + 1 FROM registration_attempt WHERE registration_uid = :uid")
                    .bind("uid", registrationUid)
                    .mapTo(Long.class)
                    .one();
            handle.createUpdate("""
                            INSERT INTO registration_attempt (registration_uid, seq, time, record)
                            VALUES (:uid, :seq, :time, :record)""")
                    .bind("uid", registrationUid)
                    .bind("seq", sequence)
                    .bind("time", Columns.micros(time))
                    .bind("record", record.toText())
                    .execute();
            handle.createUpdate("DELETE FROM registration_attempt WHERE registration_uid = :uid AND seq <= :oldest")
                    .bind("uid", registrationUid)
                    .bind("oldest", sequence - KEPT_ATTEMPTS)
                    .execute();
        });
    }

    List<Json.Obj> attempts(String orgUid, String registrationUid, int limit) {
        if (get(orgUid, registrationUid).isEmpty()) {
            return List.of();
        }
        return database.read(handle -> handle.createQuery("""
                        SELECT record FROM registration_attempt WHERE registration_uid = :uid
                        ORDER BY seq DESC LIMIT :limit""")
                .bind("uid", registrationUid)
                .bind("limit", limit)
                .map((row, _) -> Columns.object(row, "record"))
                .list());
    }

    private static Registration registration(ResultSet row) throws SQLException {
        return new Registration(
                row.getString("org_uid"),
                row.getString("uid"),
                row.getString("name"),
                row.getString("description"),
                Columns.object(row, "config"),
                row.getString("created_by"),
                Columns.validity(row),
                Columns.truth(row, "revoked"));
    }
}
