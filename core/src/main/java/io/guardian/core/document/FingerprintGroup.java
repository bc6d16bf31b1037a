package io.guardian.core.document;

import io.guardian.core.text.Json;
import java.util.List;

/**
 * The fingerprints of one image or one service.
 *
 * @param image empty for a service
 * @param imageId empty for a service
 * @param cgroup empty for an image
 * @param machines uids, sorted; as are the names and ids of containers
 */
public record FingerprintGroup(
        String image,
        String imageId,
        String cgroup,
        Span span,
        List<Fingerprint> fingerprints,
        List<String> machines,
        List<String> containerNames,
        List<String> containerIds)
        implements Resource {
    public FingerprintGroup {
        fingerprints = List.copyOf(fingerprints);
        machines = List.copyOf(machines);
        containerNames = List.copyOf(containerNames);
        containerIds = List.copyOf(containerIds);
    }

    @Override
    public Kind kind() {
        return Kind.FINGERPRINT_GROUP;
    }

    @Override
    public String name() {
        return image.isEmpty() ? cgroup : image;
    }

    @Override
    public String uid() {
        return "";
    }

    static FingerprintGroup read(Fields metadata, Fields data) {
        var fingerprints = data.require("fingerprints")
                .map(list -> list.items(0).stream()
                        .flatMap(item -> DocumentReader.readAs(item, Kind.FINGERPRINT).stream())
                        .map(Fingerprint.class::cast)
                        .toList())
                .orElse(List.of());
        var group = new FingerprintGroup(
                metadata.text("image"),
                metadata.text("imageID"),
                metadata.text("cgroup"),
                Span.read(metadata),
                fingerprints,
                texts(data, "machines"),
                texts(data, "containerNames"),
                texts(data, "containerIDs"));
        data.refuseUnknown();
        return group;
    }

    private static List<String> texts(Fields data, String key) {
        return data.take(key).map(slot -> slot.texts(0)).orElse(List.of());
    }

    public Json.Obj toJson() {
        var metadata = Json.object()
                .putUnlessEmpty("image", image)
                .putUnlessEmpty("imageID", imageId)
                .putUnlessEmpty("cgroup", cgroup);
        span.write(metadata);
        return Json.object()
                .put("apiVersion", Documents.API_VERSION)
                .put("kind", kind().toString())
                .put("metadata", metadata.build())
                .put(
                        "data",
                        Json.object()
                                .put(
                                        "fingerprints",
                                        new Json.Arr(fingerprints.stream()
                                                .<Json>map(Fingerprint::toJson)
                                                .toList()))
                                .put("machines", Json.strings(machines))
                                .put("containerNames", Json.strings(containerNames))
                                .put("containerIDs", Json.strings(containerIds))
                                .build())
                .build();
    }
}
