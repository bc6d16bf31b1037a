package io.guardian.backend.respond;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How often the pods of each controller were killed and made anew. A controller makes a killed pod anew at once, with
 * the image that is denied; without a wait that would never end.
 */
final class OwnerRounds {
    private static final int MAX_OWNERS = 20_000;

    private final KillLimits limits;
    private final Map<String, Rounds> owners = new LinkedHashMap<>(16, 0.75f, true);

    OwnerRounds(KillLimits limits) {
        this.limits = limits;
    }

    private record Rounds(int count, long lastMicros) {
        static final Rounds NONE = new Rounds(0, 0);
    }

    /**
     * From when on a pod may be killed; a pod that is older than the last kill was not made anew because of it.
     *
     * @param key of the controller, empty for a pod that has none
     */
    long allowedMicros(String key, long podFromMicros, long nowMicros) {
        var rounds = current(key, nowMicros);
        return rounds.count() == 0 || podFromMicros < rounds.lastMicros()
                ? nowMicros
                : rounds.lastMicros() + micros(limits.waitAfter(rounds.count()));
    }

    /** Notes a kill. Returns whether it is the first of the last round that comes without a wait. */
    boolean killed(String key, long podFromMicros, long nowMicros) {
        if (key.isEmpty()) {
            return false;
        }
        var rounds = current(key, nowMicros);
        boolean anew = rounds.count() == 0 || podFromMicros >= rounds.lastMicros();
        var after = new Rounds(rounds.count() + (anew ? 1 : 0), nowMicros);
        owners.put(key, after);
        if (owners.size() > MAX_OWNERS) {
            owners.remove(owners.keySet().iterator().next());
        }
        return anew && after.count() == limits.freeRounds();
    }

    int rounds(String key) {
        return owners.getOrDefault(key, Rounds.NONE).count();
    }

    private Rounds current(String key, long nowMicros) {
        var rounds = key.isEmpty() ? Rounds.NONE : owners.getOrDefault(key, Rounds.NONE);
        boolean old = nowMicros - rounds.lastMicros() > 6 * micros(limits.longestWait());
        return old ? Rounds.NONE : rounds;
    }

    private static long micros(java.time.Duration duration) {
        return duration.toMillis() * 1_000;
    }
}
