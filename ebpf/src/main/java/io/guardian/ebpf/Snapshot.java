package io.guardian.ebpf;

import java.util.List;

/**
 * What already was there, read once; records that the ring gives later count from after {@code bootNanos}.
 *
 * @param bootNanos when reading began, in nanoseconds since boot
 * @param processes one for each process (not thread)
 * @param sockets listening and connected sockets with the process that holds them; one that several processes hold is
 *     there once for each
 * @param cgroups every watched cgroup
 */
public record Snapshot(long bootNanos, List<ProcessImage> processes, List<OpenSocket> sockets, List<Cgroup> cgroups) {

    public Snapshot {
        processes = List.copyOf(processes);
        sockets = List.copyOf(sockets);
        cgroups = List.copyOf(cgroups);
    }

    /** What a socket is doing. */
    public enum SocketState {
        /** Waits for connections, or is a UDP socket with a port and no remote. */
        LISTENING,
        /** Has a remote. */
        CONNECTED
    }

    /**
     * A socket.
     *
     * @param process the process that holds it
     * @param socket its name
     * @param cgroupId the cgroup that made it
     * @param protocol TCP or UDP
     * @param state what it is doing
     * @param local this machine's end
     * @param remote the other end, port 0 if it has none
     */
    public record OpenSocket(
            ProcessKey process,
            SocketId socket,
            long cgroupId,
            Protocol protocol,
            SocketState state,
            Endpoint local,
            Endpoint remote) {}

    /**
     * A cgroup.
     *
     * @param id its id, which is the inode number of its folder
     * @param parentId the id of the one above it, 0 for the root
     * @param path from the root of the v2 hierarchy; {@code /} is the root
     */
    public record Cgroup(long id, long parentId, String path) {}
}
