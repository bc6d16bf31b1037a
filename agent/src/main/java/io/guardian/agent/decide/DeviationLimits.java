package io.guardian.agent.decide;

import io.guardian.core.decide.Deviation;
import io.guardian.core.event.DeviationEvent;
import io.guardian.core.policy.Patch;
import io.guardian.core.policy.PolicyMode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Keeps deviations from flooding without losing the count of any. Within an hour,
 *
 * <ul>
 *   <li>one behaviour (policy, checksum, mode) has {@value #RECORDS_OF_ONE} records; further ones raise the count of
 *       its newest;
 *   <li>behaviours that differ only in what whoever floods can choose at will, such as the address of a peer or the
 *       name of a program, have records for {@value #KINDS_OF_PLACE} of them;
 *   <li>one workload has records of {@value #KINDS} behaviours under a policy in one mode, and {@value #RECORDS} in
 *       all, for processes, sockets and each direction of connections by itself: what strangers do to a listener must
 *       not take the room of what a process does.
 * </ul>
 *
 * The first of a behaviour beyond these gets a record, and all further ones raise the count of that, as others. So the
 * sum of all counts is the number of deviations. Touched by one thread.
 */
public final class DeviationLimits {
    static final int RECORDS_OF_ONE = 100;
    static final int KINDS_OF_PLACE = 256;
    static final int KINDS = 1_000;
    static final int RECORDS = 2_000;
    private static final int GROUPS_MAX = 5_000;
    private static final int ROOMS_MAX = 2_000;
    private static final long HOUR_MICROS = 3_600_000_000L;

    private final Map<GroupKey, Group> groups = new Bounded<>(GROUPS_MAX);
    private final Map<RoomKey, Room> rooms = new Bounded<>(ROOMS_MAX);
    // Those that the tables above had no place for any more are still in it.
    private final Set<Tally> raised = new LinkedHashSet<>();

    private static final class Bounded<K, V> extends LinkedHashMap<K, V> {
        private final int most;

        Bounded(int most) {
            super(64, 0.75f, true);
            this.most = most;
        }

        @Override
        protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
            return size() > most;
        }
    }

    private record GroupKey(String policy, String checksum, PolicyMode mode) {
        static GroupKey of(Finding finding) {
            return new GroupKey(
                    finding.policy().uid(),
                    finding.deviation().checksum(),
                    finding.policy().mode());
        }
    }

    private record RoomKey(String policy, PolicyMode mode, String workload, Deviation.Kind kind) {
        static RoomKey of(Finding finding) {
            return new RoomKey(
                    finding.policy().uid(),
                    finding.policy().mode(),
                    finding.instance().workload().key().text(),
                    finding.deviation().kind());
        }
    }

    /** One behaviour in its hour. */
    private static final class Group {
        private final long sinceMicros;
        private final Tally tally;
        private int records;

        Group(long sinceMicros, DeviationEvent first) {
            this.sinceMicros = sinceMicros;
            this.tally = new Tally(first);
            this.records = 1;
        }
    }

    /** Behaviours of a workload at one place: of one process, at one port. */
    private static final class Place {
        private int kinds;
        private Optional<Tally> others = Optional.empty();
    }

    /** What one workload may still have records of in its hour. */
    private static final class Room {
        private final long sinceMicros;
        private final Map<String, Place> places = new HashMap<>();
        private int kinds;
        private int records;
        private Optional<Tally> others = Optional.empty();

        Room(long sinceMicros) {
            this.sinceMicros = sinceMicros;
        }

        boolean isFull() {
            return kinds >= KINDS || records >= RECORDS;
        }

        boolean hasKind(String where) {
            var place = places.get(where);
            return !isFull() && (place == null || place.kinds < KINDS_OF_PLACE);
        }

        /** The record that counts what has none at this place; absent if it is to be made. */
        Optional<Tally> others(String where) {
            var place = places.get(where);
            var here = place == null ? Optional.<Tally>empty() : place.others;
            return here.isPresent() || !isFull() ? here : others;
        }

        void made(String where, DeviationEvent event) {
            if (hasKind(where)) {
                kinds++;
                places.computeIfAbsent(where, key -> new Place()).kinds++;
            } else if (others(where).isEmpty()) {
                var tally = Optional.of(new Tally(event));
                if (isFull()) {
                    others = tally;
                } else {
                    places.computeIfAbsent(where, key -> new Place()).others = tally;
                }
            }
        }
    }

    /** Whether it may have a record of its own; if not, {@link #count} it. */
    public boolean hasRoom(Finding finding, long nowMicros) {
        var room = room(finding, nowMicros);
        return group(finding, nowMicros)
                .map(group -> group.records < RECORDS_OF_ONE && room.records < RECORDS)
                .orElseGet(() -> room.hasKind(place(finding))
                        || room.others(place(finding)).isEmpty());
    }

    /** Notes its record. */
    public void made(Finding finding, DeviationEvent event, long nowMicros) {
        var room = room(finding, nowMicros);
        var group = group(finding, nowMicros);
        if (group.isPresent()) {
            group.get().records++;
            group.get().tally.standsFor(event);
        } else {
            if (room.hasKind(place(finding))) {
                groups.put(GroupKey.of(finding), new Group(nowMicros, event));
            }
            room.made(place(finding), event);
        }
        room.records++;
    }

    /** Counts it in the record that stands for it; there is one if {@link #hasRoom} said no. */
    public void count(Finding finding, long nowMicros) {
        var tally = group(finding, nowMicros)
                .map(found -> found.tally)
                .or(() -> room(finding, nowMicros).others(place(finding)))
                .orElseThrow();
        tally.count(finding.deviation().checksum(), nowMicros);
        raised.add(tally);
    }

    /** What in a behaviour is not for whoever floods to choose: the node it hangs below, and ports. */
    private static String place(Finding finding) {
        var patch = finding.deviation().patch();
        var anchor = patch.processes().stream()
                .map(item -> switch (item) {
                    case Patch.Item.Root root -> "";
                    case Patch.Item.Below below -> below.id();
                })
                .collect(Collectors.joining(","));
        var ports = Stream.concat(patch.egress().stream(), patch.ingress().stream())
                .map(entry -> entry.ports().toString())
                .collect(Collectors.joining(","));
        return anchor + ' ' + ports;
    }

    private Optional<Group> group(Finding finding, long nowMicros) {
        return Optional.ofNullable(groups.get(GroupKey.of(finding)))
                .filter(group -> nowMicros - group.sinceMicros < HOUR_MICROS);
    }

    private Room room(Finding finding, long nowMicros) {
        var room = rooms.computeIfAbsent(RoomKey.of(finding), key -> new Room(nowMicros));
        if (nowMicros - room.sinceMicros < HOUR_MICROS) {
            return room;
        }
        var next = new Room(nowMicros);
        rooms.put(RoomKey.of(finding), next);
        return next;
    }

    /** New versions of records whose count was raised since the last call. */
    public List<DeviationEvent> raised() {
        var all = new ArrayList<DeviationEvent>(raised.size());
        raised.forEach(tally -> all.add(tally.raise()));
        raised.clear();
        return all;
    }
}
