package io.guardian.cluster.model;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.EphemeralContainer;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.SecurityContext;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A container as a pod's specification declares it, with the status that belongs to it.
 *
 * @param image as written
 */
record DeclaredContainer(Type type, String name, String image, boolean privileged, Optional<ContainerStatus> status) {

    private static final int CONTAINERS_MAX = 256;

    /** In which of a pod's lists it stands. */
    enum Type {
        INIT("init"),
        ORDINARY("container"),
        EPHEMERAL("ephemeral");

        private final String word;

        Type(String word) {
            this.word = word;
        }

        String word() {
            return word;
        }
    }

    /** All containers of the pod, in the order in which they start; at most 256. */
    static List<DeclaredContainer> of(Pod pod) {
        var spec = pod.getSpec();
        if (spec == null) {
            return List.of();
        }
        var statuses = statuses(pod);
        var all = new ArrayList<DeclaredContainer>();
        for (Container container : spec.getInitContainers()) {
            all.add(of(Type.INIT, container.getName(), container.getImage(), container.getSecurityContext(), statuses));
        }
        for (Container container : spec.getContainers()) {
            all.add(of(
                    Type.ORDINARY,
                    container.getName(),
                    container.getImage(),
                    container.getSecurityContext(),
                    statuses));
        }
        for (EphemeralContainer container : spec.getEphemeralContainers()) {
            all.add(of(
                    Type.EPHEMERAL,
                    container.getName(),
                    container.getImage(),
                    container.getSecurityContext(),
                    statuses));
        }
        return all.stream()
                .filter(container -> !container.name.isEmpty())
                .limit(CONTAINERS_MAX)
                .toList();
    }

    private static DeclaredContainer of(
            Type type,
            @Nullable String name,
            @Nullable String image,
            @Nullable SecurityContext security,
            Map<String, ContainerStatus> statuses) {
        String known = Texts.cut(name, 253);
        boolean privileged = security != null && Boolean.TRUE.equals(security.getPrivileged());
        return new DeclaredContainer(
                type, known, Texts.cut(image, 1024), privileged, Optional.ofNullable(statuses.get(known)));
    }

    /** By name; names are unique within a pod, whatever the list. */
    private static Map<String, ContainerStatus> statuses(Pod pod) {
        var byName = new HashMap<String, ContainerStatus>();
        var status = pod.getStatus();
        if (status != null) {
            for (var list : List.of(
                    status.getInitContainerStatuses(),
                    status.getContainerStatuses(),
                    status.getEphemeralContainerStatuses())) {
                list.forEach(one -> byName.putIfAbsent(Texts.orEmpty(one.getName()), one));
            }
        }
        return byName;
    }

    /** Restarts so far; 0 while there is no status. */
    int restarts() {
        return status.map(ContainerStatus::getRestartCount)
                .filter(count -> count >= 0)
                .orElse(0);
    }
}
