package io.guardian.agent.workload.runtime;

import io.guardian.agent.workload.Known;
import io.guardian.core.text.Json;
import io.guardian.core.text.JsonReader;
import io.guardian.core.text.JsonSyntaxException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.Optional;

/**
 * An entry of {@code containers.json}, the list of containers that the containers/storage library keeps.
 *
 * @param name the first of its names
 * @param imageId 64 hex digits
 * @param imageName the reference it was started from, which may also be an id
 * @param createdAt when it was created
 * @param isInfra whether it only holds the namespaces of a podman pod
 */
record StoredContainer(
        Known<String> name, String imageId, String imageName, Known<Instant> createdAt, boolean isInfra) {

    static StoredContainer of(Json.Obj entry) {
        Json.Obj metadata = metadata(entry.text("metadata"));
        Optional<String> name = entry.array("names").strings().stream().findFirst();
        String imageName = metadata.text("image-name");
        return new StoredContainer(
                Known.ifPresent(name),
                entry.text("image"),
                imageName,
                Known.ifPresent(instant(entry.text("created"))),
                imageName.startsWith("localhost/podman-pause:")
                        && name.filter(n -> n.endsWith("-infra")).isPresent());
    }

    /** A JSON object inside a JSON string. */
    private static Json.Obj metadata(String text) {
        try {
            return JsonReader.readObject(text);
        } catch (JsonSyntaxException notWritten) {
            return Json.Obj.EMPTY;
        }
    }

    private static Optional<Instant> instant(String text) {
        try {
            return Optional.of(OffsetDateTime.parse(text).toInstant());
        } catch (DateTimeParseException e) {
            return Optional.empty();
        }
    }
}
