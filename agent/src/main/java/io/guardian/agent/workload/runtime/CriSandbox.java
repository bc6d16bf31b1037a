package io.guardian.agent.workload.runtime;

import io.guardian.agent.workload.ContainerFacts;
import io.guardian.agent.workload.ContainerRuntime;
import io.guardian.agent.workload.Known;
import io.guardian.agent.workload.PodFacts;
import io.guardian.agent.workload.grpc.ProtoReader;
import io.guardian.core.id.ContainerId;

/**
 * Reads a pod's sandbox as the container it is. {@code PodSandboxStatus}: 1 id, 2 metadata, 3 state, 4 creation in
 * nanoseconds since the epoch.
 */
final class CriSandbox {

    private CriSandbox() {}

    static RuntimeContainer of(
            ContainerId id, ContainerRuntime runtime, ProtoReader status, CriInfo info, ProtoReader image) {
        CriImage found = CriImage.of(image);
        Known<PodFacts> pod = CriPod.of(status);
        ContainerFacts facts = new ContainerFacts(
                id,
                runtime,
                pod.map(PodFacts::name),
                found.nameOf(info.image()),
                found.id(),
                Known.of(CriState.instant(status.number(4))),
                Known.of(true),
                pod,
                CriContainer.details(CriState.ofSandbox(status.number(3)), info, found, 0, CriPod.handler(status)));
        return new RuntimeContainer(facts, ContainerFiles.NONE);
    }
}
