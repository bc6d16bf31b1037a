package io.guardian.cli.config;

import io.guardian.core.text.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * An organisation at a server, with filters that hold for everything that is asked there.
 *
 * @param secret name of the secret with key and URL
 * @param organization name or uid
 * @param filters by their key in the file, such as {@code namespace}
 */
public record Context(String name, String secret, String organization, Map<String, List<String>> filters) {
    /** Keys of the filters a context may hold, in the order in which they are written. */
    public static final List<String> FILTERS = List.of(
            "cluster", "namespace", "machines", "pod", "image", "imageID", "containerName", "containerID", "cgroup");

    public Context {
        var copy = new LinkedHashMap<String, List<String>>();
        filters.forEach((key, values) -> copy.put(key, List.copyOf(values)));
        filters = copy;
    }

    /** Empty when the entry lacks a name, a secret or an organisation, or holds an unknown filter. */
    static Optional<Context> read(Json.Obj entry) {
        var inner = entry.object("context");
        var filters = new LinkedHashMap<String, List<String>>();
        for (var field : inner.fields().entrySet()) {
            if (FILTERS.contains(field.getKey())) {
                filters.put(field.getKey(), texts(field.getValue()));
            } else if (!field.getKey().equals("organization")) {
                return Optional.empty();
            }
        }
        boolean complete = !entry.text("name").isEmpty()
                && !entry.text("secret").isEmpty()
                && !inner.text("organization").isEmpty();
        return complete
                ? Optional.of(
                        new Context(entry.text("name"), entry.text("secret"), inner.text("organization"), filters))
                : Optional.empty();
    }

    private static List<String> texts(Json value) {
        return switch (value) {
            case Json.Str(String text) -> List.of(text);
            case Json.Arr list -> list.strings();
            case Json.Num _, Json.Bool _, Json.Obj _, Json.Null _ -> List.of();
        };
    }

    Json.Obj toJson() {
        var inner = Json.object().put("organization", organization);
        for (String key : FILTERS) {
            var values = filters.getOrDefault(key, List.of());
            if (values.size() == 1) {
                inner.put(key, values.getFirst());
            } else if (!values.isEmpty()) {
                inner.put(key, Json.strings(values));
            }
        }
        return Json.object()
                .put("name", name)
                .put("secret", secret)
                .put("context", inner.build())
                .build();
    }

    /** As a table shows them: {@code cluster=a,b namespace=dev}. */
    public String filterText() {
        var parts = new ArrayList<String>();
        filters.forEach((key, values) -> parts.add(key + "=" + String.join(",", values)));
        return String.join(" ", parts);
    }
}
