package io.guardian.core.selector;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * What a selector looks at, with the names a document may use in it; scopes without fields have labels.
 *
 * <p>A subject offers its facts under one name each ({@link #subjectKey}), however a document spells it.
 */
public enum Scope {
    CONTAINER("containerSelector", FlatForm.TEXT, List.of("image", "imageID", "containerName", "containerID")),
    SERVICE("serviceSelector", FlatForm.TEXT, List.of("cgroup"), List.of("cgroup", "name")),
    MACHINE(
            "machineSelector",
            FlatForm.TEXT_OR_LIST,
            List.of("hostname", "machineUID"),
            List.of("hostname", "sourceName", "uid")),
    CLUSTER("clusterSelector", FlatForm.TEXT, List.of(), List.of("name", "uid")),
    POD("podSelector", FlatForm.TEXT, List.of()),
    NAMESPACE("namespaceSelector", FlatForm.TEXT, List.of()),
    PROCESS("processSelector", FlatForm.LIST, List.of("name", "exe", "euser")),
    TRACE("traceSelector", FlatForm.LIST, List.of("triggerClass", "triggerAncestors")),
    USER("userSelector", FlatForm.LIST, List.of("users", "interactiveUsers", "nonInteractiveUsers"), List.of("user"));

    /** How the value of a flat key is written. */
    public enum FlatForm {
        TEXT,
        TEXT_OR_LIST,
        LIST
    }

    private final String key;
    private final FlatForm flatForm;
    // List.of is immutable; only its declared type is not.
    @SuppressWarnings("ImmutableEnumChecker")
    private final List<String> flatKeys;

    @SuppressWarnings("ImmutableEnumChecker")
    private final List<String> fields;

    Scope(String key, FlatForm flatForm, List<String> names) {
        this(key, flatForm, names, names);
    }

    Scope(String key, FlatForm flatForm, List<String> flatKeys, List<String> fields) {
        this.key = key;
        this.flatForm = flatForm;
        this.flatKeys = flatKeys;
        this.fields = fields;
    }

    /** The key of the selector in a document. */
    public String key() {
        return key;
    }

    /** Names allowed in {@code matchFields} and {@code matchFieldsExpressions}. */
    public List<String> fields() {
        return fields;
    }

    /** Names allowed directly in the selector. */
    public List<String> flatKeys() {
        return flatKeys;
    }

    public FlatForm flatForm() {
        return flatForm;
    }

    public boolean hasLabels() {
        return this == POD || this == NAMESPACE;
    }

    /** The one name of a fact, from any name that documents use for it. */
    public String subjectKey(String written) {
        return switch (written) {
            case "machineUID" -> "uid";
            case "user" -> "users";
            default -> written;
        };
    }

    /** The name a document uses for a fact in the given spelling. */
    public String writtenKey(String subjectKey, Term.Spelling spelling) {
        boolean flat = spelling == Term.Spelling.FLAT;
        if (this == MACHINE && flat && subjectKey.equals("uid")) {
            return "machineUID";
        }
        return this == USER && !flat && subjectKey.equals("users") ? "user" : subjectKey;
    }

    public static Optional<Scope> ofKey(String key) {
        return Arrays.stream(values()).filter(scope -> scope.key.equals(key)).findFirst();
    }
}
