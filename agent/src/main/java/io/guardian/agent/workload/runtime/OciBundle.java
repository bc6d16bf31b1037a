package io.guardian.agent.workload.runtime;

import io.guardian.agent.workload.ContainerDetails;
import io.guardian.agent.workload.ContainerFacts;
import io.guardian.agent.workload.ContainerRuntime;
import io.guardian.agent.workload.Known;
import io.guardian.agent.workload.file.BoundedRead;
import io.guardian.core.id.ContainerId;
import io.guardian.core.text.Json;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * A folder that containerd made for one task: {@code STATE/io.containerd.runtime.v2.task/NAMESPACE/ID}, with the
 * specification that runc starts the container from.
 */
record OciBundle(String namespace, ContainerId id, Path folder) {

    private static final int CONFIG_BYTES_MAX = 4 << 20;
    private static final int PID_BYTES_MAX = 16;
    private static final String DOCKER_NAMESPACE = "moby";

    /** Empty when the specification is gone or half written. */
    Optional<OciConfig> config() {
        return BoundedRead.json(folder.resolve("config.json"), CONFIG_BYTES_MAX)
                .filter(Json.Obj.class::isInstance)
                .map(json -> OciConfig.of((Json.Obj) json));
    }

    RuntimeContainer describe(OciConfig config) {
        boolean cri = CriAnnotations.isOf(config);
        boolean docker = namespace.equals(DOCKER_NAMESPACE);
        String chosenName = config.annotation("nerdctl/name");
        Known<String> name = cri
                ? CriAnnotations.name(config)
                : docker ? Known.unknown() : Known.of(chosenName.isEmpty() ? id.text() : chosenName);
        ContainerFacts facts = new ContainerFacts(
                id,
                docker ? ContainerRuntime.DOCKER : ContainerRuntime.CONTAINERD,
                name,
                cri ? CriAnnotations.image(config) : Known.unknown(),
                Known.unknown(),
                Known.unknown(),
                Known.of(CriAnnotations.isSandbox(config)),
                cri ? CriAnnotations.pod(config) : Known.absent(),
                details(config));
        return new RuntimeContainer(facts, files(config));
    }

    private ContainerDetails details(OciConfig config) {
        int pid = BoundedRead.text(folder.resolve("init.pid"), PID_BYTES_MAX)
                .map(OciBundle::pid)
                .orElse(0);
        return new ContainerDetails(
                "",
                config.hostname(),
                config.user(),
                config.args(),
                List.of(),
                config.mounts(),
                Platform.text(),
                List.of(),
                List.of(),
                pid,
                -1,
                "");
    }

    private ContainerFiles files(OciConfig config) {
        return config.root().isEmpty()
                ? ContainerFiles.NONE
                : new ContainerFiles(folder.resolve(config.root()).toString(), config.mounts(), config.uids());
    }

    static int pid(String digits) {
        return digits.matches("[1-9][0-9]{0,9}") ? (int) Math.min(Long.parseLong(digits), Integer.MAX_VALUE) : 0;
    }
}
