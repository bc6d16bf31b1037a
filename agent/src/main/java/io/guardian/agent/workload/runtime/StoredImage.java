package io.guardian.agent.workload.runtime;

import io.guardian.core.id.ImageReference;
import io.guardian.core.text.Json;
import java.util.List;

/**
 * An entry of {@code images.json}, the list of images that the containers/storage library keeps.
 *
 * @param tags its names in full form
 * @param digests its names by manifest digest
 */
record StoredImage(List<ImageReference> tags, List<String> digests) {

    static final StoredImage NONE = new StoredImage(List.of(), List.of());

    private static final int NAMES_MAX = 64;

    static StoredImage of(Json.Obj entry) {
        List<ImageReference> names = entry.array("names").strings().stream()
                .limit(NAMES_MAX)
                .flatMap(name -> ImageReference.parse(name).stream())
                .toList();
        String digest = entry.text("digest");
        return new StoredImage(
                names,
                names.stream()
                        .map(ImageReference::name)
                        .distinct()
                        .filter(name -> !digest.isEmpty())
                        .map(name -> name + "@" + digest)
                        .toList());
    }
}
