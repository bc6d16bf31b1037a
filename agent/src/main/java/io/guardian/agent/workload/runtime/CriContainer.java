package io.guardian.agent.workload.runtime;

import io.guardian.agent.workload.ContainerDetails;
import io.guardian.agent.workload.ContainerFacts;
import io.guardian.agent.workload.ContainerRuntime;
import io.guardian.agent.workload.Known;
import io.guardian.agent.workload.grpc.ProtoReader;
import io.guardian.core.id.ContainerId;
import java.util.Optional;

/**
 * Reads a container from the interface's messages. {@code Container}: 1 id, 2 sandbox, 3 metadata (1 name, 2 attempt),
 * 4 image (1 reference), 5 image as resolved, 6 state, 7 creation in nanoseconds since the epoch.
 */
final class CriContainer {

    private CriContainer() {}

    /**
     * @param listed the container in a list's answer
     * @param status the verbose answer about it, of which only the runtime's additions are read
     * @param sandbox the status of its sandbox
     * @param image its image
     */
    static RuntimeContainer of(
            ContainerId id,
            ContainerRuntime runtime,
            ProtoReader listed,
            ProtoReader status,
            ProtoReader sandbox,
            ProtoReader image) {
        CriInfo info = CriInfo.of(status.map(2));
        CriImage found = CriImage.of(image);
        ProtoReader metadata = listed.message(3);
        ContainerFacts facts = new ContainerFacts(
                id,
                runtime,
                Known.ifPresent(Optional.of(metadata.text(1)).filter(name -> !name.isEmpty())),
                found.nameOf(listed.message(4).text(1)),
                found.id(),
                Known.of(CriState.instant(listed.number(7))),
                Known.of(false),
                CriPod.of(sandbox),
                details(
                        CriState.ofContainer(listed.number(6)),
                        info,
                        found,
                        (int) metadata.number(2),
                        CriPod.handler(sandbox)));
        return new RuntimeContainer(facts, ContainerFiles.NONE);
    }

    static ContainerDetails details(String state, CriInfo info, CriImage image, int restartCount, String handler) {
        return new ContainerDetails(
                state,
                info.config().hostname(),
                info.config().user(),
                info.config().args(),
                info.args(),
                info.config().mounts(),
                Platform.text(),
                image.tagTexts(),
                image.digests(),
                info.pid(),
                restartCount,
                Isolation.reason(info.runtimeType(), handler));
    }
}
