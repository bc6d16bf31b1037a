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

    /** What is done with the containers of a round. */
    sealed interface Task {
        /** They are judged. */
        record Judging() implements Task {}

        /** Their records get the labels of their namespaces as they are now, and they are judged. */
        record Labelling() implements Task {}

        /** They and their pods get the machine of their node, then the node does; and they are judged. */
        record Linking(ClusterState cluster, String nodeUid) implements Task {}
    }

    /**
     * One round over many containers.
     *
     * @param policies by which they are judged; none for all
     * @param occasion why
     */
    private record Sweep(Deque<Tracked> left, List<Live> policies, Occasion occasion, Task task) {}

    /**
     * A part of a round.
     *
     * @param last whether the round ends with it
     */
    record Part(List<Tracked> containers, List<Live> policies, Occasion occasion, Task task, boolean last) {}

    void add(Collection<Tracked> all, Predicate<Tracked> wanted, List<Live> policies, Occasion occasion, Task task) {
        var left = new ArrayDeque<Tracked>();
        all.stream().filter(Tracked::isAlive).filter(wanted).forEach(left::add);
        if (!left.isEmpty() || task instanceof Task.Linking) {
            sweeps.add(new Sweep(left, policies, occasion, task));
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
        boolean last = sweep.left().isEmpty();
        if (last) {
            sweeps.remove();
        }
        return new Part(some, sweep.policies(), sweep.occasion(), sweep.task(), last);
    }

    /** Gives up the rounds that link nodes: their parts so far were not stored. */
    void forgetLinks() {
        sweeps.removeIf(sweep -> sweep.task() instanceof Task.Linking);
    }

    /** How many containers are still to be judged again. */
    int left() {
        return sweeps.stream().mapToInt(sweep -> sweep.left().size()).sum();
    }
}
