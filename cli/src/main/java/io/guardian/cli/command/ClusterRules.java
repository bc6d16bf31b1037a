package io.guardian.cli.command;

import io.guardian.core.text.Json;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Makes the rules of a cluster ruleset from the containers that ran there: images that run in the same set of
 * namespaces share a rule; rules of several namespaces come first, then by namespace.
 */
final class ClusterRules {
    private static final String NAMESPACE_LABEL = "kubernetes.io/metadata.name";

    private ClusterRules() {}

    /** Rules that hold in every namespace of the cluster. */
    static List<Json> global(List<Json.Obj> containers) {
        var images = new TreeSet<String>();
        containers.forEach(container -> images.add(container.text("image")));
        images.remove("");
        return images.isEmpty() ? List.of() : List.of(rule(List.of(), List.copyOf(images)));
    }

    /** Rules that hold in the namespaces where the images were seen. */
    static List<Json> byNamespace(List<Json.Obj> containers) {
        Map<String, TreeSet<String>> namespacesOfImage = new TreeMap<>();
        for (var container : containers) {
            if (!container.text("image").isEmpty()) {
                namespacesOfImage
                        .computeIfAbsent(container.text("image"), _ -> new TreeSet<>())
                        .add(namespace(container));
            }
        }
        Map<List<String>, List<String>> imagesOfNamespaces = new java.util.HashMap<>();
        namespacesOfImage.forEach((image, namespaces) -> imagesOfNamespaces
                .computeIfAbsent(List.copyOf(namespaces), _ -> new ArrayList<>())
                .add(image));
        Comparator<List<String>> order = Comparator.<List<String>, Boolean>comparing(names -> names.size() == 1)
                .thenComparing(names -> String.join("\n", names));
        return imagesOfNamespaces.entrySet().stream()
                .sorted(Map.Entry.comparingByKey(order))
                .<Json>map(entry -> rule(entry.getKey(), entry.getValue()))
                .toList();
    }

    /** The namespace a container runs in, by its label and else by its name. */
    static String namespace(Json.Obj container) {
        return container
                .object("pod_namespace_labels")
                .string(NAMESPACE_LABEL)
                .orElseGet(() -> container.text("pod_namespace"));
    }

    private static Json.Obj rule(List<String> namespaces, List<String> images) {
        var rule = Json.object();
        if (namespaces.size() == 1) {
            rule.put(
                    "namespaceSelector",
                    Json.object()
                            .put(
                                    "matchLabels",
                                    Json.object()
                                            .put(NAMESPACE_LABEL, namespaces.getFirst())
                                            .build())
                            .build());
        } else if (!namespaces.isEmpty()) {
            var expression = Json.object()
                    .put("key", NAMESPACE_LABEL)
                    .put("operator", "In")
                    .put("values", Json.strings(namespaces))
                    .build();
            rule.put(
                    "namespaceSelector",
                    Json.object()
                            .put("matchExpressions", new Json.Arr(List.of(expression)))
                            .build());
        }
        return rule.put("verb", "allow")
                .put("target", "container::image")
                .put("values", Json.strings(images))
                .build();
    }
}
