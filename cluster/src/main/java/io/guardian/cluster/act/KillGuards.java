package io.guardian.cluster.act;

import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * What is never deleted, whatever the server asks. The server has guards of its own; these hold also when it is wrong
 * or someone else speaks in its name.
 */
public final class KillGuards {
    private static final long MINUTE_MICROS = 60_000_000L;

    private final Rules rules;
    private final Predicate<KillRequest> isStatic;
    private final ArrayDeque<Long> recent = new ArrayDeque<>();

    /**
     * What the one who installed it decided.
     *
     * @param readOnly nothing is ever deleted
     * @param clusterUid the cluster that is watched
     * @param namespaces protected ones
     * @param ownPod {@code NAMESPACE/NAME} of the monitor itself, empty outside a cluster
     * @param killsPerMinute most deletions in any 60 seconds
     */
    public record Rules(
            boolean readOnly, String clusterUid, Set<String> namespaces, String ownPod, int killsPerMinute) {
        public Rules {
            namespaces = Set.copyOf(namespaces);
        }
    }

    /** @param isStatic whether the pod is run by its node without the API server */
    public KillGuards(Rules rules, Predicate<KillRequest> isStatic) {
        this.rules = rules;
        this.isStatic = isStatic;
    }

    /** Why the pod may not be deleted now; absent if it may, which is then counted. */
    synchronized Optional<String> refusal(KillRequest request, long nowMicros) {
        String place = request.namespace() + "/" + request.pod();
        if (rules.readOnly()) {
            return Optional.of("this install is read-only and deletes nothing");
        }
        if (!request.clusterUid().equals(rules.clusterUid())) {
            return Optional.of("the pod is in another cluster, `" + request.clusterUid() + "`");
        }
        if (rules.namespaces().contains(request.namespace())) {
            return Optional.of("namespace `" + request.namespace() + "` is protected");
        }
        if (place.equals(rules.ownPod())) {
            return Optional.of("`" + place + "` is the cluster monitor itself");
        }
        if (isStatic.test(request)) {
            return Optional.of(
                    "`" + place
                            + "` is a static pod: its node runs it without the API server, and deleting the mirror stops nothing");
        }
        while (!recent.isEmpty() && nowMicros - recent.getFirst() >= MINUTE_MICROS) {
            recent.removeFirst();
        }
        if (recent.size() >= rules.killsPerMinute()) {
            return Optional.of("the monitor has deleted " + recent.size() + " pods within a minute, as many as it may");
        }
        recent.addLast(nowMicros);
        return Optional.empty();
    }
}
