package io.guardian.backend.respond;

import io.guardian.core.event.Seconds;
import io.guardian.core.text.Json;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Keeps the records of one behaviour under one policy to {@value #PER_HOUR} an hour. Further ones only raise the count
 * of the newest stored, and end in one line. Agents do the same for their machine, so a record comes again with a
 * higher count; whoever is told twice is counted once.
 */
final class Hours {
    static final int PER_HOUR = 100;
    /** Records beyond these that tell of somebody's death. */
    static final int DEATHS_PER_HOUR = 1_000;

    static final long HOUR_MICROS = 3_600_000_000L;
    /** How often a raised count is stored. */
    static final long COUNT_EVERY_MICROS = 5_000_000;

    private static final int MAX_KEYS = 100_000;
    private static final int MAX_KNOWN = 500_000;

    private final Map<String, Hour> hours = new LinkedHashMap<>();
    private int known;

    /** How often a record said that it happened, and whether it was stored. */
    private record Told(long count, boolean stored) {}

    /** The hour of one behaviour; it begins with its first record. */
    private static final class Hour {
        private final long startMicros;
        private final Map<String, Told> told = new HashMap<>();
        private int stored;
        private int deaths;
        /** In no record of their own and in no count that an agent sends. */
        private long more;

        private long moreWritten;
        /** In the counts of stored records, as agents raised them. */
        private long raised;

        private long writtenMicros;
        private long lastMicros;
        private Counted newest;

        Hour(long startMicros, Counted first) {
            this.startMicros = startMicros;
            this.newest = first;
        }
    }

    /**
     * Whether a new deviation may be stored; counts it either way.
     *
     * @param deadly whether it tells that a process was killed for it
     */
    boolean admit(Counted found, boolean deadly, long nowMicros) {
        var hour = hour(found, nowMicros);
        var before = hour.told.get(found.id());
        if (before != null) {
            // Refused, and told of again with a higher count; or stored, and what was to be committed was given up.
            count(hour, found, before);
            return before.stored();
        }
        boolean room = hour.stored < PER_HOUR;
        boolean stored = room || deadly && hour.deaths < DEATHS_PER_HOUR;
        if (room) {
            hour.stored++;
            hour.newest = found;
        } else if (stored) {
            hour.deaths++;
        }
        count(hour, found, new Told(stored ? 1 : 0, stored));
        return stored;
    }

    boolean admit(Counted found, long nowMicros) {
        return admit(found, false, nowMicros);
    }

    /**
     * A newer version of what is stored.
     *
     * @return what to store
     */
    Json.Obj again(Counted found) {
        var hour = hours.get(found.key());
        var before = hour == null ? null : hour.told.get(found.id());
        if (hour == null || before == null) {
            return found.entry();
        }
        count(hour, found, before);
        if (!hour.newest.id().equals(found.id())) {
            return found.entry();
        }
        hour.newest = found;
        return hour.more > 0 ? counted(hour) : found.entry();
    }

    private Hour hour(Counted found, long nowMicros) {
        var hour = hours.get(found.key());
        if (hour == null) {
            if (hours.size() >= MAX_KEYS) {
                var oldest = hours.values().iterator();
                known -= oldest.next().told.size();
                oldest.remove();
            }
            hour = new Hour(nowMicros, found);
            hours.put(found.key(), hour);
        }
        return hour;
    }

    private void count(Hour hour, Counted found, Told before) {
        long count = Math.max(1, whole(found.entry(), "count"));
        long fresh = Math.max(0, count - before.count());
        if (before.stored()) {
            hour.raised += fresh;
        } else {
            hour.more += fresh;
        }
        hour.lastMicros = Math.max(hour.lastMicros, found.timeMicros());
        // What can't be remembered is counted again with its next version: rather too much than too little.
        if (known < MAX_KNOWN || hour.told.containsKey(found.id())) {
            known += hour.told.put(found.id(), new Told(Math.max(count, before.count()), before.stored())) == null
                    ? 1
                    : 0;
        }
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
                long unlisted = hour.more + hour.raised;
                if (unlisted > 0) {
                    due.add(new OrgRecord(
                            hour.newest.org(), hour.newest.andMore(hour.startMicros + HOUR_MICROS, unlisted)));
                }
                known -= hour.told.size();
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
