package io.guardian.agent.act;

import static org.assertj.core.api.Assertions.assertThat;

import io.guardian.ebpf.ProcessKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Nothing is signalled here: the guards only look. */
@Tag("kernel")
final class GuardsTest {
    private static final Guards.Verdict ALLOWED = new Guards.Verdict.Allowed();
    private static final Guards.Verdict GUARDIANS = new Guards.Verdict.Refused("it belongs to Guardian");
    private static final Guards.Verdict PROTECTED = new Guards.Verdict.Refused("its executable is protected");

    @TempDir
    private Path folder;

    private ServiceCgroup service;

    @BeforeEach
    void make_a_service() throws IOException {
        service = new ServiceCgroup("made-up.service");
    }

    @AfterEach
    void leave_nothing() throws IOException {
        service.close();
    }

    private Guards guards(int agent, Path... pidFiles) {
        return new Guards(
                service.scope(), new OwnProcesses(agent, Set.of(), List.of(pidFiles)), HostPrograms.ofThisMachine());
    }

    private Guards guards() {
        return guards((int) ProcessHandle.current().pid());
    }

    private Guards.Verdict check(int pid) throws IOException {
        return guards().check(ServiceCgroup.key(pid), service.workload());
    }

    private int start(String command) throws IOException {
        return service.run(command + " & echo $!").getFirst();
    }

    /** Waits for the exec behind a fork, since it's the program that counts. */
    private int startProgram(Path program, String command) throws IOException {
        int pid = start(command);
        ServiceCgroup.until("the exec", () -> exe(pid).startsWith(program.toString()));
        return pid;
    }

    private static String exe(int pid) {
        try {
            return Files.readSymbolicLink(ProcessStat.folder(pid).resolve("exe"))
                    .toString();
        } catch (IOException gone) {
            return "";
        }
    }

    @Test
    void a_program_of_the_workload_is_not_guarded() throws IOException {
        assertThat(check(start("sleep 600"))).isEqualTo(ALLOWED);
    }

    @Test
    void first_process_and_kernel_threads_are_refused() throws IOException {
        assertThat(guards().check(new ProcessKey(1, 0), service.workload()))
                .isEqualTo(new Guards.Verdict.Refused("pid 1 is never signalled"));
        assertThat(check(2)).isEqualTo(new Guards.Verdict.Refused("it is a kernel thread"));
    }

    @Test
    void another_process_with_the_pid_is_not_the_one_that_was_meant() throws IOException {
        int pid = start("sleep 600");
        var earlier = new ProcessKey(pid, ServiceCgroup.key(pid).startBootNanos() - 10_000_000L);
        assertThat(guards().check(earlier, service.workload())).isEqualTo(new Guards.Verdict.Gone());
    }

    @Test
    void a_process_that_left_the_workload_or_the_scope_is_refused() throws IOException {
        var pids = service.run("sleep 600 & echo $!; sleep 600 & echo $! > $outside; echo $!");
        assertThat(check(pids.get(0))).isEqualTo(ALLOWED);
        assertThat(check(pids.get(1))).isEqualTo(new Guards.Verdict.Refused("it is not in the workload's cgroup"));
        assertThat(guards().check(ServiceCgroup.key(pids.get(1)), service.beside()))
                .isEqualTo(new Guards.Verdict.Refused("it is outside the cgroups that this agent looks at"));
    }

    @Test
    void the_agent_and_what_it_started_are_refused() throws IOException {
        int agent = start("sh -c 'sleep 600 & wait'");
        int other = start("sleep 600");
        ServiceCgroup.until(
                "the agent's child",
                () -> ProcessHandle.of(agent).orElseThrow().children().count() == 1);
        var guards = guards(agent);
        for (int pid : List.of(agent, childOf(agent))) {
            assertThat(guards.check(ServiceCgroup.key(pid), service.workload())).isEqualTo(GUARDIANS);
        }
        assertThat(guards.check(ServiceCgroup.key(other), service.workload())).isEqualTo(ALLOWED);
    }

    private static int childOf(int pid) {
        return (int) ProcessHandle.of(pid)
                .orElseThrow()
                .children()
                .findFirst()
                .orElseThrow()
                .pid();
    }

    @Test
    void a_server_is_known_by_its_pid_file_however_often_it_was_started_again() throws IOException {
        Path file = folder.resolve("server.pid");
        var guards = guards((int) ProcessHandle.current().pid(), file);
        int first = start("sleep 600");
        int second = start("sleep 600");
        Files.writeString(file, first + " " + ServiceCgroup.key(first).startTicks() + "\n");
        assertThat(guards.check(ServiceCgroup.key(first), service.workload())).isEqualTo(GUARDIANS);
        assertThat(guards.check(ServiceCgroup.key(second), service.workload())).isEqualTo(ALLOWED);
        Files.writeString(file, second + " " + ServiceCgroup.key(second).startTicks() + "\n");
        assertThat(guards.check(ServiceCgroup.key(first), service.workload())).isEqualTo(ALLOWED);
        assertThat(guards.check(ServiceCgroup.key(second), service.workload())).isEqualTo(GUARDIANS);
    }

    @Test
    void an_old_or_unreadable_pid_file_protects_nobody() throws IOException {
        Path file = folder.resolve("server.pid");
        var guards = guards((int) ProcessHandle.current().pid(), file);
        int pid = start("sleep 600");
        for (String text : List.of(pid + " 1\n", pid + "\n", "", "-1 -1\n", "\0\0\0\0")) {
            Files.writeString(file, text);
            assertThat(guards.check(ServiceCgroup.key(pid), service.workload()))
                    .as(text)
                    .isEqualTo(ALLOWED);
        }
    }

    @Test
    void all_of_a_runtimes_own_service_is_refused() throws IOException {
        service.close();
        service = new ServiceCgroup("containerd.service");
        assertThat(check(start("sleep 600")))
                .isEqualTo(new Guards.Verdict.Refused("its cgroup is that of a container runtime"));
    }

    @Test
    void a_runtime_of_the_machine_is_refused_wherever_it_was_installed() throws IOException {
        for (String name : List.of("containerd", "containerd-shim-kata-v2", "conmon")) {
            Path program = service.program(name);
            assertThat(check(startProgram(program, program + " 600"))).as(name).isEqualTo(PROTECTED);
        }
    }

    @Test
    void a_runtime_that_was_upgraded_is_still_refused() throws IOException {
        Path program = service.program("containerd");
        int pid = startProgram(program, program + " 600");
        Files.delete(program);
        assertThat(exe(pid)).endsWith(" (deleted)");
        assertThat(check(pid)).isEqualTo(PROTECTED);
        ServiceCgroup.copy(program);
        assertThat(check(pid)).isEqualTo(PROTECTED);
    }

    @Test
    void a_runtime_in_a_mount_namespace_of_its_own_is_refused() throws IOException {
        Path program = service.program("containerd");
        assertThat(check(startProgram(program, "unshare -m " + program + " 600")))
                .isEqualTo(PROTECTED);
    }

    @Test
    void another_file_at_a_runtimes_path_in_a_mount_namespace_of_its_own_is_not_guarded() throws IOException {
        Path program = service.program("containerd");
        Path other = service.program("innocent");
        String script = "unshare -m sh -c 'mount --bind " + other + " " + program + " && exec " + program + " 600'";
        assertThat(check(startProgram(program, script))).isEqualTo(ALLOWED);
    }

    @Test
    void a_deleted_file_at_a_runtimes_path_in_a_mount_namespace_of_its_own_is_not_guarded() throws IOException {
        Path program = service.program("containerd");
        String inside = "mount -t tmpfs none " + program.getParent() + " && cp /bin/sleep " + program + " && { "
                + program + " 600 & p=$!; until [ $(readlink /proc/$p/exe) = " + program
                + " ]; do sleep 0.01; done; rm " + program + "; wait $p; }";
        int shell = start("unshare -m sh -c '" + inside + "'");
        ServiceCgroup.until(
                "a deleted file",
                () -> ProcessHandle.of(shell).stream()
                        .flatMap(ProcessHandle::children)
                        .anyMatch(child -> exe((int) child.pid()).equals(program + " (deleted)")));
        int pid = ProcessHandle.of(shell)
                .orElseThrow()
                .children()
                .map(child -> (int) child.pid())
                .filter(child -> exe(child).endsWith(" (deleted)"))
                .findFirst()
                .orElseThrow();
        assertThat(check(pid)).isEqualTo(ALLOWED);
    }

    /** Any root of a user namespace may have its processes show a file that they never executed. */
    @Test
    void a_process_that_was_seen_to_execute_another_program_is_no_runtime_whatever_it_shows() throws IOException {
        Path program = service.program("containerd");
        int pid = startProgram(program, program + " 600");
        var guards = guards();
        guards.believe(process -> Optional.of("/opt/shop/cartd"));
        assertThat(guards.check(ServiceCgroup.key(pid), service.workload())).isEqualTo(ALLOWED);
        guards.believe(process -> Optional.of("/usr/bin/containerd"));
        assertThat(guards.check(ServiceCgroup.key(pid), service.workload())).isEqualTo(PROTECTED);
    }

    @Test
    void a_program_that_anyone_could_have_named_so_is_not_guarded() throws IOException {
        Path open = ServiceCgroup.copy(folder.resolve("containerd"));
        assertThat(check(startProgram(open, open + " 600")))
                .as("in a folder of a user or below /tmp")
                .isEqualTo(ALLOWED);
        Path owned = service.program("runc");
        Files.setAttribute(owned, "unix:uid", 1000);
        assertThat(check(startProgram(owned, owned + " 600")))
                .as("a user's file")
                .isEqualTo(ALLOWED);
        Path named = service.program("innocent");
        int renamed = startProgram(named, "bash -c 'exec -a /usr/bin/containerd " + named + " 600'");
        assertThat(check(renamed)).as("a name it gave itself").isEqualTo(ALLOWED);
    }

    @Test
    void a_program_that_the_server_names_is_refused() throws IOException {
        Path program = service.program("backup");
        int pid = startProgram(program, program + " 600");
        var guards = guards();
        assertThat(guards.check(ServiceCgroup.key(pid), service.workload())).isEqualTo(ALLOWED);
        guards.protect(Set.of(program.toString()));
        assertThat(guards.check(ServiceCgroup.key(pid), service.workload())).isEqualTo(PROTECTED);
    }
}
