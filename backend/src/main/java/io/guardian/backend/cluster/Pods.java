package io.guardian.backend.cluster;

import io.guardian.backend.respond.PodOwners;
import io.guardian.backend.store.Column;
import io.guardian.backend.store.History;
import io.guardian.backend.store.HistoryQuery;
import io.guardian.backend.store.Window;
import io.guardian.core.text.Json;
import java.util.LinkedHashMap;
import java.util.Map;

/** Which controller makes a pod: of the pods seen last from memory, of others from the history. */
public final class Pods implements PodOwners {
    private static final int MAX_RECENT = 20_000;

    private final History history;
    private final Map<String, Owner> recent = new LinkedHashMap<>(16, 0.75f, true);

    public Pods(History history) {
        this.history = history;
    }

    void seen(String org, Json.Obj pod) {
        recent.put(org + " " + pod.text("id"), Owner.of(pod));
        if (recent.size() > MAX_RECENT) {
            recent.remove(recent.keySet().iterator().next());
        }
    }

    @Override
    public Owner of(String org, String podUid) {
        var known = recent.get(org + " " + podUid);
        if (known != null || podUid.isEmpty()) {
            return known == null ? Owner.NONE : known;
        }
        history.scan(HistoryQuery.of(org, "model_k8s_pod", Window.ALL).with(Column.ID, podUid), pod -> {
            seen(org, pod);
            return true;
        });
        return recent.getOrDefault(org + " " + podUid, Owner.NONE);
    }
}
