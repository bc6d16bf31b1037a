package io.guardian.backend.live;

import io.guardian.backend.store.Column;
import io.guardian.backend.store.History;
import io.guardian.backend.store.HistoryQuery;
import io.guardian.backend.store.Window;
import io.guardian.core.event.Event;
import io.guardian.core.event.EventReading;
import io.guardian.core.text.Json;
import java.time.Clock;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Finds in the history what a workload did before this start of the server. */
public final class Restoring {
    private static final int MAX_OVER = 100_000;
    private static final List<String> PARTS =
            List.of("model_container", "model_process", "model_listening_socket", "model_connection");

    private final History history;
    private final Supplier<List<String>> organisations;
    private final Clock clock;
    private final Set<String> known = new HashSet<>();

    /** @param organisations gives the uids of all organisations */
    public Restoring(History history, Supplier<List<String>> organisations, Clock clock) {
        this.history = history;
        this.organisations = organisations;
        this.clock = clock;
    }

    /** Workloads that have a container or process alive now: their uids, each with its organisation. */
    Map<String, String> alive() {
        double now = clock.millis() / 1e3;
        var alive = new LinkedHashMap<String, String>();
        organisations
                .get()
                .forEach(org -> history.scan(
                        HistoryQuery.of(org, List.of("model_container", "model_process"), new Window(now, now + 3600))
                                .with(Column.STATUS, "active"),
                        found -> {
                            String uid = found.text("fingerprint_uid");
                            if (!uid.isEmpty()) {
                                alive.put(uid, org);
                            }
                            return true;
                        }));
        known.addAll(alive.keySet());
        return alive;
    }

    /** Remembers that this workload was forgotten, and must be read again if more of it comes. */
    void over(String uid) {
        if (known.size() < MAX_OVER) {
            known.add(uid);
        }
    }

    /** Remembers that this workload, which was just taken out of the tracked ones, must be read again. */
    void again(String uid) {
        known.add(uid);
    }

    /** Gives the events of a workload that has a past; nothing for a new one. */
    void records(String org, String uid, Consumer<Event> each) {
        if (!known.remove(uid)) {
            return;
        }
        for (String part : PARTS) {
            var query = HistoryQuery.of(org, part, Window.ALL)
                    .with(Column.FINGERPRINT_UID, uid)
                    .withAllVersions()
                    .withOrder(HistoryQuery.Order.TIME_THEN_ID);
            history.scan(query, found -> {
                give(found, each);
                return true;
            });
        }
    }

    private static void give(Json.Obj found, Consumer<Event> each) {
        if (EventReading.of(asSent(found)) instanceof EventReading.Read(Event event)) {
            each.accept(event);
        }
    }

    /**
     * A container of a cluster is stored under a version of the server's own; its machine goes on from the one it sent.
     */
    private static Json.Obj asSent(Json.Obj found) {
        return found.object("halves")
                .object("runtime")
                .number("version")
                .map(version -> found.with("version", version))
                .orElse(found);
    }
}
