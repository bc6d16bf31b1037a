package io.guardian.cluster.model;

import io.fabric8.kubernetes.api.model.HasMetadata;

/**
 * The place of an object in its cluster. One place can be taken by different objects, one after the other.
 *
 * @param namespace empty for kinds without one
 */
public record ObjectKey(Kind kind, String namespace, String name) {

    public static ObjectKey of(Kind kind, HasMetadata object) {
        return new ObjectKey(
                kind,
                Texts.orEmpty(object.getMetadata().getNamespace()),
                Texts.orEmpty(object.getMetadata().getName()));
    }

    /** {@code NAMESPACE/NAME}. */
    public String path() {
        return namespace + "/" + name;
    }
}
