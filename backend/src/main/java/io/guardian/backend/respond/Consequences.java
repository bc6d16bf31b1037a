package io.guardian.backend.respond;

import io.guardian.backend.apply.Projection;
import io.guardian.backend.ingest.Micros;
import io.guardian.backend.ingest.Replay;
import io.guardian.backend.live.Machines;
import io.guardian.backend.store.Column;
import io.guardian.backend.store.History;
import io.guardian.backend.store.HistoryQuery;
import io.guardian.backend.store.Row;
import io.guardian.backend.store.Window;
import io.guardian.core.event.DeviationEvent;
import io.guardian.core.event.EventReading;
import io.guardian.core.event.Seconds;
import io.guardian.core.text.Json;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/**
 * Stores deviations within their limits and adds what follows from them.
 *
 * <p>A deviation that was dealt with before has its first line in the history; that is how a repeat, a replay or a
 * deviation sent again after the agent's own restart is told from a new one.
 */
public final class Consequences implements Projection {
    private static final int MAX_RECENT = 200_000;
    private static final String KILLS = "agentKill";

    private final PolicyLibrary policies;
    private final History history;
    private final WorkloadSubjects subjects;
    private final Rejudging rejudging;
    private final Effects effects;
    private final Hours hours = new Hours();
    private final RecentIds dealtWith = new RecentIds(MAX_RECENT);
    private final Set<String> uncommitted = new HashSet<>();
    private final List<Taken> taken = new ArrayList<>();
    private final AtomicLong unknownPolicies = new AtomicLong();
    private final AtomicLong beyondLimit = new AtomicLong();

    public Consequences(
            PolicyLibrary policies, History history, Machines machines, Rejudging rejudging, Effects effects) {
        this.policies = policies;
        this.history = history;
        this.subjects = new WorkloadSubjects(history, machines);
        this.rejudging = rejudging;
        this.effects = effects;
    }

    private record Taken(Replay.Item item, DeviationEvent event) {}

    /** Deviations from policies that the organisation doesn't have: stored, and nothing else. */
    public long unknownPolicies() {
        return unknownPolicies.get();
    }

    /** Deviations that were only counted. */
    public long beyondLimit() {
        return beyondLimit.get();
    }

    /** Counts what was stored in the last hour; to be called before the first record. */
    public void restore(List<String> organisations, Instant now) {
        double end = now.toEpochMilli() / 1e3;
        for (String org : organisations) {
            var query = HistoryQuery.of(org, "event_deviation", new Window(end - 3_600, end + 3_600))
                    .withOrder(HistoryQuery.Order.TIME_THEN_ID);
            history.scan(query, entry -> {
                if (EventReading.of(entry) instanceof EventReading.Read(DeviationEvent event)) {
                    dealtWith.add(event.id());
                    asCase(org, "", entry, event).ifPresent(found -> hours.admit(found, event.timeMicros()));
                }
                return true;
            });
        }
    }

    @Override
    public boolean take(Replay.Item item) {
        var entry = item.entry();
        String schema = entry.text("schema");
        if (schema.startsWith("model_container:")) {
            subjects.container(item.sender().org(), entry);
        }
        if (!schema.startsWith("event_deviation:")
                || !(EventReading.of(entry) instanceof EventReading.Read(DeviationEvent event))) {
            return true;
        }
        taken.add(new Taken(item, event));
        return false;
    }

    @Override
    public void flush(Instant now, Consumer<Row> out) {
        findDealtWith();
        for (Taken each : taken) {
            dealWith(each, out);
        }
        taken.clear();
        for (var due : hours.due(Micros.of(now))) {
            out.accept(Row.of(due.org(), due.entry()));
        }
    }

    /** One look into the history for all that are not remembered. */
    private void findDealtWith() {
        var byOrg = new java.util.HashMap<String, Set<String>>();
        for (Taken each : taken) {
            if (!dealtWith.contains(each.event().id())) {
                byOrg.computeIfAbsent(each.item().sender().org(), _ -> new HashSet<>())
                        .add(firstLine(each.event()));
            }
        }
        byOrg.forEach((org, ids) -> history.scan(
                HistoryQuery.of(org, "event_log:guardian_deviation", Window.ALL).with(Column.ID, ids), line -> {
                    dealtWith.add(line.text("deviation_uid"));
                    return true;
                }));
    }

    private static String firstLine(DeviationEvent event) {
        return Case.lineId(event.id(), 0);
    }

    private void dealWith(Taken each, Consumer<Row> out) {
        var item = each.item();
        var event = each.event();
        String org = item.sender().org();
        var found = asCase(org, item.sender().uid(), item.entry(), event);
        if (found.isEmpty()) {
            unknownPolicies.incrementAndGet();
            out.accept(Row.of(org, item.entry()));
            return;
        }
        boolean first = !dealtWith.contains(event.id()) && !uncommitted.contains(event.id());
        if (first && !hours.admit(found.get(), isDeadly(event), item.receivedMicros())) {
            beyondLimit.incrementAndGet();
            effects.reported(found.get());
            return;
        }
        uncommitted.add(event.id());
        out.accept(Row.of(org, first ? found.get().entry() : hours.again(found.get())));
        var outcome = Responding.to(found.get(), subjects.of(found.get()), first);
        outcome.records().forEach(entry -> out.accept(Row.of(org, entry)));
        if (first) {
            rejudging.check(found.get()).ifPresent(alarm -> out.accept(Row.of(org, alarm)));
            outcome.podKills()
                    .forEach(line -> effects.killPod(found.get(), line, container(found.get()))
                            .forEach(entry -> out.accept(Row.of(org, entry))));
        }
        effects.reported(found.get());
    }

    /** Whether a process was killed for it: that is always listed. */
    private static boolean isDeadly(DeviationEvent event) {
        return event.actions().stream()
                .anyMatch(action -> action.resultCode() == 0 && action.type().startsWith(KILLS));
    }

    private Json.Obj container(Case found) {
        return subjects.containerOf(found.org(), found.event().owner().containerUid());
    }

    /** Empty when the organisation has no such policy. The record gets what the agent can't know. */
    private Optional<Case> asCase(String org, String agentUid, Json.Obj entry, DeviationEvent event) {
        var ref = event.policy();
        return policies.find(org, ref.uid(), ref.version()).map(policy -> {
            var container = subjects.containerOf(org, event.owner().containerUid());
            var full = entry.with("policy_name", Json.of(policy.policy().name()))
                    .with("original_schema", Json.of(entry.text("schema")))
                    .with("last_time", Seconds.json(event.timeMicros()));
            String pod = container.text("pod_name");
            return new Case(org, agentUid, event, pod.isEmpty() ? full : full.with("pod_name", Json.of(pod)), policy);
        });
    }

    @Override
    public void committed() {
        uncommitted.forEach(dealtWith::add);
        uncommitted.clear();
        effects.carryOut();
    }

    /** Effects stay: they are carried out once, however often they are asked for. */
    @Override
    public void abandoned() {
        taken.clear();
        uncommitted.clear();
    }
}
