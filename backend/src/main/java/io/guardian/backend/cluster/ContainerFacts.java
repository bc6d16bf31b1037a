package io.guardian.backend.cluster;

import io.guardian.core.event.Seconds;
import io.guardian.core.selector.Subject.Facts;
import io.guardian.core.text.Json;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What verdicts look at of a joined container. There is one for each container of a cluster, so what many containers
 * have in common is held once ({@link Pool}).
 *
 * @param image normalised reference
 * @param imageId digest of the image's configuration, empty while no runtime has told it
 * @param digests manifest digests, {@code sha256:…}
 * @param containerId the runtime's id, empty before there is one
 * @param namespace of its pod; empty outside a pod
 * @param podLabels absent outside a pod
 * @param namespaceLabels as its record carries them
 * @param declared whether the cluster has told of it: then the labels of its namespace are complete
 * @param nodeUid uid of the node it is on, empty before it has one
 * @param muid the machine whose agent sees it, or that its node is; empty while neither is known
 */
record ContainerFacts(
        String id,
        String clusterName,
        String image,
        String imageId,
        List<String> digests,
        String name,
        String containerId,
        String namespace,
        Facts podLabels,
        Map<String, List<String>> namespaceLabels,
        boolean declared,
        String nodeUid,
        String muid,
        boolean sandbox,
        long fromMicros) {

    static ContainerFacts of(Json.Obj joined, boolean declared, Pool pool) {
        var digests = new ArrayList<String>();
        for (String digest : joined.array("image_repo_digests").strings()) {
            digests.add(pool.text(digest.substring(digest.indexOf('@') + 1)));
        }
        boolean inPod =
                !joined.text("pod_uid").isEmpty() || !joined.text("pod_name").isEmpty();
        return new ContainerFacts(
                joined.text("id"),
                pool.text(joined.text("clustername")),
                pool.text(joined.text("image")),
                pool.text(joined.text("image_id")),
                pool.shared(List.copyOf(digests)),
                pool.text(joined.text("container_name")),
                joined.text("container_id"),
                pool.text(joined.text("pod_namespace")),
                inPod ? pool.shared(new Facts.Present(labels(joined.object("pod_labels"), pool))) : Facts.ABSENT,
                pool.shared(Map.copyOf(labels(joined.object("pod_namespace_labels"), pool))),
                declared,
                pool.text(joined.text("node_uid")),
                pool.text(joined.text("muid")),
                joined.bool("sandbox").orElse(false),
                joined.number("valid_from").map(Seconds::micros).orElse(0L));
    }

    static Map<String, List<String>> labels(Json.Obj map, Pool pool) {
        var labels = new LinkedHashMap<String, List<String>>();
        map.fields().forEach((key, value) -> {
            if (value instanceof Json.Str(var text)) {
                labels.put(pool.text(key), pool.shared(List.of(text)));
            }
        });
        return labels;
    }

    /** Holds equal values once. It is emptied when it is full: then some are held twice, which only costs memory. */
    static final class Pool {
        private static final int MAX = 200_000;

        private final Map<Object, Object> kept = new HashMap<>();

        String text(String value) {
            return shared(value);
        }

        @SuppressWarnings("unchecked") // what is kept under a value equals it, and so has its type
        <T> T shared(T value) {
            if (kept.size() >= MAX) {
                kept.clear();
            }
            var known = kept.putIfAbsent(value, value);
            return known == null ? value : (T) known;
        }
    }
}
