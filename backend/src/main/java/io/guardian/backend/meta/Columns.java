package io.guardian.backend.meta;

import io.guardian.core.text.Json;
import io.guardian.core.text.JsonReader;
import io.guardian.core.text.JsonSyntaxException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;

/** How values lie in columns: times as microseconds, lists and objects as JSON text, truth as 0 and 1. */
final class Columns {
    private Columns() {}

    static long micros(Instant time) {
        return ChronoUnit.MICROS.between(Instant.EPOCH, time);
    }

    static Instant instant(ResultSet row, String column) throws SQLException {
        return instant(row.getLong(column));
    }

    static Instant instant(long micros) {
        return Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
    }

    static Validity validity(ResultSet row) throws SQLException {
        return new Validity(instant(row, "valid_from"), instant(row, "valid_to"));
    }

    static boolean truth(ResultSet row, String column) throws SQLException {
        return row.getInt(column) != 0;
    }

    static int bit(boolean truth) {
        return truth ? 1 : 0;
    }

    static Json.Obj object(ResultSet row, String column) throws SQLException {
        return object(row.getString(column));
    }

    static Json.Obj object(String text) {
        try {
            return JsonReader.readObject(text);
        } catch (JsonSyntaxException damaged) {
            throw new IllegalStateException("a stored document is damaged: " + damaged.getMessage(), damaged);
        }
    }

    static String text(List<String> strings) {
        return Json.strings(strings).toText();
    }

    static List<String> strings(ResultSet row, String column) throws SQLException {
        return object("{\"items\":" + row.getString(column) + "}")
                .array("items")
                .strings();
    }
}
