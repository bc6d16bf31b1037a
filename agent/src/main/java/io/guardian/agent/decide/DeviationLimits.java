package io.guardian.agent.decide;

import io.guardian.core.event.DeviationEvent;
import io.guardian.core.event.Stamp;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Keeps deviations from flooding: one record for each (policy, checksum, object, mode), and of each (policy, checksum,
 * mode) at most 100 an hour; further ones only raise the count of the newest record. Touched by one thread.
 */
public final class DeviationLimits {
    static final int RECORDS_AN_HOUR = 100;
    private static final int SEEN_MAX = 20_000;
    private static final int GROUPS_MAX = 5_000;
    private static final long HOUR_MICROS = 3_600_000_000L;

    private final Map<String, Boolean> seen = new Bounded<>(SEEN_MAX);
    private final Map<String, Group> groups = new Bounded<>(GROUPS_MAX);

    private static final class Bounded<V> extends LinkedHashMap<String, V> {
        private final int most;

        Bounded(int most) {
            super(64, 0.75f, true);
            this.most = most;
        }

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, V> eldest) {
            return size() > most;
        }
    }

    private static final class Group {
        private long hourMicros;
        private int records;
        private boolean raised;
        private Optional<DeviationEvent> newest = Optional.empty();
    }

    /** Whether this very observation was reported before. If not, it is from now on. */
    public boolean isRepeat(Finding finding) {
        return seen.put(groupKey(finding) + ' ' + finding.ref(), true) != null;
    }

    /** Whether the hour has room for one more record like it; if not, it is counted. */
    public boolean hasRoom(Finding finding, long nowMicros) {
        var group = groups.computeIfAbsent(groupKey(finding), key -> new Group());
        if (nowMicros - group.hourMicros >= HOUR_MICROS) {
            group.hourMicros = nowMicros;
            group.records = 0;
        }
        if (group.records < RECORDS_AN_HOUR || group.newest.isEmpty()) {
            group.records++;
            return true;
        }
        group.newest = group.newest.map(event -> counted(event, nowMicros));
        group.raised = true;
        return false;
    }

    /** Notes the record that was made after {@link #hasRoom} agreed. */
    public void made(Finding finding, DeviationEvent event) {
        groups.computeIfAbsent(groupKey(finding), key -> new Group()).newest = Optional.of(event);
    }

    /** New versions of records whose count was raised since the last call. */
    public List<DeviationEvent> raised() {
        var all = new ArrayList<DeviationEvent>();
        for (var group : groups.values()) {
            if (group.raised) {
                group.raised = false;
                group.newest.ifPresent(all::add);
            }
        }
        return all;
    }

    private static String groupKey(Finding finding) {
        return finding.policy().uid()
                + ' '
                + finding.deviation().checksum()
                + ' '
                + finding.policy().mode();
    }

    private static DeviationEvent counted(DeviationEvent event, long nowMicros) {
        var stamp = new Stamp(event.id(), event.version() + 1, nowMicros);
        return new DeviationEvent(
                stamp,
                event.policy(),
                event.checksum(),
                event.ref(),
                event.description(),
                event.shortDescription(),
                event.owner(),
                event.workload(),
                event.deviation(),
                event.inputs(),
                event.count() + 1,
                event.uncertain(),
                event.actions());
    }
}
