package io.guardian.backend.cluster;

import io.guardian.backend.cluster.ClusterPolicies.Live;
import io.guardian.backend.cluster.Containers.Tracked;
import io.guardian.backend.live.Machines;
import io.guardian.backend.respond.Denied;
import io.guardian.backend.respond.JudgedBy;
import io.guardian.core.ruleset.ContainerDeviation;
import io.guardian.core.ruleset.ContainerObject;
import io.guardian.core.selector.Selection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Judges containers by cluster policies and remembers which verdicts are held: they depend on what is not known yet,
 * are counted and shown, and nothing is done because of them.
 */
public final class Verdicts {
    private final Machines machines;
    private final Map<String, Set<String>> held = new HashMap<>();
    private final Map<String, Integer> unresolved = new ConcurrentHashMap<>();
    private final AtomicLong made = new AtomicLong();

    Verdicts(Machines machines) {
        this.machines = machines;
    }

    /** Verdicts of a container by a policy that were made since the start. */
    public long made() {
        return made.get();
    }

    /** Containers that a policy can't judge yet; may be asked from any thread. */
    public int unresolved(String policyUid) {
        return unresolved.getOrDefault(policyUid, 0);
    }

    /** Over all policies. */
    public int unresolved() {
        return unresolved.values().stream().mapToInt(Integer::intValue).sum();
    }

    /** Empty unless the policy is about the container and denies it. */
    Optional<Denied> judge(Tracked container, Live live) {
        var facts = container.facts().orElseThrow();
        String policy = live.policy().uid();
        if (!container.isAlive() || facts.sandbox()) {
            settled(policy, container);
            return Optional.empty();
        }
        var subject = new ContainerSubject(facts, container.cluster(), machines);
        if (live.cluster().match(subject) != Selection.MATCH) {
            settled(policy, container);
            return Optional.empty();
        }
        made.incrementAndGet();
        var verdict = live.rules().decide(subject);
        if (verdict.isHeld()) {
            hold(policy, container);
        } else {
            settled(policy, container);
        }
        return ContainerDeviation.of(policy, live.policy().name(), ContainerObject.of(subject), verdict)
                .map(deviation -> new Denied(
                        container.cluster().org(),
                        container.cluster().uid(),
                        container.id(),
                        facts.fromMicros(),
                        judgedBy(live),
                        deviation,
                        subject,
                        !container.isStored()));
    }

    private static JudgedBy judgedBy(Live live) {
        var policy = live.policy();
        return new JudgedBy(policy.uid(), policy.name(), policy.version(), policy.mode(), live.responses());
    }

    private void hold(String policy, Tracked container) {
        var of = held.computeIfAbsent(policy, _ -> new HashSet<>());
        of.add(key(container));
        unresolved.put(policy, of.size());
    }

    private void settled(String policy, Tracked container) {
        var of = held.get(policy);
        if (of != null && of.remove(key(container))) {
            unresolved.put(policy, of.size());
        }
    }

    /** Forgets policies that are not live any more. */
    void keepOnly(String org, List<Live> live) {
        var uids = new HashSet<String>();
        live.forEach(each -> uids.add(org + " " + each.policy().uid()));
        held.entrySet()
                .removeIf(entry -> entry.getValue().stream().anyMatch(key -> key.startsWith(org + " "))
                        && !uids.contains(org + " " + entry.getKey())
                        && unresolved.remove(entry.getKey()) != null);
    }

    private static String key(Tracked container) {
        return container.cluster().org() + " " + container.id();
    }
}
