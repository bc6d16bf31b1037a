package io.guardian.agent.workload.runtime;

import io.guardian.agent.workload.Known;
import io.guardian.agent.workload.grpc.GrpcAnswer;
import io.guardian.agent.workload.grpc.GrpcClient;
import io.guardian.agent.workload.grpc.ProtoReader;
import io.guardian.agent.workload.grpc.ProtoWriter;
import io.guardian.core.id.ImageId;
import io.guardian.core.text.Json;
import io.guardian.core.text.JsonReader;
import io.guardian.core.text.JsonSyntaxException;
import java.io.ByteArrayOutputStream;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Finds the id of an image in containerd, which keeps names of images only as manifests: from the name to the manifest
 * or list of manifests, from there to the configuration, whose digest is the id (OCI Image Format Specification 1.0).
 */
final class ContainerdImages {

    /** The header field by which a call names its namespace. */
    static final String NAMESPACE = "containerd-namespace";

    private static final String IMAGES_GET = "containerd.services.images.v1.Images/Get";
    private static final String CONTENT_READ = "containerd.services.content.v1.Content/Read";
    private static final long MANIFEST_BYTES_MAX = 1 << 20;
    private static final int DEPTH_MAX = 3;

    private final GrpcClient client;

    ContainerdImages(GrpcClient client) {
        this.client = client;
    }

    /**
     * What a name stands for.
     *
     * @param id of the image; unknown when a step couldn't be made
     * @param digest of the manifest that the name stands for, or the empty text
     */
    record Resolved(Known<ImageId> id, String digest) {}

    Resolved resolve(String namespace, String name) {
        byte[] request = new ProtoWriter().text(1, name).toBytes();
        // Image: 3 target, a descriptor: 1 media type, 2 digest, 3 size.
        ProtoReader target = message(client.call(IMAGES_GET, request, Map.of(NAMESPACE, namespace)))
                .map(answer -> answer.message(1).message(3))
                .orElseGet(() -> ProtoReader.of(new byte[0]));
        String digest = target.text(2);
        return new Resolved(Known.ifPresent(configOf(namespace, digest, target.number(3), DEPTH_MAX)), digest);
    }

    private Optional<ImageId> configOf(String namespace, String digest, long bytes, int depth) {
        if (digest.isEmpty() || bytes > MANIFEST_BYTES_MAX || depth == 0) {
            return Optional.empty();
        }
        return content(namespace, digest).flatMap(manifest -> {
            String config = manifest.object("config").text("digest");
            return config.isEmpty()
                    ? forThisMachine(manifest.array("manifests").objects())
                            .flatMap(entry -> configOf(namespace, entry.text("digest"), size(entry), depth - 1))
                    : ImageId.parse(config);
        });
    }

    private static Optional<Json.Obj> forThisMachine(List<Json.Obj> manifests) {
        String architecture = Platform.architecture();
        return manifests.stream()
                .filter(entry -> entry.object("platform").text("os").equals("linux")
                        && entry.object("platform").text("architecture").equals(architecture))
                .findFirst();
    }

    private static long size(Json.Obj descriptor) {
        return descriptor.number("size").map(Json.Num::asLong).orElse(MANIFEST_BYTES_MAX);
    }

    /** A blob by digest, sent in several messages of 2 data each. */
    private Optional<Json.Obj> content(String namespace, String digest) {
        byte[] request = new ProtoWriter().text(1, digest).toBytes();
        if (!(client.call(CONTENT_READ, request, Map.of(NAMESPACE, namespace))
                instanceof GrpcAnswer.Messages(List<byte[]> messages))) {
            return Optional.empty();
        }
        ByteArrayOutputStream blob = new ByteArrayOutputStream();
        messages.forEach(message -> blob.writeBytes(ProtoReader.of(message).bytes(2)));
        try {
            return JsonReader.read(blob.toByteArray(), 0, blob.size()) instanceof Json.Obj manifest
                    ? Optional.of(manifest)
                    : Optional.empty();
        } catch (JsonSyntaxException notAManifest) {
            return Optional.empty();
        }
    }

    /** The one message of an answer; empty when there was none. */
    static Optional<ProtoReader> message(GrpcAnswer answer) {
        return answer instanceof GrpcAnswer.Messages(List<byte[]> messages)
                ? messages.stream().findFirst().map(ProtoReader::of)
                : Optional.empty();
    }
}
