package io.guardian.ebpf;

/** One thing that happened, as the kernel saw it. */
public sealed interface KernelRecord {

    /** When, where and by whom. */
    Header header();

    /**
     * A process became another program.
     *
     * @param image what it is now
     * @param filename the path as given to execve; for a script that of the script; {@code /dev/fd/N} for fexecve
     * @param interpreter the interpreter as the script names it, or empty when it isn't a script
     */
    record Exec(Header header, ProcessImage image, String filename, String interpreter) implements KernelRecord {
        /** True if the file named was a script, so that the executable is its interpreter. */
        public boolean script() {
            return !interpreter.isEmpty();
        }
    }

    /**
     * The process of the header made a new process (not a thread).
     *
     * @param child the new process
     * @param childCgroupId its cgroup, which may be another than its maker's
     * @param childNamespacePid its pid in its own pid namespace
     */
    record Fork(Header header, ProcessKey child, long childCgroupId, int childNamespacePid) implements KernelRecord {}

    /**
     * The last thread of the process of the header is gone.
     *
     * @param status the wait status: exit code in bits 8 to 15, signal in bits 0 to 6, core dumped in bit 7
     */
    record Exit(Header header, int status) implements KernelRecord {
        /** The code given to exit, 0 to 255; 0 when a signal ended it. */
        public int code() {
            return (status >> 8) & 0xff;
        }

        /** The signal that ended it, or 0. */
        public int signal() {
            return status & 0x7f;
        }
    }

    /**
     * The process called connect, or sent the first datagram to this remote in 60 s. Comes before the act, so also when
     * it is then refused.
     *
     * @param socket the socket
     * @param protocol TCP or UDP
     * @param asked where the program wants to go
     * @param used where the first packet went; as {@code asked} while there was none. A record in which they differ
     *     comes in addition. For UDP {@code asked} is only a hint then: the process can aim the socket elsewhere while
     *     a packet is on its way
     */
    record Connect(Header header, SocketId socket, Protocol protocol, Endpoint asked, Endpoint used)
            implements KernelRecord {}

    /**
     * A TCP connection that this machine opened is answered. The process of the header is the one that called connect.
     *
     * @param socket the socket of the {@link Connect}
     * @param local this machine's end
     * @param remote the end really used
     */
    record Established(Header header, SocketId socket, Endpoint local, Endpoint remote) implements KernelRecord {}

    /**
     * A TCP connection from outside is established, or the first datagram from this remote in 60 s arrived at a UDP
     * socket. The process of the header is the one that called listen (or bind), and is {@link ProcessKey#NONE} if that
     * was before the sensor started: then find it by network namespace and local port in the {@link Snapshot}.
     *
     * @param socket the new socket
     * @param protocol TCP or UDP
     * @param local this machine's end
     * @param remote the other end
     */
    record Accept(Header header, SocketId socket, Protocol protocol, Endpoint local, Endpoint remote)
            implements KernelRecord {}

    /**
     * The process listens on a TCP port, or bound a UDP port.
     *
     * @param socket the socket
     * @param protocol TCP or UDP
     * @param local the address and port; port 0 if a TCP listener was not bound, since the kernel chooses it later
     */
    record Listen(Header header, SocketId socket, Protocol protocol, Endpoint local) implements KernelRecord {}

    /**
     * A socket that one of the records above named is closed.
     *
     * @param socket the socket
     * @param protocol TCP or UDP
     * @param local this machine's end, as far as it was known
     * @param remote the other end; port 0 if it had none (a listener, a UDP socket)
     * @param traffic what went through, for a TCP connection
     */
    record Close(Header header, SocketId socket, Protocol protocol, Endpoint local, Endpoint remote, Traffic traffic)
            implements KernelRecord {}

    /**
     * A datagram to port 53 left the cgroup of the header.
     *
     * @param socket the socket
     * @param local the asking end
     * @param resolver whom the program asked; a hint where it isn't {@code used}, as in {@link Connect}
     * @param used where the datagram went
     * @param overLoopback whether it went over the loopback device
     * @param message the DNS message, at most 1,232 bytes
     * @param skipped DNS messages and segments of this cgroup that were left out since its last record of DNS, since
     *     they were too many
     */
    record DnsQuery(
            Header header,
            SocketId socket,
            Endpoint local,
            Endpoint resolver,
            Endpoint used,
            boolean overLoopback,
            Payload message,
            long skipped)
            implements KernelRecord {}

    /**
     * A datagram from port 53 was delivered to the cgroup of the header.
     *
     * @param socket the socket
     * @param local the end that asked
     * @param resolver where it came from
     * @param overLoopback whether it came over the loopback device
     * @param message the DNS message, at most 1,232 bytes
     * @param skipped as in {@link DnsQuery}
     */
    record DnsAnswer(
            Header header,
            SocketId socket,
            Endpoint local,
            Endpoint resolver,
            boolean overLoopback,
            Payload message,
            long skipped)
            implements KernelRecord {}

    /**
     * A part of what a TCP connection to port 53 carries, before TCP has checked where it belongs: it may come twice,
     * in another order, or not belong to the connection at all.
     *
     * @param socket the socket
     * @param resolver whom the socket is connected to
     * @param isAnswer whether it came from there, else it goes there
     * @param sequence TCP's number of its first byte, 32 bits
     * @param offset how many bytes went the same way before it, modulo 2^32, by TCP's account at that moment
     * @param overLoopback whether it went or came over the loopback device
     * @param bytes the bytes, at most 1,232
     * @param skipped as in {@link DnsQuery}
     */
    record DnsSegment(
            Header header,
            SocketId socket,
            Endpoint resolver,
            boolean isAnswer,
            int sequence,
            int offset,
            boolean overLoopback,
            Payload bytes,
            long skipped)
            implements KernelRecord {}

    /**
     * The process has a socket that is neither TCP nor UDP over IP, and that is not local to the machine: packets by
     * hand (AF_PACKET, raw IP), AF_VSOCK, AF_XDP, other transports. Comes once for each image and kind: at its making
     * where the kernel lets that be seen, else with the next {@link Sensor#sweepSockets()}.
     *
     * @param family the address family, as in socket(2)
     * @param type the socket's type
     * @param protocol the protocol, by the family's numbers
     */
    record OtherSocket(Header header, int family, int type, int protocol) implements KernelRecord {}

    /**
     * The process changed its effective user without exec. It is seen with the next thing that the process does, or
     * with the next {@link Sensor#sweepCredentials()}; the new user is in the header, and {@code euidInNamespace} is
     * that user in the namespace of the process.
     */
    record CredentialChange(Header header, long previousEuid, long euidInNamespace) implements KernelRecord {}

    /**
     * A cgroup was made.
     *
     * @param cgroupId its id
     * @param parentId the id of the cgroup above it
     * @param path its path from the root of the v2 hierarchy
     */
    record CgroupCreated(Header header, long cgroupId, long parentId, String path) implements KernelRecord {}

    /** A cgroup was removed. */
    record CgroupRemoved(Header header, long cgroupId, String path) implements KernelRecord {}

    /**
     * A process was moved into another cgroup of the v2 hierarchy. The header names the process that moved it.
     *
     * @param moved the process that was moved
     * @param cgroupId where it is now
     * @param path path of that cgroup from the root of the v2 hierarchy
     */
    record CgroupEntered(Header header, ProcessKey moved, long cgroupId, String path) implements KernelRecord {}
}
