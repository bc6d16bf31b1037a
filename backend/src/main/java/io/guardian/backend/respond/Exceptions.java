package io.guardian.backend.respond;

import io.guardian.backend.apply.Projection;
import io.guardian.backend.ingest.Replay;
import io.guardian.backend.live.Machines;
import io.guardian.backend.meta.VersionedDocuments;
import io.guardian.backend.store.History;
import io.guardian.backend.store.Row;
import io.guardian.core.event.Event;
import io.guardian.core.event.EventReading;
import io.guardian.core.text.Json;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/**
 * Marks red flags that policies explain: those on a process, connection or socket of a workload that at least one live
 * policy is about, in either mode, if every such policy allows it. The mark is made with the flag and stays, whatever
 * becomes of the policies. Flags that Guardian made because of a deviation are never marked; they don't come this way.
 */
public final class Exceptions implements Projection {
    private static final int MAX_FRESH = 50_000;

    private final History history;
    private final Explaining explaining;
    /** What came in this step isn't in the history yet. */
    private final Map<String, Json.Obj> fresh = new HashMap<>();

    private final List<Replay.Item> flags = new ArrayList<>();
    private final AtomicLong marked = new AtomicLong();

    public Exceptions(VersionedDocuments policies, History history, Machines machines) {
        this.history = history;
        this.explaining = new Explaining(policies, new WorkloadSubjects(history, machines), this::event);
    }

    /** Flags that were marked. */
    public long marked() {
        return marked.get();
    }

    @Override
    public boolean take(Replay.Item item) {
        String schema = item.entry().text("schema");
        if (schema.startsWith("event_redflag:")) {
            flags.add(item);
            return false;
        }
        boolean object = schema.startsWith("model_process:")
                || schema.startsWith("model_connection:")
                || schema.startsWith("model_listening_socket:");
        if (object && fresh.size() < MAX_FRESH) {
            fresh.put(key(item.sender().org(), item.entry().text("id")), item.entry());
        }
        return true;
    }

    private static String key(String org, String id) {
        return org + " " + id;
    }

    private Optional<Event> event(String org, String id) {
        if (id.isEmpty()) {
            return Optional.empty();
        }
        var entry = fresh.get(key(org, id));
        if (entry == null) {
            entry = history.byIds(org, List.of(id)).get(id);
        }
        return entry != null && EventReading.of(entry) instanceof EventReading.Read(var event)
                ? Optional.of(event)
                : Optional.empty();
    }

    @Override
    public void flush(Instant now, Consumer<Row> out) {
        for (var item : flags) {
            String org = item.sender().org();
            out.accept(Row.of(org, marked(org, item.entry())));
        }
        flags.clear();
    }

    private Json.Obj marked(String org, Json.Obj flag) {
        boolean guardians = !flag.text("deviation_uid").isEmpty();
        var policies = guardians ? List.<Json>of() : explaining.policiesFor(org, flag.text("ref"));
        if (policies.isEmpty()) {
            return flag.with("false_positive", Json.of(false));
        }
        marked.incrementAndGet();
        var first = (Json.Obj) policies.getFirst();
        return flag.with("false_positive", Json.of(true))
                .with("policy_uid", Json.of(first.text("policy_uid")))
                .with("policy_name", Json.of(first.text("policy_name")))
                .with("policy_mode", Json.of(first.text("policy_mode")))
                .with("exception_policies", new Json.Arr(policies));
    }

    @Override
    public void committed() {
        fresh.clear();
    }

    @Override
    public void abandoned() {
        flags.clear();
        fresh.clear();
    }
}
