package io.guardian.backend.api;

import io.guardian.backend.http.Access;
import io.guardian.backend.http.Answer;
import io.guardian.backend.http.Call;
import io.guardian.backend.http.Endpoint;
import io.guardian.backend.http.Refusal;
import io.guardian.backend.meta.Cluster;
import io.guardian.backend.meta.Clusters;
import io.guardian.backend.meta.Permission;
import io.guardian.backend.meta.Validity;
import io.guardian.core.text.Json;
import java.util.List;

/** Clusters that agents reported. */
final class ClusterEndpoints {
    private static final String PATH = Wire.ORG + "/cluster";

    private final Clusters clusters;

    ClusterEndpoints(Clusters clusters) {
        this.clusters = clusters;
    }

    List<Endpoint> all() {
        var read = Access.key(Permission.LIST_SOURCE);
        return List.of(
                Endpoint.get(PATH, read, "Lists clusters.", this::list),
                Endpoint.get(PATH + "/{uid}", read, "Shows one cluster.", this::get));
    }

    private Answer list(Call call) {
        return Answer.json(Wire.array(
                clusters.list(call.org()).stream().map(ClusterEndpoints::json).toList()));
    }

    private Answer get(Call call) {
        String uid = call.param("uid");
        return clusters.list(call.org()).stream()
                .filter(cluster -> Wire.sameUid(cluster.uid(), uid))
                .findFirst()
                .map(cluster -> Answer.json(json(cluster)))
                .orElseThrow(() -> Refusal.notFound("unknown cluster `" + uid + "`"));
    }

    private static Json.Obj json(Cluster cluster) {
        var details = Json.object()
                .put("cluster_uid", cluster.kubernetesUid())
                .put("cluster_name", cluster.name())
                .put("agent_uid", cluster.agentUid())
                .put("src_uid", cluster.sourceUid())
                .put("cluid", cluster.uid())
                .put("spyder_tags", Json.Obj.EMPTY)
                .build();
        return Json.object()
                .put("uid", cluster.uid())
                .put("name", cluster.name())
                .put("org_uid", cluster.orgUid())
                .put("cluster_details", details)
                .put("tags", Json.Arr.EMPTY)
                .put("valid_from", Wire.time(cluster.firstSeen()))
                .put("valid_to", Wire.time(Validity.OPEN))
                .put("last_data", Wire.time(cluster.lastData()))
                .put("resource_name", "srn:cluster:" + cluster.orgUid() + ":" + cluster.uid())
                .build();
    }
}
