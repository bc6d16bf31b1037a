package io.guardian.backend.cluster;

import io.guardian.backend.cluster.ClusterPolicies.Live;
import io.guardian.backend.cluster.Containers.Tracked;
import io.guardian.backend.respond.Occasion;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.function.Predicate;

/** Containers that are to be judged again, a part of them at a time, so that new ones need not wait for all. */
final class Sweeps {
    private final Deque<Sweep> sweeps = new ArrayDeque<>();

    /**
     * One round over many containers.
     *
     * @param policies by which they are judged; none for all
     * @param occasion why
     * @param relabel whether their records get the labels of their namespaces as they are now
     */
    private record Sweep(Deque<Tracked> left, List<Live> policies, Occasion occasion, boolean relabel) {}

    /** A part of a round. */
    record Part(List<Tracked> containers, List<Live> policies, Occasion occasion, boolean relabel) {}

    void add(
            Collection<Tracked> all,
            Predicate<Tracked> wanted,
            List<Live> policies,
            Occasion occasion,
            boolean relabel) {
        var left = new ArrayDeque<Tracked>();
        all.stream().filter(Tracked::isAlive).filter(wanted).forEach(left::add);
        if (!left.isEmpty()) {
            sweeps.add(new Sweep(left, policies, occasion, relabel));
        }
    }

    boolean isEmpty() {
        return sweeps.isEmpty();
    }

    /** The next containers of the oldest round. */
    Part next(int most) {
        var sweep = sweeps.element();
        var some = new ArrayList<Tracked>();
        while (some.size() < most && !sweep.left().isEmpty()) {
            some.add(sweep.left().remove());
        }
        if (sweep.left().isEmpty()) {
            sweeps.remove();
        }
        return new Part(some, sweep.policies(), sweep.occasion(), sweep.relabel());
    }

    /** How many containers are still to be judged again. */
    int left() {
        return sweeps.stream().mapToInt(sweep -> sweep.left().size()).sum();
    }
}
