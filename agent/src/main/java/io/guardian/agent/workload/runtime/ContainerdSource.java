package io.guardian.agent.workload.runtime;

import io.guardian.agent.workload.ContainerDetails;
import io.guardian.agent.workload.ContainerFacts;
import io.guardian.agent.workload.ContainerRuntime;
import io.guardian.agent.workload.Known;
import io.guardian.agent.workload.grpc.GrpcAnswer;
import io.guardian.agent.workload.grpc.GrpcClient;
import io.guardian.agent.workload.grpc.ProtoReader;
import io.guardian.agent.workload.grpc.ProtoWriter;
import io.guardian.core.id.ContainerId;
import io.guardian.core.id.ImageReference;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * containerd's own API, for containers that no pod has: those of {@code ctr}, nerdctl and others in their own
 * namespaces. Each call names the namespace in a header field.
 */
public final class ContainerdSource implements ContainerSource {

    private static final String CONTAINERS_GET = "containerd.services.containers.v1.Containers/Get";
    private static final String NAMESPACES_LIST = "containerd.services.namespaces.v1.Namespaces/List";
    private static final List<String> OF_OTHERS = List.of("k8s.io", "moby");
    private static final int NAMESPACES_MAX = 64;

    private final GrpcClient client;
    private final ContainerdImages images;

    public ContainerdSource(GrpcClient client) {
        this.client = client;
        this.images = new ContainerdImages(client);
    }

    @Override
    public String name() {
        return "containerd:" + client.socket();
    }

    /** Only what containerd's files showed outside every pod: for pods, its Kubernetes interface says more. */
    @Override
    public boolean mayKnow(ContainerFacts soFar) {
        return client.mayAnswer()
                && soFar.runtime() == ContainerRuntime.CONTAINERD
                && soFar.pod() instanceof Known.Absent;
    }

    @Override
    public Answer ask(ContainerId id) {
        return switch (client.call(NAMESPACES_LIST, new byte[0], Map.of())) {
            case GrpcAnswer.Messages(var messages) -> askEach(id, namespaces(messages));
            case GrpcAnswer.Refused(int code, String message) ->
                new Answer.Unreachable(name() + " refused: " + message);
            case GrpcAnswer.Unreachable(String reason) -> new Answer.Unreachable(name() + ": " + reason);
        };
    }

    private static List<String> namespaces(List<byte[]> messages) {
        return messages.stream()
                .flatMap(message -> ProtoReader.of(message).messages(1).stream())
                .map(namespace -> namespace.text(1))
                .filter(name -> !OF_OTHERS.contains(name))
                .limit(NAMESPACES_MAX)
                .toList();
    }

    private Answer askEach(ContainerId id, List<String> namespaces) {
        byte[] request = new ProtoWriter().text(1, id.text()).toBytes();
        for (String namespace : namespaces) {
            Optional<ProtoReader> found = ContainerdImages.message(
                            client.call(CONTAINERS_GET, request, Map.of(ContainerdImages.NAMESPACE, namespace)))
                    .map(answer -> answer.message(1))
                    .filter(container -> container.text(1).equals(id.text()));
            if (found.isPresent()) {
                return new Answer.Found(describe(id, namespace, found.get()));
            }
        }
        return new Answer.NotHere();
    }

    /** {@code Container}: 1 id, 2 labels, 3 image, 4 runtime (1 name), 8 creation (1 seconds, 2 nanoseconds). */
    private RuntimeContainer describe(ContainerId id, String namespace, ProtoReader container) {
        String imageName = container.text(3);
        Optional<ImageReference> image = ImageReference.parse(imageName);
        ContainerdImages.Resolved resolved = images.resolve(namespace, imageName);
        ProtoReader created = container.message(8);
        ContainerFacts facts = new ContainerFacts(
                id,
                ContainerRuntime.CONTAINERD,
                Known.of(container.map(2).getOrDefault("nerdctl/name", id.text())),
                // A container made from a root file system and no image has none for good.
                imageName.isEmpty() ? Known.absent() : Known.ifPresent(image),
                imageName.isEmpty() ? Known.absent() : resolved.id(),
                Known.of(Instant.ofEpochSecond(created.number(1), created.number(2))),
                Known.of(false),
                Known.absent(),
                details(image, resolved, Isolation.reason(container.message(4).text(1), "")));
        return new RuntimeContainer(facts, ContainerFiles.NONE);
    }

    private static ContainerDetails details(
            Optional<ImageReference> image, ContainerdImages.Resolved resolved, String isolation) {
        List<String> digests = image.filter(name -> !resolved.digest().isEmpty())
                .map(name -> List.of(name.name() + "@" + resolved.digest()))
                .orElse(List.of());
        return new ContainerDetails(
                "",
                "",
                "",
                List.of(),
                List.of(),
                List.of(),
                Platform.text(),
                image.map(name -> List.of(name.toString())).orElse(List.of()),
                digests,
                0,
                -1,
                isolation);
    }
}
