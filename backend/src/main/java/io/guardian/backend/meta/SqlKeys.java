package io.guardian.backend.meta;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

final class SqlKeys implements Keys {
    private final Database database;
    private final Mint mint;

    SqlKeys(Database database, Mint mint) {
        this.database = database;
        this.mint = mint;
    }

    @Override
    public CreatedKey create(NewKey key) {
        String secret = mint.secret("gk_");
        return new CreatedKey(importSecret(secret, key), secret);
    }

    @Override
    public ApiKey importSecret(String secret, NewKey key) {
        return database.write(handle -> {
            var known = ofHash(handle, Mint.hash(secret));
            if (known.isPresent()) {
                return known.get();
            }
            var added = new ApiKey(
                    mint.uid("key:"), key.orgUid(), key.principal(), key.name(), key.role(), key.validity(), false);
            insert(handle, added, Mint.hash(secret));
            return added;
        });
    }

    private static void insert(Handle handle, ApiKey key, String hash) {
        handle.createUpdate("""
                        INSERT INTO api_key
                          (uid, org_uid, secret_hash, principal, name, role, valid_from, valid_to, revoked)
                        VALUES (:uid, :org, :hash, :principal, :name, :role, :from, :to, 0)""")
                .bind("uid", key.uid())
                .bind("org", key.orgUid())
                .bind("hash", hash)
                .bind("principal", key.principal())
                .bind("name", key.name())
                .bind("role", key.role().toString())
                .bind("from", Columns.micros(key.validity().from()))
                .bind("to", Columns.micros(key.validity().to()))
                .execute();
    }

    @Override
    public Optional<ApiKey> ofSecret(String secret) {
        return database.read(handle -> ofHash(handle, Mint.hash(secret)));
    }

    private static Optional<ApiKey> ofHash(Handle handle, String hash) {
        return handle.createQuery("SELECT * FROM api_key WHERE secret_hash = :hash")
                .bind("hash", hash)
                .map((row, _) -> key(row))
                .findOne();
    }

    @Override
    public List<ApiKey> list(String orgUid) {
        return database.read(
                handle -> handle.createQuery("SELECT * FROM api_key WHERE org_uid = :org ORDER BY valid_from, uid")
                        .bind("org", orgUid)
                        .map((row, _) -> key(row))
                        .list());
    }

    @Override
    public Optional<ApiKey> revoke(String orgUid, String uid) {
        return database.write(handle -> {
            handle.createUpdate("UPDATE api_key SET revoked = 1 WHERE org_uid = :org AND uid = :uid")
                    .bind("org", orgUid)
                    .bind("uid", uid)
                    .execute();
            return handle.createQuery("SELECT * FROM api_key WHERE org_uid = :org AND uid = :uid")
                    .bind("org", orgUid)
                    .bind("uid", uid)
                    .map((row, _) -> key(row))
                    .findOne();
        });
    }

    private static ApiKey key(ResultSet row) throws SQLException {
        String role = row.getString("role");
        return new ApiKey(
                row.getString("uid"),
                row.getString("org_uid"),
                row.getString("principal"),
                row.getString("name"),
                Role.parse(role).orElseThrow(() -> new IllegalStateException("unknown stored role `" + role + "`")),
                Columns.validity(row),
                Columns.truth(row, "revoked"));
    }
}
