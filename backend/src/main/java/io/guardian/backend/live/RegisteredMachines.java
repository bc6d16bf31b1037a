package io.guardian.backend.live;

import io.guardian.backend.meta.Sources;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/** Names of machines as their agents registered them; looked up again after a while, since sources can be renamed. */
public final class RegisteredMachines implements Machines {
    private static final Duration FRESH = Duration.ofSeconds(10);
    private static final int MAX_KEPT = 10_000;

    private final Sources sources;
    private final Clock clock;
    private final Map<String, Known> kept = new LinkedHashMap<>(16, 0.75f, true);

    public RegisteredMachines(Sources sources, Clock clock) {
        this.sources = sources;
        this.clock = clock;
    }

    private record Known(Names names, Instant until) {}

    @Override
    public synchronized Names of(String org, String muid) {
        var now = clock.instant();
        String key = org + " " + muid;
        var known = kept.get(key);
        if (known != null && now.isBefore(known.until())) {
            return known.names();
        }
        var names = sources.get(org, muid)
                .map(source -> new Names(source.runtimeDetails().text("hostname"), source.name()))
                .orElse(new Names("", ""));
        kept.put(key, new Known(names, now.plus(FRESH)));
        if (kept.size() > MAX_KEPT) {
            kept.remove(kept.keySet().iterator().next());
        }
        return names;
    }
}
