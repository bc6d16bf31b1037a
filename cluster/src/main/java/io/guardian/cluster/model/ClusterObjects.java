package io.guardian.cluster.model;

import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeSystemInfo;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServicePort;
import io.guardian.core.text.Json;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Own fields of namespaces, nodes and services. */
final class ClusterObjects {
    private static final int PORTS_MAX = 64;

    private ClusterObjects() {}

    static Json.Obj namespace(Namespace namespace) {
        var status = namespace.getStatus();
        String phase = status == null ? "" : Texts.cut(status.getPhase(), 64);
        return Json.object()
                .put("k8s_status", Json.object().putUnlessEmpty("phase", phase).build())
                .build();
    }

    static Json.Obj node(Node node) {
        var spec = node.getSpec();
        var status = node.getStatus();
        var out = Json.object();
        var seen = Json.object();
        if (spec != null) {
            out.put(
                    "spec",
                    Json.object()
                            .putUnlessEmpty("providerID", Texts.cut(spec.getProviderID(), 256))
                            .put("unschedulable", Boolean.TRUE.equals(spec.getUnschedulable()))
                            .build());
        }
        if (status != null) {
            seen.put("allocatable", quantities(status.getAllocatable()))
                    .put("capacity", quantities(status.getCapacity()));
            if (status.getNodeInfo() != null) {
                seen.put("nodeInfo", info(status.getNodeInfo()));
            }
            seen.put(
                    "addresses",
                    new Json.Arr(status.getAddresses().stream()
                            .limit(PORTS_MAX)
                            .map(address -> (Json) Json.object()
                                    .put("type", Texts.cut(address.getType(), 64))
                                    .put("address", Texts.cut(address.getAddress(), 256))
                                    .build())
                            .toList()));
        }
        return out.put("k8s_status", seen.build()).build();
    }

    private static Json.Obj quantities(@Nullable Map<String, Quantity> quantities) {
        var out = Json.object();
        if (quantities != null) {
            for (String key : List.of("cpu", "memory", "pods")) {
                var quantity = quantities.get(key);
                if (quantity != null) {
                    out.put(key, Texts.cut(quantity.toString(), 64));
                }
            }
        }
        return out.build();
    }

    private static Json.Obj info(NodeSystemInfo info) {
        return Json.object()
                .putUnlessEmpty("architecture", Texts.cut(info.getArchitecture(), 64))
                .putUnlessEmpty("osImage", Texts.cut(info.getOsImage(), 256))
                .putUnlessEmpty("kernelVersion", Texts.cut(info.getKernelVersion(), 128))
                .putUnlessEmpty("containerRuntimeVersion", Texts.cut(info.getContainerRuntimeVersion(), 128))
                .putUnlessEmpty("kubeletVersion", Texts.cut(info.getKubeletVersion(), 64))
                .putUnlessEmpty("machineID", Texts.cut(info.getMachineID(), 64))
                .build();
    }

    static Json.Obj service(Service service) {
        var spec = service.getSpec();
        var out = Json.object();
        if (spec != null) {
            out.put(
                    "spec",
                    Json.object()
                            .putUnlessEmpty("type", Texts.cut(spec.getType(), 64))
                            .putUnlessEmpty("clusterIP", Texts.cut(spec.getClusterIP(), 64))
                            .put("selector", Texts.object(Texts.labels(spec.getSelector())))
                            .put(
                                    "ports",
                                    new Json.Arr(spec.getPorts().stream()
                                            .limit(PORTS_MAX)
                                            .map(ClusterObjects::port)
                                            .toList()))
                            .build());
        }
        return out.put("k8s_status", Json.Obj.EMPTY).build();
    }

    private static Json port(ServicePort port) {
        var out = Json.object()
                .putUnlessEmpty("name", Texts.cut(port.getName(), 64))
                .putUnlessEmpty("protocol", Texts.cut(port.getProtocol(), 16));
        if (port.getPort() != null) {
            out.put("port", port.getPort());
        }
        if (port.getTargetPort() != null) {
            out.put("targetPort", Texts.cut(String.valueOf(port.getTargetPort().getValue()), 64));
        }
        return out.build();
    }
}
