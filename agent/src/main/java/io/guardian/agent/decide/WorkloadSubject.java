package io.guardian.agent.decide;

import io.guardian.agent.attribute.AgentIdentity;
import io.guardian.agent.attribute.ContainerRecords;
import io.guardian.agent.attribute.Image;
import io.guardian.agent.workload.ContainerFacts;
import io.guardian.agent.workload.ContainerWorkload;
import io.guardian.agent.workload.Known;
import io.guardian.agent.workload.PodFacts;
import io.guardian.agent.workload.ServiceWorkload;
import io.guardian.agent.workload.Workload;
import io.guardian.core.event.ExeIdentity;
import io.guardian.core.selector.Scope;
import io.guardian.core.selector.Subject;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** A workload, and perhaps one image in it, as selectors see it. */
record WorkloadSubject(Workload workload, Optional<Image> image, AgentIdentity identity, PolicyBundle bundle)
        implements Subject {

    @Override
    public Facts facts(Scope scope) {
        return switch (scope) {
            case MACHINE ->
                new Facts.Present(Map.of(
                        "hostname", List.of(identity.hostname()),
                        "uid", List.of(identity.muid()),
                        "sourceName", List.of(bundle.sourceName())));
            case CLUSTER -> cluster();
            case PROCESS -> image.map(WorkloadSubject::process).orElse(Facts.ABSENT);
            case CONTAINER ->
                workload instanceof ContainerWorkload container ? container(container.facts()) : Facts.ABSENT;
            case SERVICE -> workload instanceof ServiceWorkload service ? service(service) : Facts.ABSENT;
            case POD -> workload instanceof ContainerWorkload container ? pod(container.facts()) : Facts.ABSENT;
            case NAMESPACE ->
                workload instanceof ContainerWorkload container ? namespace(container.facts()) : Facts.ABSENT;
            case TRACE, USER -> Facts.ABSENT;
        };
    }

    private Facts cluster() {
        if (identity.clusterUid().isEmpty()) {
            return Facts.ABSENT;
        }
        String name = bundle.clusterName().isEmpty() ? identity.clusterName() : bundle.clusterName();
        return new Facts.Present(Map.of("uid", List.of(identity.clusterUid()), "name", List.of(name)));
    }

    private static Facts process(Image image) {
        var program = image.program();
        return new Facts.Present(Map.of(
                "name", List.of(program.name()),
                "exe", ExeIdentity.findable(program.exe(), program.path()),
                "euser", List.of(program.user())));
    }

    private static Facts container(ContainerFacts facts) {
        var values = new HashMap<String, List<String>>();
        var unknown = new HashSet<String>();
        values.put("containerID", List.of(facts.id().text()));
        put("containerName", facts.name(), values, unknown);
        put("image", facts.image(), values, unknown);
        if (!facts.imageId().isSettled()) {
            unknown.add("imageID");
        }
        var ids = new ArrayList<String>();
        facts.imageId().asOptional().ifPresent(id -> ids.add(id.toString()));
        facts.details().imageDigests().stream()
                .map(reference -> reference.substring(reference.indexOf('@') + 1))
                .forEach(ids::add);
        if (!ids.isEmpty()) {
            values.put("imageID", ids);
        }
        return new Facts.Present(values, unknown);
    }

    private static void put(String key, Known<?> fact, Map<String, List<String>> values, HashSet<String> unknown) {
        if (!fact.isSettled()) {
            unknown.add(key);
        }
        fact.asOptional().ifPresent(value -> values.put(key, List.of(value.toString())));
    }

    private static Facts service(ServiceWorkload service) {
        return new Facts.Present(Map.of("cgroup", List.of(service.cgroup().text()), "name", List.of(service.unit())));
    }

    private static Facts pod(ContainerFacts facts) {
        if (!facts.pod().isSettled()) {
            return Facts.UNKNOWN;
        }
        return facts.pod()
                .asOptional()
                .map(PodFacts::labels)
                .map(labels ->
                        labels.isSettled() ? present(labels.asOptional().orElse(Map.of()), false) : Facts.UNKNOWN)
                .orElse(Facts.ABSENT);
    }

    /** Until the server tells a namespace's labels, all that is known of them is the one that holds its name. */
    private Facts namespace(ContainerFacts facts) {
        if (!facts.pod().isSettled()) {
            return Facts.UNKNOWN;
        }
        return facts.pod()
                .asOptional()
                .map(pod -> present(
                        ContainerRecords.namespaceLabels(pod, bundle.namespaceLabels()),
                        !bundle.namespaceLabels().containsKey(pod.namespace())))
                .orElse(Facts.ABSENT);
    }

    /** @param open whether there may be more than these */
    private static Facts present(Map<String, String> labels, boolean open) {
        var values = new HashMap<String, List<String>>();
        labels.forEach((key, value) -> values.put(key, List.of(value)));
        return new Facts.Present(values, Set.of(), open);
    }
}
