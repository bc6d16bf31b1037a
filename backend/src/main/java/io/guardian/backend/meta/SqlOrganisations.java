package io.guardian.backend.meta;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;

final class SqlOrganisations implements Organisations {
    private final Database database;
    private final Clock clock;
    private final Mint mint;

    SqlOrganisations(Database database, Clock clock, Mint mint) {
        this.database = database;
        this.clock = clock;
        this.mint = mint;
    }

    @Override
    public Organisation create(String name, String ownerEmail) {
        var now = clock.instant().truncatedTo(ChronoUnit.MICROS);
        var organisation = new Organisation(mint.uid(), name, ownerEmail, List.of(), Validity.from(now));
        database.change(handle -> handle.createUpdate("""
                        INSERT INTO organisation (uid, name, owner_email, tags, valid_from, valid_to)
                        VALUES (:uid, :name, :owner, '[]', :from, :to)""")
                .bind("uid", organisation.uid())
                .bind("name", name)
                .bind("owner", ownerEmail)
                .bind("from", Columns.micros(now))
                .bind("to", Columns.micros(Validity.OPEN))
                .execute());
        return organisation;
    }

    @Override
    public List<Organisation> list() {
        return database.read(handle -> handle.createQuery("SELECT * FROM organisation ORDER BY name, uid")
                .map((row, _) -> organisation(row))
                .list());
    }

    @Override
    public Optional<Organisation> get(String uid) {
        return database.read(handle -> handle.createQuery("SELECT * FROM organisation WHERE uid = :uid")
                .bind("uid", uid)
                .map((row, _) -> organisation(row))
                .findOne());
    }

    @Override
    public Optional<Organisation> update(String uid, String name, String ownerEmail, List<String> tags) {
        database.change(handle -> handle.createUpdate(
                        "UPDATE organisation SET name = :name, owner_email = :owner, tags = :tags WHERE uid = :uid")
                .bind("uid", uid)
                .bind("name", name)
                .bind("owner", ownerEmail)
                .bind("tags", Columns.text(tags))
                .execute());
        return get(uid);
    }

    private static Organisation organisation(ResultSet row) throws SQLException {
        return new Organisation(
                row.getString("uid"),
                row.getString("name"),
                row.getString("owner_email"),
                Columns.strings(row, "tags"),
                Columns.validity(row));
    }
}
