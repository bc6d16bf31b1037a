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
import io.guardian.core.net.IpAddress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
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
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class WorkloadsTest {

    private static final String A = "a".repeat(64);
    private static final String B = "b".repeat(64);
    private static final Instant CREATED = Instant.parse("2026-11-21T21:00:00.123456Z");

    @TempDir
    private Path folder;

    private MadeUpCgroups cgroups = new MadeUpCgroups(Path.of("/"));
    private final Map<CgroupPath, RuntimeContainer> storage = new ConcurrentHashMap<>();
    private final Map<ContainerId, RuntimeContainer> answers = new ConcurrentHashMap<>();
    private final Heard heard = new Heard();
    private List<CgroupPath> only = List.of();
    private Duration patience = Duration.ofMinutes(5);
    private Resolvers configured = Resolvers.NONE;
    private Path hostRoot = Path.of("/");
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

    private Workloads start() {
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

    @Test
    void a_process_of_no_container_and_no_service_belongs_to_nobody() {
        long shell = cgroups.make("/user.slice/user-0.slice/session-1.scope");
        assertThat(start().byCgroup(shell)).isEqualTo(new Attribution.Outside());
    }

    @Test
    void a_service_is_the_outermost_part_and_its_sub_cgroups_belong_to_it() {
        long top = cgroups.make("/system.slice/outer.service");
        long sub = cgroups.make("/system.slice/outer.service/inner.service/worker");
        Workloads workloads = start();
        assertThat(service(workloads.byCgroup(sub)).cgroup().text()).isEqualTo("/system.slice/outer.service");
        assertThat(workloads.byCgroup(sub)).isSameAs(workloads.byCgroup(top));
        assertThat(service(workloads.byCgroup(top)).unit()).isEqualTo("outer.service");
    }

    @Test
    void a_service_is_named_by_its_first_process_and_its_users_by_the_host() {
        Workloads workloads = start();
        long id = cgroups.make("/system.slice/nginx.service");
        workloads.cgroupCreated(id, "/system.slice/nginx.service");
        ServiceWorkload service = service(workloads.byCgroup(id));
        assertThat(service.users().nameOf(33)).isEqualTo("www");
        assertThat(service.users().nameOf(34)).isEqualTo("34");
        assertThat(service.resolvers().addresses()).hasToString("[10.0.0.2]");
        assertThat(service.isPending()).isFalse();
    }

    @Test
    void the_process_of_the_first_event_names_a_service_whose_processes_are_gone() {
        Workloads workloads = start();
        long id = cgroups.make("/system.slice/quick.service");
        Instant startedAt = Instant.parse("2026-11-21T21:05:00Z");
        ServiceWorkload service = service(workloads.byCgroup(id, new FirstProcess(4711, startedAt)));
        assertThat(service.mainPid()).isEqualTo(4711);
        assertThat(service.startedAt()).isEqualTo(startedAt);
    }

    @Test
    void a_service_that_empties_has_ended_and_starts_anew_with_its_next_process() {
        long id = cgroups.make("/system.slice/nginx.service");
        Workloads workloads = start();
        Workload first = service(workloads.byCgroup(id, new FirstProcess(100, CREATED)));
        cgroups.populate("/system.slice/nginx.service", false);
        workloads.processEnded(id);
        assertThat(heard.next("ended").key()).isEqualTo(first.key());
        assertThat(service(workloads.byCgroup(id))).as("a straggler's event").isEqualTo(first);
        cgroups.populate("/system.slice/nginx.service", true);
        Workload second = service(workloads.byCgroup(id, new FirstProcess(200, CREATED.plusSeconds(9))));
        assertThat(second.key()).isNotEqualTo(first.key());
    }

    @Test
    void an_empty_service_is_no_workload_at_the_start() {
        cgroups.make("/system.slice/off.service", false);
        assertThat(start().alive()).isEmpty();
    }

    @Test
    void a_container_wins_over_the_service_around_it() {
        String place = "/system.slice/containerd.service/kubepods/pod1/" + A;
        known(place, A);
        long id = cgroups.make(place);
        assertThat(container(start().byCgroup(id)).id().text()).isEqualTo(A);
    }

    @Test
    void a_service_inside_a_container_belongs_to_the_container() {
        known("/pods/" + A, A);
        long id = cgroups.make("/pods/" + A + "/system.slice/sshd.service");
        Workloads workloads = start();
        assertThat(container(workloads.byCgroup(id)).cgroup().text()).isEqualTo("/pods/" + A);
    }

    @Test
    void of_nested_containers_the_innermost_known_one_counts() {
        known("/docker/" + A, A);
        known("/docker/" + A + "/libpod-" + B, B);
        long inner = cgroups.make("/docker/" + A + "/libpod-" + B + "/x");
        assertThat(container(start().byCgroup(inner)).id().text()).isEqualTo(B);
    }

    @Test
    void a_folder_named_like_a_container_inside_a_known_one_does_not_leave_it() {
        known("/pods/" + A, A);
        long forged = cgroups.make("/pods/" + A + "/docker-" + B + ".scope");
        assertThat(container(start().byCgroup(forged)).id().text()).isEqualTo(A);
    }

    @Test
    void a_named_but_unknown_container_is_pending_and_settles_when_patience_ends() {
        patience = Duration.ofMillis(100);
        long id = cgroups.make("/docker/" + A);
        Workloads workloads = start();
        assertThat(container(workloads.byCgroup(id)).isPending()).isTrue();
        ContainerWorkload settled = heard.nextSettled();
        assertThat(settled.facts().image()).isEqualTo(new Known.Unsaid<>());
        assertThat(settled.facts().pod()).isEqualTo(new Known.Unsaid<>());
        assertThat(settled.facts().createdAt().asOptional()).isPresent();
        assertThat(workloads.counters().settledByTime()).isOne();
    }

    @Test
    void a_folder_named_like_a_container_inside_a_service_goes_back_to_the_service() {
        patience = Duration.ofMillis(100);
        cgroups.make("/system.slice/app.service");
        long id = cgroups.make("/system.slice/app.service/" + A);
        Workloads workloads = start();
        assertThat(container(workloads.byCgroup(id)).isPending()).isTrue();
        heard.next("ended");
        assertThat(service(workloads.byCgroup(id)).unit()).isEqualTo("app.service");
    }

    @Test
    void facts_that_come_late_are_told_and_the_container_stays_the_same() throws IOException {
        Workloads workloads = start();
        long id = cgroups.make("/kubepods/pod1/" + A);
        workloads.cgroupCreated(id, "/kubepods/pod1/" + A);
        InstanceKey key = heard.next("appeared").key();
        assertThat(container(workloads.byCgroup(id)).isPending()).isTrue();
        Files.createDirectories(folder.resolve("host/rootfs/etc"));
        Files.writeString(
                folder.resolve("host/rootfs/etc/passwd"), "toor:x:0:0::/:\nroot:x:7:7::/:\nshop:x:1000:1000::/:\n");
        answers.put(new ContainerId(A), complete(A));
        ContainerWorkload known = heard.nextSettled();
        assertThat(known.key()).isEqualTo(key);
        assertThat(known.facts().name()).isEqualTo(Known.of("cart"));
        assertThat(known.users().nameOf(1000)).isEqualTo("shop");
        assertThat(known.users().nameOf(0)).isEqualTo("root");
        assertThat(known.users().nameOf(7)).as("no other user is called root").isEqualTo("7");
        assertThat(workloads.byCgroup(id)).isEqualTo(new Attribution.Inside(known));
    }

    /** As between a stop and the next start, when the runtime has told of the folder and mounted nothing in it. */
    @Test
    void a_container_whose_root_is_not_mounted_waits_for_its_users() throws IOException {
        Path root = Files.createDirectories(folder.resolve("host/rootfs"));
        answers.put(new ContainerId(A), complete(A));
        Workloads workloads = start();
        long id = cgroups.make("/default/" + A);
        workloads.cgroupCreated(id, "/default/" + A);
        await(() -> container(workloads.byCgroup(id)).facts().name().equals(Known.of("cart")));
        assertThat(container(workloads.byCgroup(id)).isPending()).isTrue();
        Path mounted = Files.createDirectories(folder.resolve("mounted/etc"));
        Files.writeString(mounted.resolve("passwd"), "shop:x:1000:1000::/:\n");
        Files.delete(root);
        Files.move(mounted.getParent(), root);
        assertThat(heard.nextSettled().users().nameOf(1000)).isEqualTo("shop");
    }

    /** The runtime's own code is in the cgroup first, and still has the host's root. */
    @Test
    void a_container_never_gets_the_hosts_users_from_a_process_that_still_has_its_root() throws IOException {
        hostRoot = Path.of("/");
        String place = "/default/" + A;
        answers.put(new ContainerId(A), new RuntimeContainer(complete(A).facts(), ContainerFiles.NONE));
        long id = cgroups.make(place);
        cgroups.member(place, ProcessHandle.current().pid());
        Workloads workloads = start();
        workloads.cgroupCreated(id, place);
        await(() -> container(workloads.byCgroup(id)).facts().name().equals(Known.of("cart")));
        assertThat(container(workloads.byCgroup(id)).isPending()).isTrue();
        try (var inside = process("root-of-its-own")) {
            cgroups.member(place, inside.pid());
            assertThat(heard.nextSettled().users().nameOf(1000)).isEqualTo("inside");
        }
    }

    /** One with a root of its own, where 1000 is called {@code inside}. */
    private Rooted process(String name) throws IOException {
        Assumptions.assumeTrue("root".equals(System.getProperty("user.name")), "needs root");
        Path busybox = Path.of("/bin/busybox");
        Assumptions.assumeTrue(Files.isExecutable(busybox), "needs busybox-static");
        Path root = Files.createDirectories(folder.resolve(name));
        Files.copy(busybox, root.resolve("busybox"), StandardCopyOption.COPY_ATTRIBUTES);
        Files.createDirectories(root.resolve("etc"));
        Files.writeString(root.resolve("etc/passwd"), "inside:x:1000:1000::/:\n");
        // It ends with its input.
        Process process = new ProcessBuilder("chroot", root.toString(), "/busybox", "cat").start();
        process.outputWriter().append("up\n").flush();
        assertThat(process.inputReader().readLine()).isEqualTo("up");
        return new Rooted(process);
    }

    private record Rooted(Process process) implements AutoCloseable {
        long pid() {
            return process.pid();
        }

        @Override
        public void close() {
            process.destroyForcibly();
        }
    }

    @Test
    void configured_resolvers_count_besides_those_of_the_workload() throws IOException {
        configured = new Resolvers(List.of(
                IpAddress.parse("169.254.20.10").orElseThrow(),
                IpAddress.parse("10.0.0.2").orElseThrow()));
        known("/default/" + A, A);
        Path etc = Files.createDirectories(folder.resolve("host/rootfs/etc"));
        Files.writeString(etc.resolve("resolv.conf"), "nameserver 10.96.0.10\n");
        long service = cgroups.make("/system.slice/nginx.service");
        Workloads workloads = start();
        assertThat(service(workloads.byCgroup(service)).resolvers().addresses())
                .hasToString("[10.0.0.2, 169.254.20.10]");
        long id = cgroups.make("/default/" + A);
        workloads.cgroupCreated(id, "/default/" + A);
        assertThat(heard.nextSettled().resolvers().addresses()).hasToString("[10.96.0.10, 169.254.20.10, 10.0.0.2]");
    }

    @Test
    void a_container_of_which_no_file_could_be_read_has_the_configured_resolvers() {
        patience = Duration.ofMillis(100);
        configured = new Resolvers(List.of(IpAddress.parse("10.0.0.2").orElseThrow()));
        cgroups.make("/docker/" + A);
        start();
        assertThat(heard.nextSettled().resolvers()).isEqualTo(configured);
    }

    @Test
    void a_removed_container_has_ended_and_its_last_events_still_belong_to_it() {
        String place = "/kubepods/pod1/" + A;
        known(place, A);
        long id = cgroups.make(place);
        Workloads workloads = start();
        Workload before = container(workloads.byCgroup(id));
        cgroups.remove(place);
        workloads.cgroupRemoved(id);
        assertThat(heard.next("ended").key()).isEqualTo(before.key());
        assertThat(container(workloads.byCgroup(id)).key()).isEqualTo(before.key());
        assertThat(workloads.alive()).isEmpty();
    }

    @Test
    void a_container_whose_processes_are_gone_has_ended_though_its_cgroup_stays() {
        String place = "/default/" + A;
        known(place, A);
        long id = cgroups.make(place);
        Workloads workloads = start();
        Workload before = container(workloads.byCgroup(id));
        cgroups.populate(place, false);
        workloads.processEnded(id);
        assertThat(heard.next("ended").key()).isEqualTo(before.key());
        assertThat(container(workloads.byCgroup(id)).key()).isEqualTo(before.key());
        assertThat(workloads.alive()).isEmpty();
        cgroups.populate(place, true);
        assertThat(container(workloads.byCgroup(id)).key()).as("started again").isEqualTo(before.key());
        assertThat(workloads.alive()).hasSize(1);
    }

    @Test
    void a_container_gone_before_its_facts_came_is_settled_first_and_then_ends() {
        String place = "/kubepods/pod1/" + A;
        Workloads workloads = start();
        long id = cgroups.make(place);
        workloads.cgroupCreated(id, place);
        cgroups.remove(place);
        answers.put(new ContainerId(A), complete(A));
        workloads.cgroupRemoved(id);
        assertThat(heard.nextSettled().facts().name()).isEqualTo(Known.of("cart"));
        Workload ended = heard.next("ended");
        assertThat(ended.isPending()).isFalse();
        assertThat(container(workloads.byCgroup(id)).key()).isEqualTo(ended.key());
    }

    @Test
    void a_container_that_was_only_created_has_not_ended() {
        patience = Duration.ofMillis(100);
        String place = "/default/" + A;
        known(place, A);
        long id = cgroups.make(place, false);
        Workloads workloads = start();
        workloads.cgroupCreated(id, place);
        heard.nextSettled();
        assertThat(workloads.alive()).hasSize(1);
    }

    @Test
    void a_lost_report_of_a_new_cgroup_is_made_good_by_its_first_event() {
        Workloads workloads = start();
        known("/kubepods/pod1/" + A, A);
        long id = cgroups.make("/kubepods/pod1/" + A + "/init");
        await(() -> workloads.byCgroup(id) instanceof Attribution.Inside);
        assertThat(container(workloads.byCgroup(id)).id().text()).isEqualTo(A);
    }

    @Test
    void an_unknown_cgroup_is_unresolved_and_counted() {
        Workloads workloads = start();
        assertThat(workloads.byCgroup(987_654_321L)).isEqualTo(new Attribution.Unresolved(987_654_321L));
        assertThat(workloads.counters().unresolved()).isOne();
    }

    @Test
    void nothing_outside_the_watched_subtrees_is_looked_at() {
        only = List.of(new CgroupPath("/mine"));
        long other = cgroups.make("/system.slice/other.service");
        long own = cgroups.make("/mine/own.service");
        Workloads workloads = start();
        assertThat(workloads.alive()).extracting(Workload::cgroup).containsExactly(new CgroupPath("/mine/own.service"));
        assertThat(workloads.byCgroup(own)).isInstanceOf(Attribution.Inside.class);
        workloads.cgroupCreated(other, "/system.slice/other.service");
        assertThat(workloads.byCgroup(other)).isEqualTo(new Attribution.Outside());
    }

    @Test
    void paths_that_are_none_are_ignored() {
        Workloads workloads = start();
        workloads.cgroupCreated(5, "");
        workloads.cgroupCreated(6, "/a/../b");
        assertThat(workloads.byCgroup(6)).isInstanceOf(Attribution.Unresolved.class);
    }

    private void known(String place, String id) {
        storage.put(new CgroupPath(place), complete(id));
    }

    private RuntimeContainer complete(String id) {
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

    private static ContainerWorkload container(Attribution attribution) {
        assertThat(attribution).isInstanceOf(Attribution.Inside.class);
        return (ContainerWorkload) ((Attribution.Inside) attribution).workload();
    }

    private static ServiceWorkload service(Attribution attribution) {
        assertThat(attribution).isInstanceOf(Attribution.Inside.class);
        return (ServiceWorkload) ((Attribution.Inside) attribution).workload();
    }

    private static void await(java.util.function.BooleanSupplier condition) {
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
    private static final class Heard implements WorkloadListener {
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
