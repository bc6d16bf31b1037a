package io.guardian.backend.meta;

import io.guardian.core.text.Json;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

final class SqlAuditLog implements AuditLog {
    private static final String START_OF_CHAIN = "0".repeat(64);

    private final Database database;

    SqlAuditLog(Database database) {
        this.database = database;
    }

    private record Link(long sequence, String hash) {}

    @Override
    public Json.Obj append(AuditEntry entry) {
        return database.write(handle -> {
            var last = handle.createQuery(
                            "SELECT seq, hash FROM audit_record WHERE org_uid = :org ORDER BY seq DESC LIMIT 1")
                    .bind("org", entry.orgUid())
                    .map((row, _) -> new Link(row.getLong("seq"), row.getString("hash")))
                    .findOne()
                    .orElse(new Link(0, START_OF_CHAIN));
            var record = record(entry, last.sequence() + 1, last.hash());
            handle.createUpdate("""
                            INSERT INTO audit_record (org_uid, seq, time, id, record, hash)
                            VALUES (:org, :seq, :time, :id, :record, :hash)""")
                    .bind("org", entry.orgUid())
                    .bind("seq", last.sequence() + 1)
                    .bind("time", Columns.micros(entry.time()))
                    .bind("id", record.text("id"))
                    .bind("record", record.toText())
                    .bind("hash", Mint.hash(record.toCanonicalText()))
                    .execute();
            return record;
        });
    }

    private static Json.Obj record(AuditEntry entry, long sequence, String previousHash) {
        long micros = Columns.micros(entry.time());
        return Json.object()
                .put("id", "aud:" + entry.orgUid() + ":" + micros + ":" + sequence)
                .put("schema", "event_log:audit:1.0.0")
                .put("time", micros / 1e6)
                .put("principal", entry.principal())
                .put("principal_type", entry.principalType())
                .put("operation", entry.operation())
                .put("object_uid", entry.objectUid())
                .put("object_name", entry.objectName())
                .put("object_version", entry.objectVersion())
                .put("reason", entry.reason())
                .put("result", entry.result())
                .put("status", entry.status())
                .put("source_ip", entry.sourceIp())
                .put("context_uid", entry.contextUid())
                .put("message", entry.message())
                .put("change", entry.change())
                .put("previous_hash", previousHash)
                .build();
    }

    @Override
    public List<Json.Obj> list(String orgUid, Instant from, Instant to, int limit) {
        return database.read(handle -> handle.createQuery("""
                        SELECT record FROM audit_record WHERE org_uid = :org AND time >= :from AND time < :to
                        ORDER BY seq DESC LIMIT :limit""")
                .bind("org", orgUid)
                .bind("from", Columns.micros(from))
                .bind("to", Columns.micros(to))
                .bind("limit", limit)
                .map((row, _) -> Columns.object(row, "record"))
                .list());
    }

    @Override
    public Optional<String> firstBroken(String orgUid) {
        return database.read(handle -> {
            String previous = START_OF_CHAIN;
            try (var records = handle
                    .createQuery("SELECT record, hash FROM audit_record WHERE org_uid = :org ORDER BY seq")
                    .bind("org", orgUid)
                    .map((row, _) -> new HashedRecord(Columns.object(row, "record"), row.getString("hash")))
                    .stream()) {
                for (var each : (Iterable<HashedRecord>) records::iterator) {
                    boolean whole = each.hash().equals(Mint.hash(each.record().toCanonicalText()));
                    if (!whole || !each.record().text("previous_hash").equals(previous)) {
                        return Optional.of(each.record().text("id"));
                    }
                    previous = each.hash();
                }
            }
            return Optional.empty();
        });
    }

    private record HashedRecord(Json.Obj record, String hash) {}
}
