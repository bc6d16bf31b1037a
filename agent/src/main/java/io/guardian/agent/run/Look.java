package io.guardian.agent.run;

import io.guardian.agent.attribute.NetworkTracker;
import io.guardian.agent.attribute.ProcessMerge;
import io.guardian.agent.attribute.ProcessTracker;
import io.guardian.agent.attribute.SocketMerge;
import io.guardian.agent.workload.WorkloadView;
import io.guardian.ebpf.Snapshot;

/**
 * Compares what runs with what is known, piece by piece, so that as much memory is needed for a hundred thousand
 * processes as for a hundred. Before each piece the records up to then are dealt with: what it shows is then never
 * taken for something that nobody told of.
 */
final class Look {
    private final WorkloadView workloads;
    private final Engine engine;
    private final ProcessTracker processes;
    private final NetworkTracker network;
    private final ProcessTracker.ProcessLook look;
    private final ProcessTracker.Waiting waiting;
    private final Counters counters;
    private final Work work;

    /** What the pipeline does in between. */
    interface Work {
        /** Deals with all that happened up to now. */
        void catchUp();

        /** Writes what came of it when it is so much that it takes memory. */
        void commitIfMany();
    }

    Look(Ports ports, Engine engine, ProcessTracker.Waiting waiting, Counters counters, Work work) {
        this.workloads = ports.workloads();
        this.engine = engine;
        this.processes = engine.processes();
        this.network = engine.network();
        this.look = ports.look();
        this.waiting = waiting;
        this.counters = counters;
        this.work = work;
    }

    /** @param patience waits until more is known of workloads */
    void at(Snapshot snapshot, Runnable patience) {
        snapshot.cgroups(cgroup -> workloads.cgroupCreated(cgroup.id(), cgroup.path()));
        patience.run();
        processes(snapshot);
        sockets(snapshot);
    }

    private void processes(Snapshot snapshot) {
        ProcessMerge merge = processes.merging(snapshot.bootNanos(), look, waiting);
        snapshot.processKeys(merge::alive);
        work.catchUp();
        if (merge.isCrowd()) {
            counters.add("looks.crowded");
            merge.endGone(work::commitIfMany);
        }
        engine.alive();
        snapshot.processes(piece -> {
            work.catchUp();
            merge.take(piece);
        });
        merge.finish(work::commitIfMany);
    }

    private void sockets(Snapshot snapshot) {
        SocketMerge merge = network.merging(snapshot.bootNanos());
        snapshot.sockets(merge::open);
        work.catchUp();
        merge.endGone();
        snapshot.sockets(piece -> {
            work.catchUp();
            merge.take(piece);
        });
        network.merged();
    }
}
