package io.guardian.cli.get;

import io.guardian.cli.line.Option;
import io.guardian.cli.session.Session;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Filters of a context, and the options of the same name that replace them. */
enum ContextFilters {
    CLUSTER("cluster", "--cluster", "cluster_uid", "Only these clusters (name or uid)."),
    NAMESPACE("namespace", "--namespace", "namespace", "Only these namespaces."),
    MACHINES("machines", "--machines", "muid", "Only these machines (name or uid)."),
    POD("pod", "--pod", "pod", "Only these pods."),
    IMAGE("image", "--image", "image_name", "Only these images."),
    IMAGE_ID("imageID", "--image-id", "image_id", "Only these image ids."),
    CONTAINER_NAME("containerName", "--container-name", "container_name", "Only containers of these names."),
    CONTAINER_ID("containerID", "--container-id", "container_id", "Only these containers."),
    CGROUP("cgroup", "--cgroup", "cgroup", "Only these cgroups.");

    private final String contextKey;
    private final String option;
    private final String requestKey;
    private final String help;

    ContextFilters(String contextKey, String option, String requestKey, String help) {
        this.contextKey = contextKey;
        this.option = option;
        this.requestKey = requestKey;
        this.help = help;
    }

    /** Its key in the file of contexts. */
    String contextKey() {
        return contextKey;
    }

    /** The field of a fingerprint query. */
    String requestKey() {
        return requestKey;
    }

    String option() {
        return option;
    }

    static List<Option> options() {
        return Arrays.stream(values())
                .map(filter -> Option.value("LIST", filter.help, filter.option))
                .toList();
    }

    /** The filters that hold for this call. */
    static Map<ContextFilters, List<String>> of(Session session) {
        var held = new LinkedHashMap<ContextFilters, List<String>>();
        var ofContext = session.contextFilters();
        for (var filter : values()) {
            var values = session.arguments().has(filter.option)
                    ? session.arguments().list(filter.option)
                    : ofContext.getOrDefault(filter.contextKey, List.of());
            if (!values.isEmpty()) {
                held.put(filter, values);
            }
        }
        return held;
    }
}
