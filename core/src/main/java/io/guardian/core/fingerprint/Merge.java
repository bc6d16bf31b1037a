package io.guardian.core.fingerprint;

import io.guardian.core.net.Direction;
import io.guardian.core.policy.Behaviour;
import io.guardian.core.policy.NetworkEntry;
import io.guardian.core.policy.Patch;
import io.guardian.core.policy.Switches;
import io.guardian.core.policy.WorkloadPolicy;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Merges fingerprints, policies and deviations into a policy. Afterwards the policy allows them and everything it
 * allowed before; its patterns, ids, selectors, mode and response stay as they were. Merging the same again changes
 * nothing.
 */
public final class Merge {
    private final WorkloadPolicy base;
    private final List<String> notices = new ArrayList<>();
    private Behaviour behaviour;

    private Merge(WorkloadPolicy base) {
        this.base = base;
        this.behaviour = base.behaviour();
    }

    /** What is merged in. */
    public sealed interface Incoming {
        /** How messages call it. */
        String label();

        record Document(Source source) implements Incoming {
            @Override
            public String label() {
                return source.name();
            }
        }

        /** @param uid of the deviation */
        record Deviation(String uid, String policyUid, Patch patch) implements Incoming {
            @Override
            public String label() {
                return uid;
            }
        }
    }

    /**
     * @param policy the base with its new behaviour
     * @param changed false when the behaviour is the same, so that nothing needs to be sent
     * @param notices what was skipped, and why
     */
    public record Result(WorkloadPolicy policy, boolean changed, List<String> notices) {}

    /** @param force merge also what lies outside the policy's selectors, which stay */
    public static Result merge(WorkloadPolicy base, List<Incoming> incoming, boolean force) {
        var merge = new Merge(base);
        incoming.forEach(one -> merge.take(one, force));
        boolean changed = !merge.behaviour.equals(base.behaviour());
        return new Result(base.withBehaviour(merge.behaviour), changed, List.copyOf(merge.notices));
    }

    private void take(Incoming incoming, boolean force) {
        switch (incoming) {
            case Incoming.Document(var source) -> takeDocument(source, force);
            case Incoming.Deviation(var uid, var policyUid, var patch) -> {
                if (!policyUid.equals(base.uid())) {
                    notices.add("skipped deviation `" + uid + "`: it is of policy `" + policyUid + "`");
                } else {
                    merge(incoming.label(), patch);
                }
            }
        }
    }

    private void takeDocument(Source source, boolean force) {
        if (source.type() != base.type()) {
            notices.add("skipped `" + source.name() + "`: its type is " + source.type() + ", the policy's is "
                    + base.type());
            return;
        }
        var unmet = OutsideSelectors.unmet(base.selectors(), source);
        if (!unmet.isEmpty() && !force) {
            notices.add("skipped `" + source.name() + "`: it lies outside the policy's selectors ("
                    + String.join(", ", unmet) + "); force the merge to take it in all the same");
            return;
        }
        if (!unmet.isEmpty()) {
            notices.add("`" + source.name() + "` lies outside the policy's selectors (" + String.join(", ", unmet)
                    + "), which stay as they are");
        }
        merge(source.name(), Patch.of(Switched.apply(base.switches(), source.behaviour())));
    }

    private void merge(String label, Patch incoming) {
        var coverage = new Coverage(behaviour, base.switches());
        var patch = base.switches().processes() ? withoutProcesses(incoming) : incoming;
        var missing = coverage.missingNode(patch);
        if (missing.isPresent()) {
            notices.add("skipped `" + label + "`: the policy has no node `" + missing.get() + "` any more");
        } else if (!coverage.allows(patch)) {
            grow(patch);
        }
    }

    private static Patch withoutProcesses(Patch patch) {
        var only = Switched.apply(
                new Switches(
                        true, Switches.NONE.connections(), Switches.NONE.connections(), Switches.NONE.connections()),
                new Behaviour(List.of(), patch.egress(), patch.ingress()));
        return new Patch(List.of(), only.egress(), only.ingress());
    }

    private void grow(Patch patch) {
        var tree = new GrowingTree(behaviour.processes());
        var renamed = new HashMap<String, String>();
        for (var item : patch.processes()) {
            switch (item) {
                case Patch.Item.Root(var node) -> tree.addRoot(node, renamed);
                case Patch.Item.Below(var id, var children) -> tree.addBelow(id, children, renamed);
            }
        }
        behaviour = new Behaviour(
                tree.toNodes(), entries(patch, Direction.EGRESS, renamed), entries(patch, Direction.INGRESS, renamed));
    }

    private List<NetworkEntry> entries(Patch patch, Direction direction, Map<String, String> renamed) {
        var entries = new GrowingEntries(behaviour.entries(direction));
        entries.add(patch.entries(direction).stream()
                .flatMap(Atom::of)
                .filter(atom -> !Switched.off(base.switches(), direction, atom.peer()))
                .map(atom -> atom.renamed(renamed))
                .toList());
        return entries.toEntries();
    }
}
