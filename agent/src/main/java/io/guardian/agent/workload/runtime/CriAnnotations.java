package io.guardian.agent.workload.runtime;

import io.guardian.agent.workload.Known;
import io.guardian.agent.workload.PodFacts;
import io.guardian.core.id.ImageReference;
import java.util.Optional;

/** The notes by which containerd's CRI plugin says in a bundle which pod it belongs to. */
final class CriAnnotations {

    private static final String PREFIX = "io.kubernetes.cri.";
    private static final String TYPE = PREFIX + "container-type";

    private CriAnnotations() {}

    static boolean isOf(OciConfig config) {
        return config.annotations().containsKey(TYPE);
    }

    static boolean isSandbox(OciConfig config) {
        return config.annotation(TYPE).equals("sandbox");
    }

    /** The container's name in its pod; a sandbox has none and takes its pod's. */
    static Known<String> name(OciConfig config) {
        return ifSaid(config.annotation(PREFIX + (isSandbox(config) ? "sandbox-name" : "container-name")));
    }

    /** Unknown also where the image was given by its id, which the runtime's API can turn into a name. */
    static Known<ImageReference> image(OciConfig config) {
        return Known.ifPresent(ImageReference.parse(config.annotation(PREFIX + "image-name")));
    }

    /** The pod without its labels, which only the runtime's API tells. */
    static Known<PodFacts> pod(OciConfig config) {
        String uid = config.annotation(PREFIX + "sandbox-uid");
        String name = config.annotation(PREFIX + "sandbox-name");
        String namespace = config.annotation(PREFIX + "sandbox-namespace");
        return uid.isEmpty() || name.isEmpty() || namespace.isEmpty()
                ? Known.unknown()
                : Known.of(PodFacts.of(uid, name, namespace, Known.unknown()));
    }

    private static Known<String> ifSaid(String text) {
        return Known.ifPresent(Optional.of(text).filter(said -> !said.isEmpty()));
    }
}
