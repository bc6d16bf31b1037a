package io.guardian.agent.workload.runtime;

import io.guardian.agent.workload.ContainerFacts;
import io.guardian.agent.workload.ContainerRuntime;
import io.guardian.agent.workload.Known;
import io.guardian.agent.workload.grpc.GrpcAnswer;
import io.guardian.agent.workload.grpc.GrpcClient;
import io.guardian.agent.workload.grpc.ProtoReader;
import io.guardian.agent.workload.grpc.ProtoWriter;
import io.guardian.core.id.ContainerId;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A runtime behind the Container Runtime Interface of Kubernetes (the {@code runtime.v1} API, or the one before it):
 * containerd, CRI-O and others. Knows the containers and sandboxes of pods, with labels, image ids and creation times.
 */
public final class CriSource implements ContainerSource {

    private static final String CURRENT = "runtime.v1.";
    /** What containerd before 1.6 and CRI-O before 1.20 speak; the messages used here are the same. */
    private static final String OLDER = "runtime.v1alpha2.";

    private static final String RUNTIME = "RuntimeService/";
    private static final String IMAGES = "ImageService/";

    private final GrpcClient client;
    private final ContainerRuntime runtime;
    private volatile String version = CURRENT;

    /** @param runtime whose socket it is, as far as its path tells */
    public CriSource(GrpcClient client, ContainerRuntime runtime) {
        this.client = client;
        this.runtime = runtime;
    }

    @Override
    public String name() {
        return "cri:" + client.socket();
    }

    /** Not podman's containers, and not those that containerd's own files put outside every pod. */
    @Override
    public boolean mayKnow(ContainerFacts soFar) {
        boolean other = soFar.runtime() == ContainerRuntime.PODMAN || soFar.runtime() == ContainerRuntime.DOCKER;
        return client.mayAnswer() && !other && !(soFar.pod() instanceof Known.Absent);
    }

    @Override
    public Answer ask(ContainerId id) {
        ProtoWriter filter = new ProtoWriter().text(1, id.text());
        return switch (call(RUNTIME + "ListContainers", new ProtoWriter().message(1, filter))) {
            case GrpcAnswer.Messages(var messages) -> {
                // The filter also finds ids that only begin like this one.
                Optional<ProtoReader> listed = only(messages).messages(1).stream()
                        .filter(container -> container.text(1).equals(id.text()))
                        .findFirst();
                yield listed.isPresent() ? container(id, listed.get()) : sandbox(id);
            }
            case GrpcAnswer.Refused(int code, String message) ->
                new Answer.Unreachable(name() + " refused: " + message);
            case GrpcAnswer.Unreachable(String reason) -> new Answer.Unreachable(name() + ": " + reason);
        };
    }

    private Answer container(ContainerId id, ProtoReader listed) {
        ProtoReader status = ask(RUNTIME + "ContainerStatus", verbose(id.text()));
        ProtoReader pod =
                ask(RUNTIME + "PodSandboxStatus", verbose(listed.text(2))).message(1);
        return new Answer.Found(CriContainer.of(id, runtime, listed, status, pod, image(listed.text(5))));
    }

    private Answer sandbox(ContainerId id) {
        return switch (call(RUNTIME + "PodSandboxStatus", verbose(id.text()))) {
            case GrpcAnswer.Messages(var messages) -> {
                ProtoReader answer = only(messages);
                CriInfo info = CriInfo.of(answer.map(2));
                yield answer.message(1).text(1).equals(id.text())
                        ? new Answer.Found(CriSandbox.of(id, runtime, answer.message(1), info, image(info.image())))
                        : new Answer.NotHere();
            }
            case GrpcAnswer.Refused(int code, String message) -> new Answer.NotHere();
            case GrpcAnswer.Unreachable(String reason) -> new Answer.Unreachable(name() + ": " + reason);
        };
    }

    private ProtoReader image(String reference) {
        return reference.isEmpty()
                ? ProtoReader.of(new byte[0])
                : ask(IMAGES + "ImageStatus", new ProtoWriter().message(1, new ProtoWriter().text(1, reference)))
                        .message(1);
    }

    private static ProtoWriter verbose(String id) {
        return new ProtoWriter().text(1, id).number(2, 1);
    }

    /** A part of the picture: where it can't be had, the rest still counts and the part is asked for again. */
    private ProtoReader ask(String method, ProtoWriter request) {
        return switch (call(method, request)) {
            case GrpcAnswer.Messages(var messages) -> only(messages);
            case GrpcAnswer.Refused refused -> ProtoReader.of(new byte[0]);
            case GrpcAnswer.Unreachable unreachable -> ProtoReader.of(new byte[0]);
        };
    }

    private GrpcAnswer call(String method, ProtoWriter request) {
        GrpcAnswer answer = client.call(version + method, request.toBytes(), Map.of());
        boolean tooNew = answer instanceof GrpcAnswer.Refused(int code, String message)
                && code == GrpcAnswer.Refused.UNIMPLEMENTED
                && version.equals(CURRENT);
        if (!tooNew) {
            return answer;
        }
        version = OLDER;
        return client.call(version + method, request.toBytes(), Map.of());
    }

    private static ProtoReader only(List<byte[]> messages) {
        return ProtoReader.of(messages.isEmpty() ? new byte[0] : messages.getFirst());
    }
}
