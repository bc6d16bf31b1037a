package io.guardian.agent.workload;

import static org.assertj.core.api.Assertions.assertThat;

import io.guardian.agent.workload.cgroup.CgroupPath;
import io.guardian.agent.workload.file.KernelFiles;
import io.guardian.agent.workload.runtime.ContainerFiles;
import io.guardian.agent.workload.runtime.ContainerSource;
import io.guardian.agent.workload.runtime.PlaceSource;
import io.guardian.agent.workload.runtime.RuntimeContainer;
import io.guardian.core.id.ContainerId;
import io.guardian.core.id.ImageId;
import io.guardian.core.id.ImageReference;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A host of made-up cgroups, with runtimes that answer what a test says, and who hears of its workloads. */
abstract class OnMadeUpHost {
    static final String A = "a".repeat(64);
    static final String B = "b".repeat(64);
    static final Instant CREATED = Instant.parse("2026-11-21T21:00:00.123456Z");

    @TempDir
    Path folder;

    MadeUpCgroups cgroups = new MadeUpCgroups(Path.of("/"));
    final Map<CgroupPath, RuntimeContainer> storage = new ConcurrentHashMap<>();
    final Map<ContainerId, RuntimeContainer> answers = new ConcurrentHashMap<>();
    final Heard heard = new Heard();
    List<CgroupPath> only = List.of();
    Duration patience = Duration.ofMinutes(5);
    Resolvers configured = Resolvers.NONE;
    Path hostRoot = Path.of("/");
    private Optional<Workloads> started = Optional.empty();

    @BeforeEach
    void makeHost() throws IOException {
        hostRoot = folder.resolve("host");
        cgroups = new MadeUpCgroups(Files.createDirectory(folder.resolve("cgroup")));
        Files.createDirectories(folder.resolve("host/etc"));
        Files.writeString(folder.resolve("host/etc/passwd"), "root:x:0:0::/:/bin/sh\nwww:x:33:33::/:\n");
        Files.writeString(folder.resolve("host/etc/resolv.conf"), "nameserver 10.0.0.2\n");
    }

    @AfterEach
    void stop() {
        started.ifPresent(Workloads::close);
    }

    Workloads start() {
        PlaceSource places = place -> Optional.ofNullable(storage.get(place));
        WorkloadOptions options = new WorkloadOptions(
                cgroups.tree(),
                only,
                List.of(places),
                List.of(new Answers(answers)),
                new KernelFiles(),
                hostRoot,
                configured,
                patience);
        Workloads workloads = Workloads.start(options, Clock.systemUTC(), List.of(heard));
        started = Optional.of(workloads);
        return workloads;
    }

    void known(String place, String id) {
        storage.put(new CgroupPath(place), complete(id));
    }

    RuntimeContainer complete(String id) {
        ContainerFacts facts = new ContainerFacts(
                new ContainerId(id),
                ContainerRuntime.PODMAN,
                Known.of("cart"),
                Known.ifPresent(ImageReference.parse("shop:1.0")),
                Known.of(new ImageId(B)),
                Known.of(CREATED),
                Known.of(false),
                Known.absent(),
                ContainerDetails.NONE);
        return new RuntimeContainer(
                facts,
                new ContainerFiles(folder.resolve("host/rootfs").toString(), List.of(), ContainerFiles.SAME_UIDS));
    }

    static ContainerWorkload container(Attribution attribution) {
        assertThat(attribution).isInstanceOf(Attribution.Inside.class);
        return (ContainerWorkload) ((Attribution.Inside) attribution).workload();
    }

    static ServiceWorkload service(Attribution attribution) {
        assertThat(attribution).isInstanceOf(Attribution.Inside.class);
        return (ServiceWorkload) ((Attribution.Inside) attribution).workload();
    }

    static void await(java.util.function.BooleanSupplier condition) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (!condition.getAsBoolean() && System.nanoTime() < deadline) {
            Thread.onSpinWait();
        }
    }

    private record Answers(Map<ContainerId, RuntimeContainer> known) implements ContainerSource {
        @Override
        public String name() {
            return "answers";
        }

        @Override
        public boolean mayKnow(ContainerFacts soFar) {
            return true;
        }

        @Override
        public Answer ask(ContainerId id) {
            RuntimeContainer found = known.get(id);
            return found == null ? new Answer.NotHere() : new Answer.Found(found);
        }
    }

    /** Remembers what was told. */
    static final class Heard implements WorkloadListener {
        private final BlockingQueue<Map.Entry<String, Workload>> told = new LinkedBlockingQueue<>();

        @Override
        public void appeared(Workload workload) {
            told.add(Map.entry("appeared", workload));
        }

        @Override
        public void changed(Workload workload) {
            told.add(Map.entry("changed", workload));
        }

        @Override
        public void ended(Workload workload, Instant at) {
            told.add(Map.entry("ended", workload));
        }

        Workload next(String kind) {
            while (true) {
                var entry = poll();
                if (entry.getKey().equals(kind)) {
                    return entry.getValue();
                }
            }
        }

        ContainerWorkload nextSettled() {
            while (true) {
                if (poll().getValue() instanceof ContainerWorkload container && !container.isPending()) {
                    return container;
                }
            }
        }

        private Map.Entry<String, Workload> poll() {
            try {
                return Optional.ofNullable(told.poll(20, TimeUnit.SECONDS)).orElseThrow();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
