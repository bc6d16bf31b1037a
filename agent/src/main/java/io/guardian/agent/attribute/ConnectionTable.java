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

    private final Map<ConnectionKey, LiveConnection> all = new HashMap<>();
    private final LinkedHashMap<ConnectionKey, LiveConnection> pairs = new LinkedHashMap<>();
    private final Map<Long, Set<ConnectionKey>> pairsOfSocket = new HashMap<>();

    Optional<LiveConnection> find(ConnectionKey key) {
        return Optional.ofNullable(all.get(key));
    }

    boolean contains(ConnectionKey key) {
        return all.containsKey(key);
    }

    boolean isFull() {
        return all.size() >= CONNECTIONS_MAX;
    }

    void put(ConnectionKey key, LiveConnection connection) {
        all.put(key, connection);
        if (key.remote().isPresent()) {
            pairs.putLast(key, connection);
            pairsOfSocket.computeIfAbsent(key.cookie(), _ -> new HashSet<>(2)).add(key);
        }
    }

    Optional<LiveConnection> remove(ConnectionKey key) {
        if (pairs.remove(key) != null) {
            pairsOfSocket.computeIfPresent(key.cookie(), (_, keys) -> {
                keys.remove(key);
                return keys.isEmpty() ? null : keys;
            });
        }
        return Optional.ofNullable(all.remove(key));
    }

    /** Notes a sign of life. */
    void seen(ConnectionKey key, LiveConnection connection, long bootNanos) {
        connection.seen(bootNanos);
        if (key.remote().isPresent()) {
            pairs.putLast(key, connection);
        }
    }

    /** The pairs of a socket of UDP. */
    List<ConnectionKey> pairsOf(long cookie) {
        return List.copyOf(pairsOfSocket.getOrDefault(cookie, Set.of()));
    }

    /** The pair that has been silent for longest. */
    Optional<ConnectionKey> mostSilent() {
        return pairs.isEmpty()
                ? Optional.empty()
                : Optional.of(pairs.firstEntry().getKey());
    }

    /** The pairs that have been silent since before this moment. */
    List<ConnectionKey> silentSince(long bootNanos) {
        var silent = new java.util.ArrayList<ConnectionKey>();
        for (Iterator<Map.Entry<ConnectionKey, LiveConnection>> each =
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

    Map<ConnectionKey, LiveConnection> all() {
        return Collections.unmodifiableMap(all);
    }
}
