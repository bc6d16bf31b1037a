package io.guardian.core.document;

import io.guardian.core.text.Json;

/**
 * Where a fingerprint comes from. A text that is not known is empty.
 *
 * @param name image, or name of the unit
 * @param root uid of the root process
 * @param version 0 when not known
 * @param truncated something was left out because a limit was reached
 * @param overflow connections whose peer is only part of a block, since one port had too many peers
 * @param uncertain a process was read from the process table, so its place in the tree is a guess
 */
public record FingerprintMetadata(
        String name,
        String id,
        String checksum,
        String orgUid,
        String muid,
        String root,
        Span span,
        long version,
        String containerId,
        String containerName,
        String podUid,
        String namespace,
        String clusterName,
        String clusterUid,
        String cgroup,
        boolean truncated,
        long overflow,
        boolean uncertain) {

    static FingerprintMetadata read(Fields metadata) {
        return new FingerprintMetadata(
                Names.read(metadata),
                metadata.text("id"),
                metadata.text("checksum"),
                metadata.text("org_uid"),
                metadata.text("muid"),
                metadata.text("root"),
                Span.read(metadata),
                PolicyHead.version(metadata),
                metadata.text("containerID"),
                metadata.text("containerName"),
                metadata.text("pod-uid"),
                metadata.text("namespace"),
                metadata.text("cluster_name"),
                metadata.text("cluster-uid"),
                metadata.text("cgroup"),
                metadata.take("truncated").map(Slot::bool).orElse(false),
                metadata.take("overflow")
                        .map(slot -> slot.integer(0, Long.MAX_VALUE))
                        .orElse(0L),
                metadata.take("uncertain").map(Slot::bool).orElse(false));
    }

    Json.Obj toJson(String type) {
        var out = Json.object()
                .put("name", name)
                .put("type", type)
                .putUnlessEmpty("muid", muid)
                .putUnlessEmpty("id", id)
                .putUnlessEmpty("checksum", checksum)
                .putUnlessEmpty("org_uid", orgUid)
                .putUnlessEmpty("root", root)
                .putUnlessEmpty("containerID", containerId)
                .putUnlessEmpty("containerName", containerName)
                .putUnlessEmpty("pod-uid", podUid)
                .putUnlessEmpty("namespace", namespace)
                .putUnlessEmpty("cluster_name", clusterName)
                .putUnlessEmpty("cluster-uid", clusterUid)
                .putUnlessEmpty("cgroup", cgroup);
        if (version > 0) {
            out.put("version", version);
        }
        span.write(out);
        if (truncated) {
            out.put("truncated", true);
        }
        if (overflow > 0) {
            out.put("overflow", overflow);
        }
        if (uncertain) {
            out.put("uncertain", true);
        }
        return out.build();
    }
}
