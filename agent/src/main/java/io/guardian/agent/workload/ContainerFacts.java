package io.guardian.agent.workload;

import io.guardian.core.id.ContainerId;
import io.guardian.core.id.ImageId;
import io.guardian.core.id.ImageReference;
import java.time.Instant;

/**
 * Everything that runtimes tell about a container. What selectors ask for and what its uid is made of comes one by one;
 * the rest, which is only shown, comes in {@link ContainerDetails}.
 *
 * @param id the runtime's id
 * @param runtime which runtime keeps it
 * @param name the name in its pod, or the name given by whoever started it
 * @param image the image it was started from, in full form
 * @param imageId digest of the image's configuration
 * @param createdAt the runtime's creation time; microseconds count, since the container's uid holds them
 * @param sandbox whether it's the pause container of a pod
 * @param pod the pod it runs in; absent outside Kubernetes
 * @param details what is shown but decides nothing
 */
public record ContainerFacts(
        ContainerId id,
        ContainerRuntime runtime,
        Known<String> name,
        Known<ImageReference> image,
        Known<ImageId> imageId,
        Known<Instant> createdAt,
        Known<Boolean> sandbox,
        Known<PodFacts> pod,
        ContainerDetails details) {

    /** A container of which only the id is known. */
    public static ContainerFacts unknown(ContainerId id, ContainerRuntime runtime) {
        return new ContainerFacts(
                id,
                runtime,
                Known.unknown(),
                Known.unknown(),
                Known.unknown(),
                Known.unknown(),
                Known.unknown(),
                Known.unknown(),
                ContainerDetails.NONE);
    }

    /** Whether a fact that decides something is still to come. */
    public boolean isPending() {
        return name.isUnknown()
                || image.isUnknown()
                || imageId.isUnknown()
                || createdAt.isUnknown()
                || sandbox.isUnknown()
                || pod.isUnknown()
                || pod.asOptional()
                        .map(PodFacts::labels)
                        .filter(Known::isUnknown)
                        .isPresent();
    }

    /** Whether nothing that decides something is left to be told, however late. */
    public boolean isComplete() {
        boolean told = name.isSettled()
                && image.isSettled()
                && imageId.isSettled()
                && createdAt.isSettled()
                && sandbox.isSettled()
                && pod.isSettled();
        return told
                && pod.asOptional()
                        .map(PodFacts::labels)
                        .filter(labels -> !labels.isSettled())
                        .isEmpty();
    }

    /** Adds what another source knows; where both know a value, this one's stays. */
    public ContainerFacts or(ContainerFacts other) {
        return new ContainerFacts(
                id,
                runtime == ContainerRuntime.UNKNOWN ? other.runtime : runtime,
                name.or(other.name),
                image.or(other.image),
                imageId.or(other.imageId),
                createdAt.or(other.createdAt),
                sandbox.or(other.sandbox),
                pod.asOptional()
                        .flatMap(own -> other.pod.asOptional().map(own::or))
                        .map(Known::of)
                        .orElseGet(() -> pod.or(other.pod)),
                details.or(other.details));
    }

    /**
     * Stops waiting: what is unknown counts as unsaid.
     *
     * @param appearedAt when its cgroup was first seen, which stands in for a creation time nobody told
     */
    public ContainerFacts settled(Instant appearedAt) {
        return new ContainerFacts(
                id,
                runtime,
                name.settled(),
                image.settled(),
                imageId.settled(),
                createdAt.or(Known.of(appearedAt)),
                sandbox.or(Known.of(false)),
                pod.map(PodFacts::settled).settled(),
                details);
    }
}
