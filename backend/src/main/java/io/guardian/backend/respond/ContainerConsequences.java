package io.guardian.backend.respond;

import io.guardian.backend.ingest.Micros;
import io.guardian.backend.store.Column;
import io.guardian.backend.store.History;
import io.guardian.backend.store.HistoryQuery;
import io.guardian.backend.store.Row;
import io.guardian.backend.store.Window;
import io.guardian.core.decide.Deviation;
import io.guardian.core.policy.Action;
import io.guardian.core.policy.PolicyMode;
import io.guardian.core.text.Json;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * What follows from containers that cluster policies deny: the deviation within the limits of an hour, its lines,
 * flags, and pods to be killed. A verdict that was dealt with before has no consequences again, except for actions that
 * its policy takes only since it was changed.
 */
public final class ContainerConsequences {
    private static final int MAX_PUT_OFF = 10_000;
    private static final long LOOK_AGAIN_MICROS = 70_000_000;
    private static final String KILL = "agentKillPod";

    private final History history;
    private final PodKills kills;
    private final Hours hours = new Hours();
    private final DealtWith dealtWith;
    private final List<Verdict> taken = new ArrayList<>();
    private final PriorityQueue<PutOff> putOff = new PriorityQueue<>(Comparator.comparingLong(PutOff::dueMicros));
    private final AtomicLong deviations = new AtomicLong();
    private final AtomicLong beyondLimit = new AtomicLong();
    private final AtomicLong forgotten = new AtomicLong();

    public ContainerConsequences(History history, PodKills kills) {
        this.history = history;
        this.kills = kills;
        this.dealtWith = new DealtWith(history);
    }

    private record Verdict(Denied denied, Occasion occasion) {}

    private record PutOff(long dueMicros, Denied denied, int attempt) {}

    /** Deviations that were stored. */
    public long deviations() {
        return deviations.get();
    }

    /** Deviations that were only counted. */
    public long beyondLimit() {
        return beyondLimit.get();
    }

    /** Kills that were put off, and are not taken up again because there are too many. */
    public long forgotten() {
        return forgotten.get();
    }

    public void denied(Denied denied, Occasion occasion) {
        taken.add(new Verdict(denied, occasion));
    }

    /**
     * @param containers the whole records of containers of an organisation
     * @param holds whether a verdict that was put off still holds
     */
    public void flush(
            Instant now,
            BiFunction<String, Set<String>, Map<String, Json.Obj>> containers,
            Predicate<Denied> holds,
            Consumer<Row> out) {
        long nowMicros = Micros.of(now);
        dealtWith.find(uids(verdict -> !verdict.denied().isNew()));
        var news = taken.stream()
                .filter(verdict -> verdict.occasion() != Occasion.SEEN
                        || !dealtWith.contains(verdict.denied().uid()))
                .toList();
        var due = due(nowMicros, holds);
        var records = records(news, due, containers);
        var done = actionsDone(news);
        for (var verdict : news) {
            var denied = verdict.denied();
            var container = records.get(key(denied));
            if (container != null) {
                var found = new ContainerCase(denied, container, nowMicros);
                if (dealtWith.contains(denied.uid())) {
                    again(found, done.getOrDefault(denied.uid(), Set.of()), out);
                } else {
                    first(found, out);
                }
            }
        }
        for (var each : due) {
            var container = records.get(key(each.denied()));
            if (container != null) {
                kill(
                        new ContainerCase(each.denied(), container, nowMicros),
                        1_000 + 2 * each.attempt(),
                        each.attempt(),
                        out);
            }
        }
        taken.clear();
        hours.due(nowMicros).forEach(record -> out.accept(Row.of(record.org(), record.entry())));
    }

    private Map<String, Set<String>> uids(Predicate<Verdict> wanted) {
        var uids = new HashMap<String, Set<String>>();
        taken.stream()
                .filter(wanted)
                .forEach(verdict -> uids.computeIfAbsent(verdict.denied().org(), _ -> new HashSet<>())
                        .add(verdict.denied().uid()));
        return uids;
    }

    private static String key(Denied denied) {
        return denied.org() + " " + denied.containerUid();
    }

    private static Map<String, Json.Obj> records(
            List<Verdict> news, List<PutOff> due, BiFunction<String, Set<String>, Map<String, Json.Obj>> containers) {
        var ids = new HashMap<String, Set<String>>();
        news.forEach(verdict -> ids.computeIfAbsent(verdict.denied().org(), _ -> new LinkedHashSet<>())
                .add(verdict.denied().containerUid()));
        due.forEach(each -> ids.computeIfAbsent(each.denied().org(), _ -> new LinkedHashSet<>())
                .add(each.denied().containerUid()));
        var records = new HashMap<String, Json.Obj>();
        ids.forEach((org, some) ->
                containers.apply(org, some).forEach((id, record) -> records.put(org + " " + id, record)));
        return records;
    }

    /**
     * The types of the actions that verdicts which were dealt with before have led to. One that was refused counts as
     * taken unless its policy was applied again.
     */
    private Map<String, Set<String>> actionsDone(List<Verdict> news) {
        var refs = new HashMap<String, Set<String>>();
        var applied = new HashSet<String>();
        news.stream()
                .filter(verdict -> verdict.occasion() == Occasion.APPLIED)
                .forEach(verdict -> applied.add(verdict.denied().uid()));
        news.stream()
                .filter(verdict -> dealtWith.contains(verdict.denied().uid()))
                .forEach(verdict -> refs.computeIfAbsent(verdict.denied().org(), _ -> new HashSet<>())
                        .add(verdict.denied().containerUid()));
        var done = new HashMap<String, Set<String>>();
        refs.forEach((org, some) -> history.scan(
                HistoryQuery.of(org, "event_log:guardian_action", Window.ALL).with(Column.REF, some), line -> {
                    String uid = line.text("deviation_uid");
                    var types = done.computeIfAbsent(uid, _ -> new HashSet<>());
                    boolean refused = line.text("message").startsWith("Failed ");
                    types.add(refused && applied.contains(uid) ? "" : line.text("action"));
                    return true;
                }));
        return done;
    }

    private void first(ContainerCase found, Consumer<Row> out) {
        dealtWith.add(found.denied().uid());
        var actions = selected(found);
        if (hours.admit(found, found.atMicros())) {
            deviations.incrementAndGet();
            out.accept(Row.of(found.org(), found.entry()));
            out.accept(Row.of(found.org(), found.deviationLine()));
            for (int i = 0; i < actions.size(); i++) {
                take(found, actions.get(i), 1 + 2 * i, out);
            }
        } else {
            beyondLimit.incrementAndGet();
            // Actions are not limited by what is written down.
            actions.stream().filter(Action.KillPod.class::isInstance).forEach(_ -> kill(found, 1, 0, _ -> {}));
        }
    }

    /** The policy was changed: what it takes now and did not take before is taken. */
    private void again(ContainerCase found, Set<String> done, Consumer<Row> out) {
        var actions = selected(found);
        int version =
                Math.toIntExact(Math.min(1_000_000, found.denied().policy().version()));
        for (int i = 0; i < actions.size(); i++) {
            if (!done.isEmpty() && !done.contains(actions.get(i).type())) {
                take(found, actions.get(i), 1 + 2 * i + 100 * version, out);
            }
        }
    }

    private static List<Action> selected(ContainerCase found) {
        return found.denied()
                .policy()
                .responses()
                .select(found.denied().object(), Deviation.Kind.PROCESS)
                .actions();
    }

    private void take(ContainerCase found, Action action, int number, Consumer<Row> out) {
        if (found.denied().policy().mode() == PolicyMode.AUDIT) {
            out.accept(Row.of(found.org(), found.begun(number, action.type(), "")));
            return;
        }
        switch (action) {
            case Action.MakeRedFlag flag -> {
                out.accept(Row.of(found.org(), found.begun(number, action.type(), "")));
                out.accept(Row.of(found.org(), found.redFlag(flag)));
            }
            case Action.MakeOpsFlag flag -> {
                out.accept(Row.of(found.org(), found.begun(number, action.type(), "")));
                out.accept(Row.of(found.org(), found.opsFlag(flag)));
            }
            case Action.KillPod() -> kill(found, number, 0, out);
            case Action.KillProcess(), Action.KillProcessGroup(), Action.KillProcessTree(), Action.ReniceProcess _ -> {
                // Cluster policies can't take these; they are never selected.
            }
        }
    }

    private void kill(ContainerCase found, int number, int attempt, Consumer<Row> out) {
        var denied = found.denied();
        var want = new PodKills.Want(
                found.org(), denied.policy().uid(), denied.policy().name(), found.container(), denied.uid());
        switch (kills.want(want)) {
            case PodKills.Decision.Queued(var uid, var controller) -> {
                out.accept(Row.of(found.org(), found.begun(number, KILL, uid)));
                // Looked at again when it must have ended: if no monitor took it, it is asked for once more.
                putOff(found.atMicros() + LOOK_AGAIN_MICROS, denied, attempt + 1);
                controller.ifPresent(owner -> out.accept(Row.of(found.org(), found.controllerFlag(owner))));
            }
            case PodKills.Decision.Repeated() -> {}
            case PodKills.Decision.Refused(var uid, var why) ->
                out.accept(Row.of(found.org(), found.failed(number + 1, KILL, why, uid)));
            case PodKills.Decision.Later(var uid, var why, var until) -> {
                out.accept(Row.of(found.org(), found.failed(number + 1, KILL, why, uid)));
                putOff(until, denied, attempt + 1);
            }
        }
    }

    private void putOff(long dueMicros, Denied denied, int attempt) {
        if (putOff.size() < MAX_PUT_OFF) {
            putOff.add(new PutOff(dueMicros, denied, attempt));
        } else {
            forgotten.incrementAndGet();
        }
    }

    private List<PutOff> due(long nowMicros, Predicate<Denied> holds) {
        var due = new ArrayList<PutOff>();
        for (var first = Optional.ofNullable(putOff.peek());
                first.isPresent() && first.get().dueMicros() <= nowMicros;
                first = Optional.ofNullable(putOff.peek())) {
            var each = putOff.remove();
            if (holds.test(each.denied())) {
                due.add(each);
            }
        }
        return due;
    }

    public void committed() {
        dealtWith.committed();
        kills.carryOut();
    }

    /** What was to be queued stays so: it is queued once, however often it is asked for. */
    public void abandoned() {
        taken.clear();
        dealtWith.abandoned();
    }
}
