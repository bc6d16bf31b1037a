package io.guardian.ebpf;

import java.util.List;
import java.util.function.Consumer;

/**
 * A look at what is there, handed out in pieces, so that no machine is too large to look at. Each call reads anew: what
 * a piece shows is as of the moment it is handed out, and what the ring tells later may be older than that. For one
 * thread; whoever takes a piece may read the ring before the next.
 */
public interface Snapshot {

    /** When the look began, in nanoseconds since boot. */
    long bootNanos();

    /** Gives every watched cgroup, each after the one above it. */
    void cgroups(Consumer<Cgroup> each);

    /** Gives every process (not thread), in no order; one that changes meanwhile may come twice. */
    void processKeys(Consumer<ProcessKey> each);

    /** Gives the same processes with all that is known of them, some hundred at a time. */
    void processes(Consumer<List<ProcessImage>> piece);

    /**
     * Gives the listening and connected sockets with the process that holds them, some hundred at a time; one that
     * several processes hold is there once for each.
     */
    void sockets(Consumer<List<OpenSocket>> piece);

    /** What a socket is doing. */
    enum SocketState {
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
    record OpenSocket(
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
    record Cgroup(long id, long parentId, String path) {}
}
