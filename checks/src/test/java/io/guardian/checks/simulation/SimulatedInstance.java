package io.guardian.checks.simulation;

import io.guardian.ebpf.Endpoint;
import io.guardian.ebpf.Protocol;
import io.guardian.ebpf.Snapshot;
import io.guardian.ebpf.SocketId;
import java.net.InetAddress;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** One run of a service, or one container. */
final class SimulatedInstance {
    final boolean container;
    final String path;
    final long cgroupId;
    /** When the runtime tells what container it is, in nanoseconds since boot. */
    final long factsNanos;

    final List<SimulatedProcess> processes = new ArrayList<>();
    final Deque<Asked> asked = new ArrayDeque<>();
    long listener;
    /** A cgroup that it made below its own; 0 while there is none. */
    long nestedCgroupId;

    /** A question whose answer is on its way. */
    record Asked(SimulatedProcess process, long cookie, SimulatedNames.Question question) {}

    SimulatedInstance(boolean container, String path, long cgroupId, long factsNanos) {
        this.container = container;
        this.path = path;
        this.cgroupId = cgroupId;
        this.factsNanos = factsNanos;
    }

    /** A place for one that is yet to begin. */
    static SimulatedInstance none() {
        return new SimulatedInstance(false, "", 0, 0);
    }

    String nestedPath() {
        return path + "/nested";
    }

    /** Its listening socket, which its first process has. */
    Snapshot.OpenSocket listening() {
        return new Snapshot.OpenSocket(
                processes.getFirst().key,
                new SocketId(listener, 3),
                cgroupId,
                Protocol.TCP,
                Snapshot.SocketState.LISTENING,
                new Endpoint(InetAddress.ofLiteral("10.1.1.1"), Template.LISTENS, false),
                new Endpoint(InetAddress.ofLiteral("0.0.0.0"), 0, false));
    }
}
