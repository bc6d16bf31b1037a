package io.guardian.agent.workload.runtime;

import io.guardian.agent.workload.Known;
import io.guardian.agent.workload.grpc.ProtoReader;
import io.guardian.core.id.ImageId;
import io.guardian.core.id.ImageReference;
import java.util.List;

/**
 * The {@code Image} of an ImageStatus answer: 1 id, 2 tags, 3 digests.
 *
 * @param id digest of the configuration
 * @param tags references in full form
 * @param digests references by manifest digest, in full form
 */
record CriImage(Known<ImageId> id, List<ImageReference> tags, List<String> digests) {

    private static final int NAMES_MAX = 64;

    static CriImage of(ProtoReader image) {
        return new CriImage(
                Known.ifPresent(ImageId.parse(image.text(1))),
                references(image.texts(2)),
                references(image.texts(3)).stream()
                        .map(ImageReference::toString)
                        .toList());
    }

    private static List<ImageReference> references(List<String> texts) {
        return texts.stream()
                .limit(NAMES_MAX)
                .flatMap(text -> ImageReference.parse(text).stream())
                .toList();
    }

    /** The reference a container was started by, or when that was an id, the image's first tag, or else its digest. */
    Known<ImageReference> nameOf(String asked) {
        return Known.ifPresent(ImageReference.parse(asked)
                .or(() -> tags.stream().findFirst())
                .or(() -> digests.stream().findFirst().flatMap(ImageReference::parse)));
    }

    List<String> tagTexts() {
        return tags.stream().map(ImageReference::toString).toList();
    }
}
