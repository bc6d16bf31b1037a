package io.guardian.agent.act;

import static org.assertj.core.api.Assertions.assertThat;

import io.guardian.core.policy.Action;
import io.guardian.ebpf.ProcessKey;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("kernel")
final class ActionsTest {
    private static final Action KILL = new Action.KillProcess();
    private static final Action KILL_GROUP = new Action.KillProcessGroup();
    private static final Action KILL_TREE = new Action.KillProcessTree();
    private static final String POLICY = "pol:q7Rk2ZtV0bXeM4dLs9Wc";

    private ServiceCgroup service;
    private Actions actions;

    @BeforeEach
    void make_a_service() throws IOException {
        service = new ServiceCgroup("made-up.service");
        var own = new OwnProcesses(Integer.MAX_VALUE, Set.of(), List.of());
        actions = new Actions(
                new Guards(service.scope(), own, HostPrograms.ofThisMachine()), new KillLimit(10), () -> 0L);
    }

    @AfterEach
    void leave_nothing() throws IOException {
        service.close();
    }

    private Actions.Result run(Action action, ProcessKey target) {
        return actions.run(action, target, service.workload(), POLICY);
    }

    private Actions.Result run(Action action, int pid) throws IOException {
        return run(action, ServiceCgroup.key(pid));
    }

    private static void dies(int pid) {
        ServiceCgroup.until("the end of a process", () -> !ServiceCgroup.alive(pid));
    }

    @Test
    void a_process_is_killed_and_one_that_is_gone_is_a_success() throws IOException {
        int pid = service.run("sleep 600 & echo $!").getFirst();
        var key = ServiceCgroup.key(pid);
        assertThat(run(KILL, key)).isEqualTo(new Actions.Result(0, "killed", 1));
        dies(pid);
        ServiceCgroup.until("its parent to wait for it", () -> !java.nio.file.Files.exists(ProcessStat.folder(pid)));
        for (var action : List.of(KILL, KILL_GROUP, KILL_TREE, new Action.ReniceProcess(5))) {
            assertThat(run(action, key)).as(action.type()).isEqualTo(new Actions.Result(0, "already gone"));
        }
    }

    @Test
    void another_process_that_got_the_pid_lives() throws IOException {
        int pid = service.run("sleep 600 & echo $!").getFirst();
        var earlier = new ProcessKey(pid, ServiceCgroup.key(pid).startBootNanos() - 50_000_000L);
        int priority = ServiceCgroup.priority(pid);
        for (var action : List.of(KILL, KILL_GROUP, KILL_TREE, new Action.ReniceProcess(5))) {
            assertThat(run(action, earlier)).as(action.type()).isEqualTo(new Actions.Result(0, "already gone"));
        }
        assertThat(ServiceCgroup.alive(pid)).isTrue();
        assertThat(ServiceCgroup.priority(pid)).isEqualTo(priority);
    }

    @Test
    void an_unknown_process_is_a_failure() {
        assertThat(run(KILL, ProcessKey.NONE).code()).isEqualTo(Actions.FAILED);
    }

    @Test
    void a_group_is_killed_but_for_who_is_outside_of_the_workload() throws IOException {
        var pids = service.run("sleep 600 & echo $!; sleep 600 & echo $!; sleep 600 & echo $! > $outside; echo $!; "
                + "setsid sleep 600 & apart $!; echo $!");
        assertThat(run(KILL_GROUP, pids.get(0)).text()).isEqualTo("killed 3 processes");
        dies(pids.get(0));
        dies(pids.get(1));
        assertThat(ServiceCgroup.alive(pids.get(2))).as("outside").isTrue();
        assertThat(ServiceCgroup.alive(pids.get(3))).as("another group").isTrue();
    }

    @Test
    void a_tree_is_killed_across_groups_but_for_who_is_outside_of_the_workload() throws IOException {
        var pids = service.run(
                "bash -c 'echo $$; sleep 600 & echo $!; setsid sleep 600 & echo $!; sleep 600 & echo $! > '$outside'; "
                        + "echo $!; wait' & sleep 600 & echo $!; until [ $(wc -l < " + ServiceCgroup.SAID
                        + ") = 5 ]; do sleep 0.01; done");
        int sibling = pids.stream()
                .filter(pid -> parentOf(pid) != parentOf(pids.get(2)) && pid != parentOf(pids.get(2)))
                .findFirst()
                .orElseThrow();
        int top = parentOf(pids.stream().filter(pid -> pid != sibling).toList().getLast());
        var children = pids.stream().filter(pid -> parentOf(pid) == top).toList();
        assertThat(children).hasSize(3);
        assertThat(run(KILL_TREE, top).text()).isEqualTo("killed 3 processes");
        dies(top);
        dies(children.get(0));
        dies(children.get(1));
        assertThat(ServiceCgroup.alive(children.get(2))).as("outside").isTrue();
        assertThat(ServiceCgroup.alive(sibling)).as("not below it").isTrue();
    }

    private static int parentOf(int pid) {
        try {
            return ProcessStat.read(pid).orElseThrow().parent();
        } catch (IOException gone) {
            return 0;
        }
    }

    @Test
    void kills_of_a_policy_are_limited_and_the_rest_lives() throws IOException {
        var pids = service.run("for i in 1 2 3 4 5 6 7 8 9 10 11 12; do setsid sleep 600 & echo $!; done");
        var results = new ArrayList<Actions.Result>();
        for (int pid : pids) {
            results.add(run(KILL, pid));
        }
        assertThat(results.subList(0, 10)).containsOnly(new Actions.Result(0, "killed", 1));
        assertThat(results.subList(10, 12)).allSatisfy(result -> {
            assertThat(result.code()).isEqualTo(Actions.GUARDED);
            assertThat(result.text()).startsWith("guarded: ");
        });
        assertThat(pids.subList(10, 12)).allMatch(ServiceCgroup::alive);
        assertThat(actions.run(KILL, ServiceCgroup.key(pids.get(10)), service.workload(), "pol:other"))
                .as("another policy has a limit of its own")
                .isEqualTo(new Actions.Result(0, "killed", 1));
    }

    @Test
    void a_group_counts_each_of_its_members() throws IOException {
        var pids = service.run("for i in 1 2 3 4 5 6 7 8 9 10 11 12; do sleep 600 & echo $!; done");
        var result = run(KILL_GROUP, pids.getFirst());
        assertThat(result.code()).isEqualTo(Actions.GUARDED);
        assertThat(result.text()).startsWith("guarded: ").endsWith("(killed 10 of 13)");
        ServiceCgroup.until(
                "ten to die", () -> pids.stream().filter(ServiceCgroup::alive).count() <= 3);
        assertThat(pids.stream().filter(ServiceCgroup::alive).count()).isGreaterThanOrEqualTo(2);
    }

    @Test
    void a_runtime_in_the_group_lives() throws IOException {
        Path shim = service.program("containerd-shim-runc-v2");
        var pids = service.run("sleep 600 & echo $!; " + shim + " 600 & became $! " + shim + "; echo $!");
        var result = run(KILL_GROUP, pids.get(0));
        assertThat(result)
                .isEqualTo(
                        new Actions.Result(Actions.GUARDED, "guarded: its executable is protected (killed 2 of 3)", 2));
        dies(pids.get(0));
        assertThat(ServiceCgroup.alive(pids.get(1))).isTrue();
    }

    @Test
    void a_priority_is_set_within_the_workload_only() throws IOException {
        var pids = service.run("sleep 600 & echo $!; sleep 600 & echo $! > $outside; echo $!");
        int before = ServiceCgroup.priority(pids.get(1));
        assertThat(run(new Action.ReniceProcess(7), pids.get(0)))
                .isEqualTo(new Actions.Result(0, "set the priority to 7"));
        assertThat(run(new Action.ReniceProcess(7), pids.get(1)).code()).isEqualTo(Actions.GUARDED);
        assertThat(ServiceCgroup.priority(pids.get(0))).isEqualTo(7);
        assertThat(ServiceCgroup.priority(pids.get(1))).isEqualTo(before);
    }

    @Test
    void what_is_not_the_agents_to_do_is_a_failure() throws IOException {
        int pid = service.run("sleep 600 & echo $!").getFirst();
        assertThat(run(new Action.KillPod(), pid).code()).isEqualTo(Actions.FAILED);
        assertThat(ServiceCgroup.alive(pid)).isTrue();
    }
}
