package io.guardian.agent.workload.runtime;

import io.guardian.agent.workload.ContainerRuntime;
import io.guardian.agent.workload.grpc.GrpcClient;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Where the runtimes of a machine keep their state and listen. What isn't there is looked for again with every new
 * container, so a runtime may be installed or restarted at any time.
 *
 * @param stateFolders {@code state} settings of containerd
 * @param podmanRoots storages of podman
 * @param criSockets sockets of the Container Runtime Interface; those of containerd also serve its own API
 */
public record RuntimePlaces(List<Path> stateFolders, List<PodmanRoot> podmanRoots, List<Path> criSockets) {

    /** What the runtimes use when nothing is configured. */
    public static final RuntimePlaces DEFAULT = new RuntimePlaces(
            List.of(
                    Path.of("/run/containerd"),
                    Path.of("/run/k3s/containerd"),
                    Path.of("/run/docker/containerd/daemon")),
            List.of(PodmanRoot.DEFAULT),
            List.of(
                    Path.of("/run/containerd/containerd.sock"),
                    Path.of("/run/k3s/containerd/containerd.sock"),
                    Path.of("/run/crio/crio.sock"),
                    Path.of("/run/cri-dockerd.sock")));

    private static final Duration DEADLINE = Duration.ofSeconds(2);

    public RuntimePlaces {
        stateFolders = List.copyOf(stateFolders);
        podmanRoots = List.copyOf(podmanRoots);
        criSockets = List.copyOf(criSockets);
    }

    /** Also looks where the other looks. */
    public RuntimePlaces and(RuntimePlaces other) {
        return new RuntimePlaces(
                joined(stateFolders, other.stateFolders),
                joined(podmanRoots, other.podmanRoots),
                joined(criSockets, other.criSockets));
    }

    /** The same places on a machine whose root folder is mounted elsewhere. */
    public RuntimePlaces under(Path root) {
        return new RuntimePlaces(
                stateFolders.stream().map(folder -> under(root, folder)).toList(),
                podmanRoots.stream()
                        .map(podman -> new PodmanRoot(under(root, podman.graph()), under(root, podman.run())))
                        .toList(),
                criSockets.stream().map(socket -> under(root, socket)).toList());
    }

    private static Path under(Path root, Path place) {
        return root.resolve(Path.of("/").relativize(place));
    }

    private static <T> List<T> joined(List<T> first, List<T> second) {
        List<T> all = new ArrayList<>(first);
        all.addAll(second);
        return all;
    }

    /** The sources that read files. */
    public List<PlaceSource> files() {
        return List.of(new OciBundles(stateFolders), new PodmanStorage(podmanRoots));
    }

    /** The sources that are asked over sockets. */
    public List<ContainerSource> sockets() {
        List<ContainerSource> sources = new ArrayList<>();
        for (Path socket : criSockets) {
            GrpcClient client = new GrpcClient(socket, DEADLINE);
            ContainerRuntime runtime = runtimeOf(socket);
            sources.add(new CriSource(client, runtime));
            if (runtime == ContainerRuntime.CONTAINERD) {
                sources.add(new ContainerdSource(client));
            }
        }
        return sources;
    }

    private static ContainerRuntime runtimeOf(Path socket) {
        String path = socket.toString();
        return path.contains("containerd")
                ? ContainerRuntime.CONTAINERD
                : path.contains("crio") ? ContainerRuntime.CRI_O : ContainerRuntime.UNKNOWN;
    }
}
