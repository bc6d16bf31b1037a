package io.guardian.agent.act;

import io.guardian.agent.attribute.Instance;
import io.guardian.agent.attribute.LiveProcess;
import io.guardian.agent.workload.cgroup.CgroupPath;
import io.guardian.core.policy.Action;
import io.guardian.ebpf.Pidfd;
import io.guardian.ebpf.ProcessKey;
import io.guardian.ebpf.ProcessPriority;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.LongSupplier;

/**
 * Kills processes and sets their priority. Each process is held by a pidfd, looked at by the guards, and only then
 * signalled; of groups and trees every member by itself. Touched by one thread.
 */
public final class Actions {
    /** Result code of what failed. */
    public static final int FAILED = 1;
    /** Result code of what a guard refused. */
    public static final int GUARDED = 2;

    private static final int SIGKILL = 9;

    private final Guards guards;
    private final KillLimit limit;
    private final LongSupplier nanos;

    /** How an action ended. */
    public record Result(int code, String text) {
        static Result done(String text) {
            return new Result(0, text);
        }

        static Result guarded(String reason) {
            return new Result(GUARDED, "guarded: " + reason);
        }
    }

    public Actions(Guards guards, KillLimit limit, LongSupplier nanos) {
        this.guards = guards;
        this.limit = limit;
        this.nanos = nanos;
    }

    /**
     * Does something to a process of a workload.
     *
     * @param policyUid the policy whose limit counts
     * @param others all live processes, among which groups and descendants are looked for
     */
    public Result run(
            Action action, ProcessKey target, Instance instance, String policyUid, Collection<LiveProcess> others) {
        if (!target.isKnown()) {
            return new Result(FAILED, "the process is not known");
        }
        var cgroup = instance.workload().cgroup();
        return switch (action) {
            case Action.KillProcess() -> kill(target, cgroup, policyUid);
            case Action.KillProcessGroup() -> killAll(group(target, instance, others), cgroup, policyUid);
            case Action.KillProcessTree() -> killTree(target, instance, cgroup, policyUid, others);
            case Action.ReniceProcess(int priority) -> renice(target, cgroup, priority);
            case Action.KillPod() -> new Result(FAILED, "a node agent can't delete pods");
            case Action.MakeRedFlag flag -> new Result(FAILED, "flags are made by the server");
            case Action.MakeOpsFlag flag -> new Result(FAILED, "flags are made by the server");
        };
    }

    private Result kill(ProcessKey target, CgroupPath cgroup, String policyUid) {
        return switch (Pidfd.open(target.tgid())) {
            case Pidfd.Opening.Gone() -> Result.done("already gone");
            case Pidfd.Opening.Refused(var reason) -> new Result(FAILED, reason);
            case Pidfd.Opening.Held(var pidfd) -> {
                try (pidfd) {
                    yield killHeld(pidfd, target, cgroup, policyUid);
                }
            }
        };
    }

    private Result killHeld(Pidfd pidfd, ProcessKey target, CgroupPath cgroup, String policyUid) {
        return switch (guards.check(target, cgroup)) {
            case Guards.Verdict.Gone() -> Result.done("already gone");
            case Guards.Verdict.Refused(var reason) -> Result.guarded(reason);
            case Guards.Verdict.Allowed() -> {
                if (!limit.take(policyUid, nanos.getAsLong())) {
                    yield Result.guarded("the policy has killed as many processes this minute as it may");
                }
                yield switch (pidfd.send(SIGKILL)) {
                    case Pidfd.Delivery.Sent() -> Result.done("killed");
                    case Pidfd.Delivery.Gone() -> Result.done("already gone");
                    case Pidfd.Delivery.Refused(var reason) -> new Result(FAILED, reason);
                };
            }
        };
    }

    private Result killAll(Collection<ProcessKey> targets, CgroupPath cgroup, String policyUid) {
        int done = 0;
        var worst = Result.done("already gone");
        for (var target : targets) {
            var result = kill(target, cgroup, policyUid);
            if (result.code() == 0) {
                done++;
            } else {
                worst = result;
            }
        }
        return worst.code() == 0
                ? Result.done("killed " + done + " processes")
                : new Result(worst.code(), worst.text() + " (" + done + " of " + targets.size() + " killed)");
    }

    private Result killTree(
            ProcessKey target, Instance instance, CgroupPath cgroup, String policyUid, Collection<LiveProcess> others) {
        var members = new LinkedHashSet<ProcessKey>();
        members.add(target);
        var pids = new HashSet<Integer>(Set.of(target.tgid()));
        for (boolean grown = true; grown; ) {
            grown = false;
            for (var process : others) {
                boolean below = pids.contains(process.parentPid())
                        && process.instance().stream().anyMatch(instance::equals);
                if (below && members.add(process.key())) {
                    pids.add(process.pid());
                    grown = true;
                }
            }
        }
        return killAll(members, cgroup, policyUid);
    }

    private static List<ProcessKey> group(ProcessKey target, Instance instance, Collection<LiveProcess> others) {
        var group = processGroup(target.tgid());
        var members = new ArrayList<ProcessKey>();
        members.add(target);
        if (group.isEmpty()) {
            return members;
        }
        for (var process : others) {
            boolean same = !process.key().equals(target)
                    && process.instance().stream().anyMatch(instance::equals)
                    && processGroup(process.pid()).equals(group);
            if (same) {
                members.add(process.key());
            }
        }
        return members;
    }

    private static OptionalInt processGroup(int pid) {
        try {
            String stat = Files.readString(
                    Path.of("/proc", Integer.toString(pid), "stat"), java.nio.charset.StandardCharsets.ISO_8859_1);
            var rest = stat.substring(stat.lastIndexOf(')') + 2).split(" ", 4);
            return OptionalInt.of(Integer.parseInt(rest[2]));
        } catch (IOException | RuntimeException gone) {
            return OptionalInt.empty();
        }
    }

    private Result renice(ProcessKey target, CgroupPath cgroup, int priority) {
        return switch (Pidfd.open(target.tgid())) {
            case Pidfd.Opening.Gone() -> Result.done("already gone");
            case Pidfd.Opening.Refused(var reason) -> new Result(FAILED, reason);
            case Pidfd.Opening.Held(var pidfd) -> {
                try (pidfd) {
                    yield switch (guards.check(target, cgroup)) {
                        case Guards.Verdict.Gone() -> Result.done("already gone");
                        case Guards.Verdict.Refused(var reason) -> Result.guarded(reason);
                        case Guards.Verdict.Allowed() ->
                            switch (ProcessPriority.set(target.tgid(), priority)) {
                                case ProcessPriority.Result.Set(int threads) ->
                                    Result.done("set the priority to " + priority);
                                case ProcessPriority.Result.Gone() -> Result.done("already gone");
                                case ProcessPriority.Result.Refused(var reason) -> new Result(FAILED, reason);
                            };
                    };
                }
            }
        };
    }
}
