package io.guardian.backend.respond;

import io.guardian.backend.store.Column;
import io.guardian.backend.store.History;
import io.guardian.backend.store.HistoryQuery;
import io.guardian.backend.store.Window;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Which deviations were dealt with before: their first line is in the history. That tells a repeat, a replay and a
 * verdict made again after a restart from a new one.
 */
final class DealtWith {
    private static final int MAX_RECENT = 200_000;

    private final History history;
    private final RecentIds recent = new RecentIds(MAX_RECENT);
    private final Set<String> uncommitted = new HashSet<>();

    DealtWith(History history) {
        this.history = history;
    }

    /** One look into the history for all that are not remembered. */
    void find(Map<String, Set<String>> uidsByOrg) {
        uidsByOrg.forEach((org, uids) -> {
            var lines = uids.stream()
                    .filter(uid -> !contains(uid))
                    .map(uid -> Case.lineId(uid, 0))
                    .toList();
            if (!lines.isEmpty()) {
                history.scan(
                        HistoryQuery.of(org, "event_log:guardian_deviation", Window.ALL)
                                .with(Column.ID, lines),
                        line -> {
                            recent.add(line.text("deviation_uid"));
                            return true;
                        });
            }
        });
    }

    boolean contains(String uid) {
        return recent.contains(uid) || uncommitted.contains(uid);
    }

    void add(String uid) {
        uncommitted.add(uid);
    }

    void committed() {
        uncommitted.forEach(recent::add);
        uncommitted.clear();
    }

    void abandoned() {
        uncommitted.clear();
    }
}
