package io.guardian.agent.decide;

import io.guardian.agent.attribute.KeptState;
import io.guardian.core.event.DeviationEvent;
import io.guardian.core.policy.Patch;
import java.io.IOException;
import java.util.ArrayList;
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
 * sum of all counts is the number of deviations. An hour goes on over a restart. Touched by one thread.
 */
public final class DeviationLimits {
    static final int RECORDS_OF_ONE = 100;
    static final int KINDS_OF_PLACE = 256;
    static final int KINDS = 1_000;
    static final int RECORDS = 2_000;
    private static final int GROUPS_MAX = 5_000;
    private static final int ROOMS_MAX = 2_000;
    private static final String BEHAVIOUR = "lg:";
    private static final String WORKLOAD = "lr:";

    private final Map<String, Account.OfBehaviour> groups = new KeptAccounts.Bounded<>(GROUPS_MAX);
    private final Map<String, Account.OfWorkload> rooms = new KeptAccounts.Bounded<>(ROOMS_MAX);
    private final KeptAccounts kept = new KeptAccounts(2 * GROUPS_MAX);
    // Those that the tables above had no place for any more are still in it.
    private final Set<Account> raised = new LinkedHashSet<>();
    private long latestMicros;

    /** Whether it may have a record of its own; if not, {@link #count} it. */
    public boolean hasRoom(Finding finding, long nowMicros) {
        var room = room(finding, nowMicros);
        return group(finding, nowMicros)
                .map(group -> !group.isFull() && room.records() < RECORDS)
                .orElseGet(() -> room.hasKind(place(finding))
                        || room.others(place(finding)).isEmpty());
    }

    /** Notes its record. */
    public void made(Finding finding, DeviationEvent event, long nowMicros) {
        latestMicros = Math.max(latestMicros, nowMicros);
        var room = room(finding, nowMicros);
        String where = place(finding);
        var group = group(finding, nowMicros);
        if (group.isEmpty()) {
            if (room.hasKind(where)) {
                group = Optional.of(new Account.OfBehaviour(groupKey(finding), nowMicros));
                groups.put(group.get().key(), group.get());
            }
            // Before what is of it: so they are written, and read.
            kept.changed(room);
            kept.changed(room.made(where, event));
        }
        group.ifPresent(behaviour -> {
            behaviour.madeRecord();
            behaviour.standsFor(event);
            kept.changed(behaviour);
        });
        room.madeRecord();
        kept.changed(room);
    }

    /** Counts it in the record that stands for it; there is one if {@link #hasRoom} said no. */
    public void count(Finding finding, long nowMicros) {
        latestMicros = Math.max(latestMicros, nowMicros);
        var account = group(finding, nowMicros)
                .<Account>map(group -> group)
                .or(() -> room(finding, nowMicros).others(place(finding)))
                .orElseThrow();
        account.tally().orElseThrow().count(finding.deviation().checksum(), nowMicros);
        raised.add(account);
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

    private static String groupKey(Finding finding) {
        var policy = finding.policy();
        return BEHAVIOUR + policy.uid() + ' ' + finding.deviation().checksum() + ' ' + policy.mode();
    }

    private static String roomKey(Finding finding) {
        var policy = finding.policy();
        String workload = finding.instance().workload().key().text();
        return WORKLOAD
                + policy.uid()
                + ' '
                + policy.mode()
                + ' '
                + finding.deviation().kind()
                + ' '
                + workload;
    }

    private Optional<Account.OfBehaviour> group(Finding finding, long nowMicros) {
        return Optional.ofNullable(groups.get(groupKey(finding))).filter(group -> !group.isOver(nowMicros));
    }

    private Account.OfWorkload room(Finding finding, long nowMicros) {
        return rooms.compute(
                roomKey(finding),
                (key, room) -> room == null || room.isOver(nowMicros) ? new Account.OfWorkload(key, nowMicros) : room);
    }

    /** New versions of records whose count was raised since the last call. */
    public List<DeviationEvent> raised() {
        var all = new ArrayList<DeviationEvent>(raised.size());
        raised.forEach(account -> {
            all.add(account.tally().orElseThrow().raise());
            kept.changed(account);
        });
        raised.clear();
        return all;
    }

    /** What changed since the last call, to be written with what {@link #raised} gave. */
    public void changes(KeptState.Sink to) throws IOException {
        kept.changes(to);
    }

    /** All that counts now, for a file written anew. */
    public void everything(KeptState.Sink to) throws IOException {
        var all = new ArrayList<Account>(groups.values());
        for (var room : rooms.values()) {
            all.add(room);
            all.addAll(room.places());
        }
        all.removeIf(account -> account.isOver(latestMicros));
        kept.everything(all, to);
    }

    /**
     * Puts back what an earlier run of this boot wrote, entry by entry in the order in which it was written.
     *
     * @return whether the entry is one of these
     */
    public boolean take(String key, String value) {
        if (kept.takeRecord(key, value)) {
            return true;
        }
        boolean behaviour = key.startsWith(BEHAVIOUR);
        boolean room = key.startsWith(WORKLOAD);
        var place = Account.OfWorkload.ofPlace(key);
        KeptAccounts.numbers(value).ifPresent(numbers -> {
            latestMicros = Math.max(latestMicros, numbers.sinceMicros());
            if (behaviour && kept.hasRecord(key)) {
                var group = new Account.OfBehaviour(key, numbers.sinceMicros());
                kept.restore(group, numbers);
                groups.put(key, group);
            } else if (room) {
                kept.restore(workload(key, numbers), numbers);
            }
            place.map(rooms::get)
                    .filter(of -> of.sinceMicros() == numbers.sinceMicros())
                    .ifPresent(of -> kept.restore(of.placeOfKey(key), numbers));
        });
        return behaviour || room || key.startsWith(Account.OfWorkload.PLACE);
    }

    /** The account of the hour that these numbers are of. */
    private Account.OfWorkload workload(String key, KeptAccounts.Numbers numbers) {
        return rooms.compute(
                key,
                (_, before) -> before != null && before.sinceMicros() == numbers.sinceMicros()
                        ? before
                        : new Account.OfWorkload(key, numbers.sinceMicros()));
    }
}
