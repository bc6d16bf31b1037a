package io.guardian.cluster.state;

import io.guardian.cluster.model.Links;
import io.guardian.cluster.model.ObjectKey;
import io.guardian.core.text.Json;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * An object of the cluster with the records it stands for. Touched under the state's lock only.
 *
 * <p>Labels are kept for namespaces and the owner's reference for kinds that own others, since links need them; for a
 * pod both would be a burden.
 */
final class HeldObject {
    private final ObjectKey key;
    private final String kuid;
    private String resourceVersion;
    private Map<String, String> labels = Map.of();
    private Optional<Json.Obj> controller = Optional.empty();
    private Set<Links.Wanted> missing = Set.of();
    private final Map<String, HeldRecord> records = new LinkedHashMap<>(4);

    HeldObject(ObjectKey key, String kuid, String resourceVersion) {
        this.key = key;
        this.kuid = kuid;
        this.resourceVersion = resourceVersion;
    }

    ObjectKey key() {
        return key;
    }

    String kuid() {
        return kuid;
    }

    String resourceVersion() {
        return resourceVersion;
    }

    void resourceVersion(String version) {
        resourceVersion = version;
    }

    Map<String, String> labels() {
        return labels;
    }

    void labels(Map<String, String> all) {
        labels = Map.copyOf(all);
    }

    void controller(Optional<Json.Obj> owner) {
        controller = owner;
    }

    /** What its records' links wait for. */
    Set<Links.Wanted> missing() {
        return missing;
    }

    void missing(Set<Links.Wanted> wanted) {
        missing = Set.copyOf(wanted);
    }

    /** Its records by id; the first is the object's own. */
    Map<String, HeldRecord> records() {
        return records;
    }

    Links.Target target() {
        String id = records.isEmpty() ? "" : records.keySet().iterator().next();
        return new Links.Target(key, id, labels, controller);
    }
}
