package io.guardian.ebpf;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/**
 * The TCP and UDP sockets of network namespaces, as the kernel's socket monitoring dumps them. A dump tells of one
 * namespace, that of the thread that asks; so a thread of its own goes through them and ends afterwards, since a thread
 * that failed to come back would do the agent's own work in a foreign network.
 *
 * @see <a href="https://man7.org/linux/man-pages/man7/sock_diag.7.html">sock_diag(7)</a>
 */
public final class SocketTables {
    /** More sockets than this are not read. */
    public static final int SOCKETS_MAX = 65_536;

    private static final int NAMESPACES_MAX = 4096;
    private static final int RECEIVE_BYTES = 1 << 20;
    private static final Duration ANSWER_WAIT = Duration.ofSeconds(2);
    private static final int SOCK_DIAG_BY_FAMILY = 20;
    private static final int REQUEST_DUMP = 0x301;
    private static final int REQUEST_BYTES = Netlink.HEADER_BYTES + 56;

    private final List<SocketEntry> sockets = new ArrayList<>();
    private final Set<Long> namespaces = new HashSet<>();
    private final Set<String> refusals = new LinkedHashSet<>();
    private boolean cut;

    private SocketTables() {}

    /**
     * What was found.
     *
     * @param sockets those with a process that holds them
     * @param namespaces the network namespaces that were read to the end
     * @param refusals what could not be read and why, each once
     * @param cut whether there were more than {@link #SOCKETS_MAX}
     */
    public record Reading(List<SocketEntry> sockets, Set<Long> namespaces, List<String> refusals, boolean cut) {
        public Reading {
            namespaces = Set.copyOf(namespaces);
            sockets = List.copyOf(sockets);
            refusals = List.copyOf(refusals);
        }
    }

    /**
     * Reads the tables of this process's own network namespace and of those that these processes are in.
     *
     * @param pids one for each other namespace; those that are gone are passed over
     */
    public static CompletableFuture<Reading> read(Collection<Integer> pids) {
        var copy = List.copyOf(pids);
        return CompletableFuture.supplyAsync(
                () -> {
                    var tables = new SocketTables();
                    tables.readAll(copy);
                    return new Reading(tables.sockets, tables.namespaces, List.copyOf(tables.refusals), tables.cut);
                },
                work -> Thread.ofPlatform().daemon().name("socket-tables").start(work));
    }

    private void readAll(Collection<Integer> pids) {
        readHere();
        pids.stream().limit(NAMESPACES_MAX).forEach(this::readOf);
    }

    private void readOf(int pid) {
        int fd = LibC.open("/proc/" + pid + "/ns/net", LibC.O_RDONLY | LibC.O_CLOEXEC);
        if (fd == -LibC.ENOENT || fd == -LibC.ESRCH) {
            return;
        }
        int entered = fd < 0 ? fd : LibC.setns(fd, LibC.CLONE_NEWNET);
        if (fd >= 0) {
            LibC.close(fd);
        }
        if (entered < 0) {
            refusals.add("other network namespaces can't be entered (" + LibC.strerror(-entered)
                    + "); it needs CAP_SYS_ADMIN and CAP_SYS_PTRACE");
            return;
        }
        readHere();
    }

    private void readHere() {
        try (var netlink = Netlink.open(Netlink.SOCK_DIAG, 0, RECEIVE_BYTES)) {
            // The link, not the process asked for, names the namespace: that process may be another by now.
            String link =
                    Files.readSymbolicLink(Path.of("/proc/thread-self/ns/net")).toString();
            long namespace = Long.parseLong(link.replaceAll("[^0-9]", ""));
            for (var protocol : Protocol.values()) {
                dump(netlink, namespace, protocol, Bytes.AF_INET);
                dump(netlink, namespace, protocol, Bytes.AF_INET6);
            }
            namespaces.add(namespace);
        } catch (IOException refused) {
            refusals.add("sockets can't be listed (" + refused.getMessage() + ")");
        }
    }

    private void dump(Netlink netlink, long namespace, Protocol protocol, int family) throws IOException {
        netlink.send(request(protocol, family));
        long until = System.nanoTime() + ANSWER_WAIT.toNanos();
        while (System.nanoTime() < until) {
            switch (netlink.receive(ANSWER_WAIT)) {
                case Netlink.Arrival.Nothing none -> {}
                case Netlink.Arrival.Overrun lost -> throw new IOException("the dump was too large");
                case Netlink.Arrival.Messages(var bytes) -> {
                    while (bytes.hasRemaining()) {
                        if (isLast(Netlink.next(bytes), namespace, protocol)) {
                            return;
                        }
                    }
                }
            }
        }
        throw new IOException("no answer");
    }

    private boolean isLast(ByteBuffer message, long namespace, Protocol protocol) throws IOException {
        if (message.remaining() < Netlink.HEADER_BYTES) {
            return false;
        }
        int type = message.getShort(4) & 0xffff;
        if (type == Netlink.DONE) {
            return true;
        }
        if (type == Netlink.ERROR) {
            int error = message.remaining() < Netlink.HEADER_BYTES + 4 ? 0 : -message.getInt(Netlink.HEADER_BYTES);
            throw new IOException(
                    error == LibC.ENOENT
                            ? "the kernel's module " + module(protocol) + " is missing"
                            : LibC.strerror(error));
        }
        if (sockets.size() >= SOCKETS_MAX) {
            cut = true;
        } else {
            SocketEntry.parse(message, namespace, protocol).ifPresent(sockets::add);
        }
        return false;
    }

    private static String module(Protocol protocol) {
        return switch (protocol) {
            case TCP -> "tcp_diag";
            case UDP -> "udp_diag";
        };
    }

    /** {@code struct inet_diag_req_v2} of {@code linux/inet_diag.h}. */
    private static byte[] request(Protocol protocol, int family) {
        return ByteBuffer.allocate(REQUEST_BYTES)
                .order(ByteOrder.nativeOrder())
                .putInt(REQUEST_BYTES)
                .putShort((short) SOCK_DIAG_BY_FAMILY)
                .putShort((short) REQUEST_DUMP)
                .putLong(0)
                .put((byte) family)
                .put((byte) SocketEntry.number(protocol))
                .put((byte) (1 << (SocketEntry.INET_DIAG_INFO - 1)))
                .put((byte) 0)
                .putInt(SocketEntry.STATES)
                .array();
    }
}
