package io.guardian.backend.api;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** The groups of records that the older data queries know, with the schemas in each. */
enum DataType {
    K8S("k8s", "model_k8s_", "model_container", "model_bundled_connection", "event_redflag", "event_opsflag"),
    SPYDERGRAPH(
            "spydergraph",
            "model_machine",
            "model_process",
            "model_connection",
            "model_listening_socket",
            "model_container",
            "model_bundled_connection",
            "model_spydertrace",
            "model_bash_cmds",
            "event_bash_cmd"),
    REDFLAGS("redflags", "event_redflag", "event_opsflag"),
    AGENT_STATUS("agent_status", "model_agent", "event_agent_health", "event_metric"),
    FINGERPRINTS("fingerprints", "model_fingerprint"),
    HTOP("htop", "event_top_data"),
    AUDIT("audit", "event_deviation", "event_log");

    private final String text;
    // List.of is immutable; only its declared type is not.
    @SuppressWarnings("ImmutableEnumChecker")
    private final List<String> schemas;

    DataType(String text, String... schemas) {
        this.text = text;
        this.schemas = List.of(schemas);
    }

    static Optional<DataType> parse(String text) {
        return Arrays.stream(values()).filter(type -> type.text.equals(text)).findFirst();
    }

    static List<String> names() {
        return Arrays.stream(values()).map(type -> type.text).toList();
    }

    /** Prefixes of the schema strings in the group. */
    List<String> schemas() {
        return schemas;
    }

    /** The schemas of the group that a filter's own prefixes leave; everything when the filter names none. */
    List<String> narrowed(List<String> prefixes) {
        if (prefixes.isEmpty()) {
            return schemas;
        }
        return prefixes.stream()
                .flatMap(prefix -> schemas.stream()
                        .filter(schema -> schema.startsWith(prefix) || prefix.startsWith(schema))
                        .map(schema -> schema.length() > prefix.length() ? schema : prefix))
                .distinct()
                .toList();
    }

    @Override
    public String toString() {
        return text;
    }
}
