package io.guardian.agent.decide;

import io.guardian.agent.attribute.AgentIdentity;
import io.guardian.agent.attribute.Image;
import io.guardian.agent.attribute.Instance;
import io.guardian.agent.attribute.LiveConnection;
import io.guardian.agent.attribute.LiveSocket;
import io.guardian.agent.workload.ContainerWorkload;
import io.guardian.agent.workload.InstanceKey;
import io.guardian.agent.workload.ServiceWorkload;
import io.guardian.agent.workload.Workload;
import io.guardian.core.decide.CompiledPolicy;
import io.guardian.core.decide.Connection;
import io.guardian.core.decide.Deviation;
import io.guardian.core.decide.Deviations;
import io.guardian.core.decide.NodeSet;
import io.guardian.core.decide.Observed;
import io.guardian.core.event.ConnectionModel;
import io.guardian.core.net.Direction;
import io.guardian.core.policy.Action;
import io.guardian.core.policy.PolicyType;
import io.guardian.ebpf.ProcessKey;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Judges images, connections and sockets of workloads by the policies that are about them. Touched by one thread. */
public final class Judge {
    private final AgentIdentity identity;
    private final Map<InstanceKey, Chosen> chosen = new HashMap<>();
    private PolicyBundle bundle = PolicyBundle.EMPTY;
    private int numbers;

    /**
     * @param workload the state of the workload that the policies were chosen for
     * @param undecided whether more policies may turn out to be about it
     */
    private record Chosen(Workload workload, InstancePolicies policies, boolean undecided) {}

    public Judge(AgentIdentity identity) {
        this.identity = identity;
    }

    public PolicyBundle bundle() {
        return bundle;
    }

    /** Works with these policies from now on. What is alive has to be judged again. */
    public void use(PolicyBundle newBundle) {
        bundle = newBundle;
        chosen.clear();
    }

    public void forget(InstanceKey workload) {
        chosen.remove(workload);
    }

    /** Uids of the policies that are about a workload. */
    public List<String> policiesOf(Instance instance) {
        return policies(instance).policies().stream()
                .map(policy -> policy.policy().uid())
                .toList();
    }

    /** Whether too little is known of a workload to say of every policy whether it is about it. */
    public boolean isUndecided(Instance instance) {
        return choose(instance).undecided();
    }

    private InstancePolicies policies(Instance instance) {
        return choose(instance).policies();
    }

    private Chosen choose(Instance instance) {
        var workload = instance.workload();
        var known = chosen.get(workload.key());
        if (known != null && known.workload().equals(workload)) {
            return known;
        }
        var type = switch (workload) {
            case ContainerWorkload container -> PolicyType.CONTAINER;
            case ServiceWorkload service -> PolicyType.LINUX_SERVICE;
        };
        var subject = new WorkloadSubject(workload, Optional.empty(), identity, bundle);
        var matching = new ArrayList<ActivePolicy>();
        boolean undecided = false;
        for (var policy : bundle.policies()) {
            if (policy.policy().type() == type) {
                switch (policy.compiled().selects(subject)) {
                    case MATCH -> matching.add(policy);
                    case UNKNOWN -> undecided = true;
                    case NO_MATCH -> {}
                }
            }
        }
        var policies = known != null && known.policies().policies().equals(matching)
                ? known.policies()
                : new InstancePolicies(++numbers, matching);
        var now = new Chosen(workload, policies, undecided);
        chosen.put(workload.key(), now);
        return now;
    }

    /** What is wrong with something that happened in a workload. */
    public List<Finding> judge(Observation what) {
        return judge(what, true);
    }

    /**
     * As {@link #judge(Observation)}.
     *
     * @param seen false if the process may have become another image unseen: then what any image may do is not wrong
     */
    public List<Finding> judge(Observation what, boolean seen) {
        if (policies(what.instance()).policies().isEmpty()) {
            return List.of();
        }
        return switch (what) {
            case Observation.Became became -> image(became);
            case Observation.Connected(Instance instance, LiveConnection connection) ->
                connection(instance, connection, seen && !connection.isDoubtful());
            case Observation.Listening(Instance instance, LiveSocket socket) -> socket(instance, socket, seen);
        };
    }

    private List<Finding> image(Observation.Became became) {
        var act = new Act(
                became.instance(), became.image(), became.process(), became.uid(), became.startMicros(), List.of());
        return findings(act, true, new Question() {
            @Override
            public boolean allows(CompiledPolicy policy, NodeSet matched) {
                return policy.allows(matched);
            }

            @Override
            public Deviation deviation(Deviations deviations, List<Observed> chain) {
                return deviations.process(chain);
            }
        });
    }

    private List<Finding> connection(Instance instance, LiveConnection live, boolean seen) {
        var model = live.model();
        var judged = model.judged();
        var remote = judged.address();
        if (remote.isEmpty()) {
            return List.of();
        }
        var direction = model.direction() == ConnectionModel.Direction.INBOUND ? Direction.INGRESS : Direction.EGRESS;
        int port = direction == Direction.INGRESS ? model.local().port() : judged.port();
        var connection = new Connection(direction, model.protocol(), remote.get(), port, model.names());
        var act = new Act(
                instance, live.image(), live.process(), model.id(), model.life().fromMicros(), model.names());
        return findings(act, seen, new Question() {
            @Override
            public boolean allows(CompiledPolicy policy, NodeSet matched) {
                return policy.allows(connection, matched);
            }

            @Override
            public Deviation deviation(Deviations deviations, List<Observed> chain) {
                return deviations.connection(chain, connection);
            }
        });
    }

    private List<Finding> socket(Instance instance, LiveSocket live, boolean seen) {
        if (live.image().isTop()) {
            return List.of();
        }
        var model = live.model();
        int port = model.local().port();
        var act = new Act(
                instance, live.image(), live.process(), model.id(), model.life().fromMicros(), List.of());
        return findings(act, seen, new Question() {
            @Override
            public boolean allows(CompiledPolicy policy, NodeSet matched) {
                return policy.allowsSocket(matched, model.protocol(), port);
            }

            @Override
            public Deviation deviation(Deviations deviations, List<Observed> chain) {
                return deviations.socket(chain, model.protocol(), port);
            }
        });
    }

    /**
     * What happened, as a finding tells of it.
     *
     * @param ref uid of the object that it is about
     */
    private record Act(
            Instance instance, Image image, ProcessKey process, String ref, long startMicros, List<String> names) {}

    /** What is asked of each policy about an act, and what an act that it doesn't allow is called. */
    private interface Question {
        boolean allows(CompiledPolicy policy, NodeSet matched);

        Deviation deviation(Deviations deviations, List<Observed> chain);
    }

    /** @param seen if not, what any node of a policy allows is not wrong */
    private List<Finding> findings(Act act, boolean seen, Question question) {
        var policies = policies(act.instance());
        var matched = policies.matched(act.image());
        var findings = new ArrayList<Finding>();
        for (int i = 0; i < policies.policies().size(); i++) {
            var policy = policies.policies().get(i);
            var compiled = policy.compiled();
            boolean allowed = question.allows(compiled, matched.sets().get(i))
                    || !seen && question.allows(compiled, compiled.every());
            if (!allowed) {
                var deviation = question.deviation(policy.deviations(), chain(policies, i, act.image()));
                findings.add(finding(policy, deviation, act));
            }
        }
        return findings;
    }

    private Finding finding(ActivePolicy policy, Deviation deviation, Act act) {
        var known = act.image().isTop() ? Optional.<Image>empty() : Optional.of(act.image());
        var subject = new WorkloadSubject(act.instance().workload(), known, identity, bundle);
        var actions = policy.responses().select(subject, deviation.kind()).actions().stream()
                .filter(Judge::isForThisMachine)
                .toList();
        return new Finding(
                policy.policy(),
                deviation,
                act.instance(),
                act.image(),
                act.process(),
                act.ref(),
                act.startMicros(),
                act.names(),
                actions);
    }

    private static boolean isForThisMachine(Action action) {
        return switch (action) {
            case Action.KillProcess(), Action.KillProcessGroup(), Action.KillProcessTree() -> true;
            case Action.ReniceProcess renice -> true;
            case Action.MakeRedFlag flag -> false;
            case Action.MakeOpsFlag flag -> false;
            case Action.KillPod() -> false;
        };
    }

    /**
     * The images from the root down, each with what it matched under one policy; something for an unknown process too.
     */
    private static List<Observed> chain(InstancePolicies policies, int index, Image image) {
        var none = policies.policies().get(index).compiled().none();
        if (image.isTop()) {
            return List.of(new Observed("unknown", "unknown", "unknown", none));
        }
        return image.chain().stream()
                .map(each -> new Observed(
                        each.program().name(),
                        each.program().exe(),
                        each.program().user(),
                        policies.matched(each).sets().get(index)))
                .toList();
    }
}
