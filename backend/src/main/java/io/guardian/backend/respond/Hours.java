package io.guardian.backend.respond;

import io.guardian.core.event.Seconds;
import io.guardian.core.text.Json;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Keeps the records of one behaviour under one policy to {@value #PER_HOUR} an hour. Further ones only raise the count
 * of the newest stored, and end in one line.
 */
final class Hours {
    static final int PER_HOUR = 100;
    static final long HOUR_MICROS = 3_600_000_000L;
    /** How often a raised count is stored. */
    static final long COUNT_EVERY_MICROS = 5_000_000;

    private static final int MAX_KEYS = 100_000;

    private final Map<String, Hour> hours = new LinkedHashMap<>();

    /** The hour of one behaviour; it begins with its first record. */
    private static final class Hour {
        private final long startMicros;
        private int stored;
        private long more;
        private long moreWritten;
        private long writtenMicros;
        private long lastMicros;
        private Counted newest;

        Hour(long startMicros, Counted first) {
            this.startMicros = startMicros;
            this.newest = first;
        }
    }

    /** Whether a new deviation may be stored; counts it either way. */
    boolean admit(Counted found, long nowMicros) {
        String key = found.key();
        var hour = hours.get(key);
        if (hour == null) {
            if (hours.size() >= MAX_KEYS) {
                hours.remove(hours.keySet().iterator().next());
            }
            hour = new Hour(nowMicros, found);
            hours.put(key, hour);
        }
        if (hour.stored < PER_HOUR) {
            hour.stored++;
            hour.newest = found;
            return true;
        }
        hour.more++;
        hour.lastMicros = Math.max(hour.lastMicros, found.timeMicros());
        return false;
    }

    /** Raised counts that are due to be stored, and the last lines of the hours that are over. */
    List<OrgRecord> due(long nowMicros) {
        var due = new ArrayList<OrgRecord>();
        for (Iterator<Hour> each = hours.values().iterator(); each.hasNext(); ) {
            var hour = each.next();
            boolean over = nowMicros - hour.startMicros >= HOUR_MICROS;
            boolean raised =
                    hour.more > hour.moreWritten && (over || nowMicros - hour.writtenMicros >= COUNT_EVERY_MICROS);
            if (raised) {
                hour.moreWritten = hour.more;
                hour.writtenMicros = nowMicros;
                due.add(new OrgRecord(hour.newest.org(), counted(hour)));
            }
            if (over) {
                if (hour.more > 0) {
                    due.add(new OrgRecord(
                            hour.newest.org(), hour.newest.andMore(hour.startMicros + HOUR_MICROS, hour.more)));
                }
                each.remove();
            }
        }
        return due;
    }

    /** A record and whose it is. */
    record OrgRecord(String org, Json.Obj entry) {}

    private static Json.Obj counted(Hour hour) {
        var newest = hour.newest.entry();
        return newest.with("version", Json.of(whole(newest, "version") + hour.more))
                .with("count", Json.of(whole(newest, "count") + hour.more))
                .with("last_time", Seconds.json(Math.max(hour.lastMicros, hour.newest.timeMicros())));
    }

    private static long whole(Json.Obj entry, String key) {
        return entry.number(key).map(Json.Num::asLong).orElse(1L);
    }
}
