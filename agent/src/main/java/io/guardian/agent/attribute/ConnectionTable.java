package io.guardian.agent.attribute;

import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The connections that live. Pairs of UDP are also kept in the order of their last sign of life and by their socket: a
 * server may have very many, and neither the end of a socket nor that of a silent pair may cost a look at all of them.
 * Touched by the pipeline's thread.
 */
final class ConnectionTable {
    /** About 0.7 KB each, of the 32 MB that the agent has for all. */
    static final int CONNECTIONS_MAX = 8_192;

    private final Map<NetworkTracker.Key, LiveConnection> all = new HashMap<>();
    private final LinkedHashMap<NetworkTracker.Key, LiveConnection> pairs = new LinkedHashMap<>();
    private final Map<Long, Set<NetworkTracker.Key>> pairsOfSocket = new HashMap<>();

    Optional<LiveConnection> find(NetworkTracker.Key key) {
        return Optional.ofNullable(all.get(key));
    }

    boolean contains(NetworkTracker.Key key) {
        return all.containsKey(key);
    }

    boolean isFull() {
        return all.size() >= CONNECTIONS_MAX;
    }

    void put(NetworkTracker.Key key, LiveConnection connection) {
        all.put(key, connection);
        if (key.remote().isPresent()) {
            pairs.putLast(key, connection);
            pairsOfSocket.computeIfAbsent(key.cookie(), _ -> new HashSet<>(2)).add(key);
        }
    }

    Optional<LiveConnection> remove(NetworkTracker.Key key) {
        if (pairs.remove(key) != null) {
            pairsOfSocket.computeIfPresent(key.cookie(), (_, keys) -> {
                keys.remove(key);
                return keys.isEmpty() ? null : keys;
            });
        }
        return Optional.ofNullable(all.remove(key));
    }

    /** Notes a sign of life. */
    void seen(NetworkTracker.Key key, LiveConnection connection, long bootNanos) {
        connection.seen(bootNanos);
        if (key.remote().isPresent()) {
            pairs.putLast(key, connection);
        }
    }

    /** The pairs of a socket of UDP. */
    List<NetworkTracker.Key> pairsOf(long cookie) {
        return List.copyOf(pairsOfSocket.getOrDefault(cookie, Set.of()));
    }

    /** The pair that has been silent for longest. */
    Optional<NetworkTracker.Key> mostSilent() {
        return pairs.isEmpty()
                ? Optional.empty()
                : Optional.of(pairs.firstEntry().getKey());
    }

    /** The pairs that have been silent since before this moment. */
    List<NetworkTracker.Key> silentSince(long bootNanos) {
        var silent = new java.util.ArrayList<NetworkTracker.Key>();
        for (Iterator<Map.Entry<NetworkTracker.Key, LiveConnection>> each =
                        pairs.entrySet().iterator();
                each.hasNext(); ) {
            var pair = each.next();
            if (pair.getValue().lastSeenBootNanos() >= bootNanos) {
                break;
            }
            silent.add(pair.getKey());
        }
        return silent;
    }

    Map<NetworkTracker.Key, LiveConnection> all() {
        return Collections.unmodifiableMap(all);
    }
}
