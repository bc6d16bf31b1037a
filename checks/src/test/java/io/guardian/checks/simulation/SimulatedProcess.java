package io.guardian.checks.simulation;

import io.guardian.ebpf.Endpoint;
import io.guardian.ebpf.ProcessKey;
import io.guardian.ebpf.Protocol;
import io.guardian.ebpf.Snapshot;
import io.guardian.ebpf.SocketId;
import java.net.InetAddress;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/** A process of a simulated machine. */
final class SimulatedProcess {
    final ProcessKey key;
    final ProcessKey parent;
    final int cpu;
    final Optional<SimulatedInstance> instance;
    final Deque<SimulatedConnection> connections = new ArrayDeque<>();
    /** What it is in the template; nothing once it went its own way. */
    Optional<Template> place;

    String name;
    String exe;
    int ordinal;
    long cgroupId;
    SimulatedImage image;
    /** Whether it, or who made it, ever did an exec that the policy doesn't know. */
    boolean astray;

    boolean gone;

    SimulatedProcess(
            ProcessKey key,
            ProcessKey parent,
            int cpu,
            Optional<SimulatedInstance> instance,
            long cgroupId,
            Optional<Template> place,
            String name,
            String exe,
            SimulatedImage image) {
        this.key = key;
        this.parent = parent;
        this.cpu = cpu;
        this.instance = instance;
        this.cgroupId = cgroupId;
        this.place = place;
        this.name = name;
        this.exe = exe;
        this.image = image;
        image.members++;
    }

    /** One exec and the processes that are still it. */
    static final class SimulatedImage {
        final String uid;
        final String exe;
        int members;

        SimulatedImage(String uid, String exe) {
            this.uid = uid;
            this.exe = exe;
        }
    }

    /** A connection that lives. */
    record SimulatedConnection(
            Protocol protocol,
            long cookie,
            String remote,
            int localPort,
            int remotePort,
            boolean inbound,
            String puid) {
        Snapshot.OpenSocket open(SimulatedProcess process) {
            return new Snapshot.OpenSocket(
                    process.key,
                    new SocketId(cookie, 3),
                    process.cgroupId,
                    protocol,
                    Snapshot.SocketState.CONNECTED,
                    new Endpoint(InetAddress.ofLiteral("10.1.1.1"), localPort, false),
                    new Endpoint(InetAddress.ofLiteral(remote), remotePort, false));
        }

        String name() {
            return puid + (inbound ? " in " : " out ") + localPort + " " + remote + ":" + remotePort;
        }

        /** What went through, as the kernel counts it. */
        long bytes() {
            return protocol == Protocol.TCP ? cookie % 100_000 : 0;
        }
    }
}
