package io.guardian.backend.meta;

import io.guardian.core.policy.PolicyType;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jdbi.v3.core.Handle;

/** Documents of one kind in the table that all kinds share. */
final class SqlDocuments implements VersionedDocuments {
    private static final String AGENTS = "/agents";

    private final Database database;
    private final String kind;
    private final Consumer<Stored> onChange;

    /** @param onChange told each new version after it is committed */
    SqlDocuments(Database database, String kind, Consumer<Stored> onChange) {
        this.database = database;
        this.kind = kind;
        this.onChange = onChange;
    }

    @Override
    public void insert(Stored first) {
        database.change(handle -> {
            insert(handle, first);
            grow(handle, first);
        });
        onChange.accept(first);
    }

    @Override
    public Optional<Stored> update(String orgUid, String uid, UnaryOperator<Stored> change) {
        var updated = database.write(handle -> {
            var current = current(handle, orgUid, uid);
            if (current.isEmpty()) {
                return current;
            }
            var next = change.apply(current.get());
            if (next.version() != current.get().version() + 1) {
                throw new IllegalArgumentException("version " + next.version() + " does not follow "
                        + current.get().version());
            }
            retire(handle, orgUid, uid);
            insert(handle, next);
            grow(handle, next);
            return Optional.of(next);
        });
        updated.ifPresent(onChange);
        return updated;
    }

    @Override
    public Optional<Stored> delete(String orgUid, String uid, String by, Instant now) {
        return update(
                orgUid,
                uid,
                current -> new Stored(
                        current.orgUid(),
                        current.uid(),
                        current.version() + 1,
                        current.name(),
                        current.type(),
                        current.document(),
                        current.tags(),
                        current.created(),
                        current.createdBy(),
                        now,
                        by,
                        "deleted",
                        true));
    }

    @Override
    public List<Stored> list(String orgUid) {
        return select(orgUid, "AND is_current = 1 AND deleted = 0 ORDER BY created, uid", "");
    }

    @Override
    public List<Stored> archive(String orgUid) {
        return select(orgUid, "AND deleted = 0 ORDER BY updated DESC, uid, version DESC", "");
    }

    @Override
    public List<Stored> versions(String orgUid, String uid) {
        return select(orgUid, "AND uid = :uid ORDER BY version DESC", uid);
    }

    @Override
    public Optional<Stored> get(String orgUid, String uid) {
        return database.read(handle -> current(handle, orgUid, uid));
    }

    @Override
    public Optional<Stored> version(String orgUid, String uid, long version) {
        return database.read(handle -> handle.createQuery("""
                        SELECT * FROM document
                        WHERE kind = :kind AND org_uid = :org AND uid = :uid AND version = :version""")
                .bind("kind", kind)
                .bind("org", orgUid)
                .bind("uid", uid)
                .bind("version", version)
                .map((row, _) -> stored(row))
                .findOne());
    }

    @Override
    public long revision(String orgUid) {
        return database.read(handle -> revision(handle, kind, orgUid)).orElse(0L);
    }

    @Override
    public long agentRevision(String orgUid) {
        return database.read(handle -> revision(handle, kind + AGENTS, orgUid)
                .or(() -> revision(handle, kind, orgUid))
                .orElse(0L));
    }

    private static Optional<Long> revision(Handle handle, String kind, String orgUid) {
        return handle.createQuery("SELECT revision FROM document_revision WHERE kind = :kind AND org_uid = :org")
                .bind("kind", kind)
                .bind("org", orgUid)
                .mapTo(Long.class)
                .findOne();
    }

    private List<Stored> select(String orgUid, String rest, String uid) {
        return database.read(handle -> {
            var query = handle.createQuery("SELECT * FROM document WHERE kind = :kind AND org_uid = :org " + rest)
                    .bind("kind", kind)
                    .bind("org", orgUid);
            if (!uid.isEmpty()) {
                query.bind("uid", uid);
            }
            return query.map((row, _) -> stored(row)).list();
        });
    }

    private Optional<Stored> current(Handle handle, String orgUid, String uid) {
        return handle.createQuery("""
                        SELECT * FROM document
                        WHERE kind = :kind AND org_uid = :org AND uid = :uid AND is_current = 1 AND deleted = 0""")
                .bind("kind", kind)
                .bind("org", orgUid)
                .bind("uid", uid)
                .map((row, _) -> stored(row))
                .findOne();
    }

    private void retire(Handle handle, String orgUid, String uid) {
        handle.createUpdate("UPDATE document SET is_current = 0 WHERE kind = :kind AND org_uid = :org AND uid = :uid")
                .bind("kind", kind)
                .bind("org", orgUid)
                .bind("uid", uid)
                .execute();
    }

    /** What agents judge by has a revision of its own: that of the newest change that concerns them. */
    private void grow(Handle handle, Stored changed) {
        long before = revision(handle, kind, changed.orgUid()).orElse(0L);
        boolean concernsAgents = !changed.type().equals(PolicyType.CLUSTER.toString());
        if (concernsAgents || revision(handle, kind + AGENTS, changed.orgUid()).isEmpty()) {
            set(handle, kind + AGENTS, changed.orgUid(), concernsAgents ? before + 1 : before);
        }
        set(handle, kind, changed.orgUid(), before + 1);
    }

    private static void set(Handle handle, String kind, String orgUid, long revision) {
        handle.createUpdate("""
                        INSERT INTO document_revision (kind, org_uid, revision) VALUES (:kind, :org, :revision)
                        ON CONFLICT (kind, org_uid) DO UPDATE SET revision = excluded.revision""")
                .bind("kind", kind)
                .bind("org", orgUid)
                .bind("revision", revision)
                .execute();
    }

    private void insert(Handle handle, Stored stored) {
        handle.createUpdate("""
                        INSERT INTO document (kind, org_uid, uid, version, name, type, document, tags, created,
                          created_by, updated, updated_by, change, deleted, is_current)
                        VALUES (:kind, :org, :uid, :version, :name, :type, :document, :tags, :created, :createdBy,
                          :updated, :updatedBy, :change, :deleted, 1)""")
                .bind("kind", kind)
                .bind("org", stored.orgUid())
                .bind("uid", stored.uid())
                .bind("version", stored.version())
                .bind("name", stored.name())
                .bind("type", stored.type())
                .bind("document", stored.document().toText())
                .bind("tags", Columns.text(stored.tags()))
                .bind("created", Columns.micros(stored.created()))
                .bind("createdBy", stored.createdBy())
                .bind("updated", Columns.micros(stored.updated()))
                .bind("updatedBy", stored.updatedBy())
                .bind("change", stored.change())
                .bind("deleted", Columns.bit(stored.deleted()))
                .execute();
    }

    private static Stored stored(ResultSet row) throws SQLException {
        return new Stored(
                row.getString("org_uid"),
                row.getString("uid"),
                row.getLong("version"),
                row.getString("name"),
                row.getString("type"),
                Columns.object(row, "document"),
                Columns.strings(row, "tags"),
                Columns.instant(row, "created"),
                row.getString("created_by"),
                Columns.instant(row, "updated"),
                row.getString("updated_by"),
                row.getString("change"),
                Columns.truth(row, "deleted"));
    }
}
