package io.guardian.backend.store;

import java.util.List;

/**
 * Which table holds which schema. The kinds that grow fast or are asked for often have one of their own; the rest share
 * one. All have the same columns.
 */
final class Tables {
    static final String OTHER = "other";
    static final List<String> OWN = List.of(
            "model_process",
            "model_connection",
            "model_listening_socket",
            "model_container",
            "model_fingerprint",
            "event_deviation",
            "event_log",
            "event_redflag",
            "event_opsflag");
    static final List<String> ALL = java.util.stream.Stream.concat(OWN.stream(), java.util.stream.Stream.of(OTHER))
            .toList();

    private Tables() {}

    static String of(String schema) {
        int colon = schema.indexOf(':');
        String kind = colon < 0 ? schema : schema.substring(0, colon);
        return OWN.contains(kind) ? kind : OTHER;
    }

    /** The tables that can hold a schema that begins with one of the prefixes. */
    static List<String> reachedBy(List<String> prefixes) {
        if (prefixes.isEmpty()) {
            return ALL;
        }
        return ALL.stream()
                .filter(table -> prefixes.stream().anyMatch(prefix -> reaches(prefix, table)))
                .toList();
    }

    private static boolean reaches(String prefix, String table) {
        if (prefix.indexOf(':') >= 0) {
            return of(prefix).equals(table);
        }
        return table.equals(OTHER) || table.startsWith(prefix);
    }

    static String definition(String table) {
        var columns = new StringBuilder();
        for (Column column : Column.values()) {
            columns.append(", ").append(column.field()).append(" VARCHAR");
        }
        return "CREATE TABLE IF NOT EXISTS " + table
                + " (org VARCHAR NOT NULL, schema VARCHAR NOT NULL, version DOUBLE NOT NULL, time DOUBLE NOT NULL,"
                + " valid_from DOUBLE, valid_to DOUBLE, expire_at DOUBLE" + columns + ", full_json VARCHAR NOT NULL)";
    }
}
