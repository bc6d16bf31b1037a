package io.guardian.core.document;

import java.util.List;
import java.util.Map;

/**
 * Which servers and organisations a client talks to.
 *
 * @param contexts the right ones; a wrong one is left out with a notice
 * @param currentContext a name, or {@value #NO_CONTEXT}
 */
public record Config(List<Context> contexts, String currentContext) implements Resource {
    public static final String NO_CONTEXT = "__none__";
    private static final List<String> FILTERS = List.of(
            "cluster", "namespace", "pod", "machines", "image", "imageID", "containerName", "containerID", "cgroup");

    public Config {
        contexts = List.copyOf(contexts);
    }

    /**
     * One context.
     *
     * @param secret name of an APISecret
     * @param organization name or uid
     * @param filters by name of the filter, each with at least one value
     */
    public record Context(String name, String secret, String organization, Map<String, List<String>> filters) {
        public Context {
            filters = Map.copyOf(filters);
        }
    }

    @Override
    public Kind kind() {
        return Kind.CONFIG;
    }

    @Override
    public String name() {
        return "";
    }

    @Override
    public String uid() {
        return "";
    }

    /** Names of the filters that a context may have. */
    public static List<String> filterNames() {
        return FILTERS;
    }
}
