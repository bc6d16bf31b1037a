package io.guardian.backend.store;

import java.util.Arrays;
import java.util.Optional;
import java.util.Set;

/** Fields of a record that the history keeps beside it, to find it by. */
public enum Column {
    ID("id", true),
    MUID("muid", true),
    CONTAINER_UID("container_uid", true),
    CLUSTER_UID("cluster_uid", true),
    POLICY_UID("policy_uid", true),
    FINGERPRINT_UID("fingerprint_uid", true),
    CHECKSUM("checksum", true),
    REF("ref", true),
    PUID("puid", false),
    NAME("name", false),
    NAMESPACE("namespace", false),
    STATUS("status", false);

    /** Where records get their machine late, get another or lose it: objects of clusters, and containers. */
    private static final Set<String> MOVING = Set.of(Tables.OTHER, "model_container");

    private final String field;
    private final boolean fixed;

    Column(String field, boolean fixed) {
        this.field = field;
        this.fixed = fixed;
    }

    /** The name of the field in a record and of the column in the store. */
    public String field() {
        return field;
    }

    /** Whether all versions of a record in this table have the same value. */
    boolean isFixedIn(String table) {
        return fixed && !(this == MUID && MOVING.contains(table));
    }

    public static Optional<Column> of(String field) {
        return Arrays.stream(values())
                .filter(column -> column.field.equals(field))
                .findFirst();
    }
}
