package io.guardian.agent.act;

import io.guardian.agent.workload.cgroup.CgroupPath;
import io.guardian.core.policy.Action;
import io.guardian.ebpf.Pidfd;
import io.guardian.ebpf.ProcessKey;
import io.guardian.ebpf.ProcessPriority;
import java.util.List;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Kills processes and sets their priority. Each process is held by a pidfd, looked at by the guards, and only then
 * signalled; of groups and trees every member by itself. Touched by one thread.
 */
public final class Actions implements Acting {
    /** Result code of what failed. */
    public static final int FAILED = 1;
    /** Result code of what a guard refused. */
    public static final int GUARDED = 2;

    private static final int SIGKILL = 9;

    private static final Result GONE = Result.done("already gone");
    private static final Result KILLED = new Result(0, "killed", 1);
    private static final Result LIMITED =
            Result.guarded("the policy has killed as many processes this minute as it may");

    private final Guards guards;
    private final KillLimit limit;
    private final LongSupplier nanos;
    private final Members members;

    /**
     * How an action ended.
     *
     * @param code 0 if it is done, or one of the numbers above
     * @param killed how many processes it ended, also if not all that it should have
     */
    public record Result(int code, String text, int killed) {
        public Result(int code, String text) {
            this(code, text, 0);
        }

        /** Whether it failed for no other reason than that the policy killed enough already. */
        public boolean isLimited() {
            return equals(LIMITED);
        }

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
        this.members = new Members(guards.scope().tree());
    }

    /**
     * Does something to a process of a workload.
     *
     * @param cgroup the workload's cgroup, in which the process and its group or tree have to be
     * @param policyUid the policy whose limit counts
     */
    @Override
    public Result run(Action action, ProcessKey target, CgroupPath cgroup, String policyUid) {
        if (!target.isKnown()) {
            return new Result(FAILED, "the process is not known");
        }
        return switch (action) {
            case Action.KillProcess() -> kill(target, cgroup, policyUid);
            case Action.KillProcessGroup() -> killAll(() -> members.group(target, cgroup), cgroup, policyUid);
            case Action.KillProcessTree() -> killAll(() -> members.tree(target, cgroup), cgroup, policyUid);
            case Action.ReniceProcess(int priority) -> renice(target, cgroup, priority);
            case Action.KillPod() -> new Result(FAILED, "a node agent can't delete pods");
            case Action.MakeRedFlag flag -> new Result(FAILED, "flags are made by the server");
            case Action.MakeOpsFlag flag -> new Result(FAILED, "flags are made by the server");
        };
    }

    @Override
    public void believe(SeenPrograms programs) {
        guards.believe(programs);
    }

    @Override
    public void protect(Set<String> executables) {
        guards.protect(executables);
    }

    private Result kill(ProcessKey target, CgroupPath cgroup, String policyUid) {
        if (limit.isReached(policyUid, nanos.getAsLong())) {
            // In a flood nothing is looked at that will not be killed anyway.
            return LIMITED;
        }
        return switch (Pidfd.open(target.tgid())) {
            case Pidfd.Opening.Gone() -> GONE;
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
            case Guards.Verdict.Gone() -> GONE;
            case Guards.Verdict.Refused(var reason) -> Result.guarded(reason);
            case Guards.Verdict.Allowed() -> {
                if (!limit.take(policyUid, nanos.getAsLong())) {
                    yield LIMITED;
                }
                yield switch (pidfd.send(SIGKILL)) {
                    case Pidfd.Delivery.Sent() -> KILLED;
                    case Pidfd.Delivery.Gone() -> GONE;
                    case Pidfd.Delivery.Refused(var reason) -> new Result(FAILED, reason);
                };
            }
        };
    }

    private Result killAll(Supplier<List<ProcessKey>> members, CgroupPath cgroup, String policyUid) {
        if (limit.isReached(policyUid, nanos.getAsLong())) {
            return LIMITED;
        }
        var targets = members.get();
        int killed = 0;
        var worst = GONE;
        for (var target : targets) {
            var result = kill(target, cgroup, policyUid);
            if (result.equals(KILLED)) {
                killed++;
            } else if (result.code() != 0) {
                worst = result;
            }
        }
        if (worst.code() != 0) {
            return killed == 0 && worst.isLimited()
                    ? worst
                    : new Result(
                            worst.code(), worst.text() + " (killed " + killed + " of " + targets.size() + ")", killed);
        }
        return killed == 0
                ? GONE
                : new Result(0, "killed " + killed + (killed == 1 ? " process" : " processes"), killed);
    }

    private Result renice(ProcessKey target, CgroupPath cgroup, int priority) {
        return switch (Pidfd.open(target.tgid())) {
            case Pidfd.Opening.Gone() -> GONE;
            case Pidfd.Opening.Refused(var reason) -> new Result(FAILED, reason);
            case Pidfd.Opening.Held(var pidfd) -> {
                try (pidfd) {
                    yield switch (guards.check(target, cgroup)) {
                        case Guards.Verdict.Gone() -> GONE;
                        case Guards.Verdict.Refused(var reason) -> Result.guarded(reason);
                        case Guards.Verdict.Allowed() ->
                            switch (ProcessPriority.set(target.tgid(), priority)) {
                                case ProcessPriority.Result.Set(int threads) ->
                                    Result.done("set the priority to " + priority);
                                case ProcessPriority.Result.Gone() -> GONE;
                                case ProcessPriority.Result.Refused(var reason) -> new Result(FAILED, reason);
                            };
                    };
                }
            }
        };
    }
}
