package io.guardian.core.document;

import io.guardian.core.text.Json;
import io.guardian.core.text.Place;

/**
 * A document that was read and found right.
 *
 * @param source as written: its own key order, ignored keys included; scalars resolved as their fields want them
 * @param resource what it means
 * @param place where it begins
 */
public record Document(Json.Obj source, Resource resource, Place place) {
    public Kind kind() {
        return resource.kind();
    }

    public String name() {
        return resource.name();
    }

    public String uid() {
        return resource.uid();
    }
}
