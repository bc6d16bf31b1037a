package io.guardian.backend.meta;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

final class SqlSources implements Sources {
    private final Database database;

    SqlSources(Database database) {
        this.database = database;
    }

    @Override
    public List<Source> list(String orgUid) {
        return database.read(
                handle -> handle.createQuery("SELECT * FROM source WHERE org_uid = :org ORDER BY name, uid")
                        .bind("org", orgUid)
                        .map((row, _) -> source(row))
                        .list());
    }

    @Override
    public Optional<Source> get(String orgUid, String uid) {
        return database.read(handle -> get(handle, orgUid, uid));
    }

    static Optional<Source> get(Handle handle, String orgUid, String uid) {
        return handle.createQuery("SELECT * FROM source WHERE org_uid = :org AND uid = :uid")
                .bind("org", orgUid)
                .bind("uid", uid)
                .map((row, _) -> source(row))
                .findOne();
    }

    @Override
    public void put(Source source) {
        database.change(handle -> put(handle, source));
    }

    static void put(Handle handle, Source source) {
        handle.createUpdate("""
                        INSERT INTO source (org_uid, uid, name, description, agent_uid, registration_uid, agent_type,
                          tags, archived, last_data, valid_from, valid_to, runtime_details)
                        VALUES (:org, :uid, :name, :description, :agent, :registration, :type, :tags, :archived,
                          :last, :from, :to, :details)
                        ON CONFLICT (org_uid, uid) DO UPDATE SET name = excluded.name,
                          description = excluded.description, agent_uid = excluded.agent_uid,
                          registration_uid = excluded.registration_uid, agent_type = excluded.agent_type,
                          tags = excluded.tags, archived = excluded.archived, valid_to = excluded.valid_to,
                          runtime_details = excluded.runtime_details""")
                .bind("org", source.orgUid())
                .bind("uid", source.uid())
                .bind("name", source.name())
                .bind("description", source.description())
                .bind("agent", source.agentUid())
                .bind("registration", source.registrationUid())
                .bind("type", source.agentType())
                .bind("tags", Columns.text(source.tags()))
                .bind("archived", Columns.bit(source.archived()))
                .bind("last", Columns.micros(source.lastData()))
                .bind("from", Columns.micros(source.validity().from()))
                .bind("to", Columns.micros(source.validity().to()))
                .bind("details", source.runtimeDetails().toText())
                .execute();
    }

    @Override
    public void touch(String orgUid, String uid, Instant lastData) {
        database.change(handle -> handle.createUpdate(
                        "UPDATE source SET last_data = :last WHERE org_uid = :org AND uid = :uid AND last_data < :last")
                .bind("org", orgUid)
                .bind("uid", uid)
                .bind("last", Columns.micros(lastData))
                .execute());
    }

    @Override
    public boolean delete(String orgUid, String uid) {
        return database.write(handle -> handle.createUpdate("DELETE FROM source WHERE org_uid = :org AND uid = :uid")
                        .bind("org", orgUid)
                        .bind("uid", uid)
                        .execute()
                > 0);
    }

    private static Source source(ResultSet row) throws SQLException {
        return new Source(
                row.getString("org_uid"),
                row.getString("uid"),
                row.getString("name"),
                row.getString("description"),
                row.getString("agent_uid"),
                row.getString("registration_uid"),
                row.getString("agent_type"),
                Columns.strings(row, "tags"),
                Columns.truth(row, "archived"),
                Columns.instant(row, "last_data"),
                Columns.validity(row),
                Columns.object(row, "runtime_details"));
    }
}
