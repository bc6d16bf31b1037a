package io.guardian.agent.workload;

import static org.assertj.core.api.Assertions.assertThat;

import io.guardian.agent.workload.runtime.ContainerFiles;
import io.guardian.agent.workload.runtime.RuntimeContainer;
import io.guardian.core.id.ContainerId;
import io.guardian.core.net.IpAddress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** What is known of a container, and when: runtimes tell of it after its first events. */
final class ContainerFactsTest extends OnMadeUpHost {
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
}
