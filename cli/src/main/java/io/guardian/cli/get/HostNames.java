package io.guardian.cli.get;

import io.guardian.cli.line.UsageException;
import io.guardian.cli.session.Session;
import io.guardian.core.text.Json;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Adds to records the names of the machines they are from. */
final class HostNames {
    private HostNames() {}

    static List<Json.Obj> add(Session session, List<Json.Obj> records) throws UsageException {
        if (records.isEmpty()) {
            return records;
        }
        Map<String, String> names = new HashMap<>();
        Sources.all(session).forEach(source -> names.put(source.text("uid"), Sources.hostname(source)));
        return records.stream()
                .map(record -> record.with("hostname", Json.of(names.getOrDefault(record.text("muid"), ""))))
                .toList();
    }
}
