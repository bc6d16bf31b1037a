package io.guardian.core.selector;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** What a selector looks at, with the field names it knows; scopes without fields have labels. */
public enum Scope {
    CONTAINER("containerSelector", "image", "imageID", "containerName", "containerID"),
    SERVICE("serviceSelector", "cgroup", "name"),
    MACHINE("machineSelector", "hostname", "sourceName", "uid"),
    CLUSTER("clusterSelector", "name", "uid"),
    POD("podSelector"),
    NAMESPACE("namespaceSelector"),
    PROCESS("processSelector", "name", "exe", "euser"),
    TRACE("traceSelector", "triggerClass", "triggerAncestors"),
    USER("userSelector", "user", "users", "interactiveUsers", "nonInteractiveUsers");

    private final String key;
    // List.of is immutable; only its declared type is not.
    @SuppressWarnings("ImmutableEnumChecker")
    private final List<String> fields;

    Scope(String key, String... fields) {
        this.key = key;
        this.fields = List.of(fields);
    }

    /** The key of the selector in a document. */
    public String key() {
        return key;
    }

    public List<String> fields() {
        return fields;
    }

    public boolean hasLabels() {
        return this == POD || this == NAMESPACE;
    }

    public static Optional<Scope> ofKey(String key) {
        return Arrays.stream(values()).filter(scope -> scope.key.equals(key)).findFirst();
    }
}
