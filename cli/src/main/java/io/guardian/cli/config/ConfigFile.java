package io.guardian.cli.config;

import io.guardian.core.text.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The content of one {@code config} file.
 *
 * @param current empty when the file names none; {@value #NONE} when it says that none is current
 */
public record ConfigFile(List<Context> contexts, Optional<String> current) {
    public static final String NONE = "__none__";
    static final ConfigFile EMPTY = new ConfigFile(List.of(), Optional.empty());

    public ConfigFile {
        contexts = List.copyOf(contexts);
    }

    public Optional<Context> context(String name) {
        return contexts.stream().filter(context -> context.name().equals(name)).findFirst();
    }

    /** Replaces the context of that name, or adds it. */
    ConfigFile with(Context context) {
        var all = new ArrayList<>(contexts);
        int place = all.stream().map(Context::name).toList().indexOf(context.name());
        if (place < 0) {
            all.add(context);
        } else {
            all.set(place, context);
        }
        return new ConfigFile(all, current);
    }

    ConfigFile without(String name) {
        var rest = contexts.stream()
                .filter(context -> !context.name().equals(name))
                .toList();
        return new ConfigFile(rest, current.map(chosen -> chosen.equals(name) ? NONE : chosen));
    }

    ConfigFile withCurrent(String name) {
        return new ConfigFile(contexts, Optional.of(name));
    }

    public Json.Obj toJson() {
        return Json.object()
                .put("apiVersion", "spyderbat/v1")
                .put("kind", "Config")
                .put(
                        "contexts",
                        new Json.Arr(contexts.stream()
                                .map(context -> (Json) context.toJson())
                                .toList()))
                .put("current-context", current.orElse(NONE))
                .build();
    }
}
