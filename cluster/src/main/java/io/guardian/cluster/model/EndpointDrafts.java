package io.guardian.cluster.model;

import io.fabric8.kubernetes.api.model.discovery.v1.Endpoint;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointPort;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.guardian.core.id.KubernetesUids;
import io.guardian.core.text.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** An endpoint slice as one record for each address and port. */
final class EndpointDrafts {
    private static final String SERVICE_LABEL = "kubernetes.io/service-name";
    private static final int DRAFTS_MAX = 5000;

    private EndpointDrafts() {}

    static List<RecordDraft> of(EndpointSlice slice, ClusterIdentity cluster) {
        var labels = Texts.labels(slice.getMetadata().getLabels());
        String namespace = Texts.orEmpty(slice.getMetadata().getNamespace());
        var drafts = new ArrayList<RecordDraft>();
        for (Endpoint endpoint : slice.getEndpoints()) {
            for (String address : endpoint.getAddresses()) {
                for (EndpointPort port : slice.getPorts()) {
                    if (port.getPort() != null && drafts.size() < DRAFTS_MAX) {
                        var body = body(cluster, endpoint, address, port)
                                .putUnlessEmpty("service_name", labels.getOrDefault(SERVICE_LABEL, ""))
                                .put("service_namespace", namespace);
                        drafts.add(draft(slice, cluster, address, port, body.build()));
                    }
                }
            }
        }
        return drafts;
    }

    private static RecordDraft draft(
            EndpointSlice slice, ClusterIdentity cluster, String address, EndpointPort port, Json.Obj body) {
        String name = ObjectFields.kuid(slice) + "/" + address + "/" + port.getProtocol() + "/" + port.getPort();
        long created = ObjectFields.createdMicros(slice);
        return new RecordDraft(
                KubernetesUids.object(Kind.ENDPOINT_SLICE.uidType(), cluster.uid(), created / 1_000_000, name),
                Kind.ENDPOINT_SLICE.recordType(),
                created,
                RecordDraft.ALIVE,
                body);
    }

    private static Json.ObjBuilder body(ClusterIdentity cluster, Endpoint endpoint, String address, EndpointPort port) {
        String podUid = Optional.ofNullable(endpoint.getTargetRef())
                .filter(target -> Kind.POD.kubernetesName().equals(target.getKind()))
                .map(target -> Texts.orEmpty(target.getUid()))
                .filter(uid -> !uid.isEmpty())
                .map(uid -> KubernetesUids.pod(cluster.uid(), uid))
                .orElse("");
        return Json.object()
                .put("kind", "Endpoint")
                .put("cluster_uid", cluster.uid())
                .put("cluster_name", cluster.name())
                .put("ip", Texts.cut(address, 64))
                .put("port", port.getPort())
                .put("protocol", Texts.cut(port.getProtocol(), 16))
                .putUnlessEmpty("port_name", Texts.cut(port.getName(), 64))
                .putUnlessEmpty("pod_uid", podUid);
    }
}
