package io.guardian.ebpf;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/**
 * The kernel's process events connector: says of every process of the machine when it forks, executes, changes its user
 * and ends, but not what it is; for that there is /proc, if the process still lives. Needs the first pid, user and
 * network namespaces, and before kernel 6.6 CAP_NET_ADMIN. Structures and numbers are those of
 * {@code linux/connector.h} and {@code linux/cn_proc.h}.
 *
 * @see <a href="https://docs.kernel.org/driver-api/connector.html">Kernel Connector</a>
 */
public final class ProcessConnector implements AutoCloseable {
    private static final int CN_IDX_PROC = 1;
    private static final int CN_VAL_PROC = 1;
    private static final int LISTEN = 1;
    private static final int CONNECTOR_BYTES = 20;
    private static final int EVENT = Netlink.HEADER_BYTES + CONNECTOR_BYTES;
    private static final int DATA = EVENT + 16;
    private static final int WHAT_NONE = 0;
    private static final int WHAT_FORK = 1;
    private static final int WHAT_EXEC = 2;
    private static final int WHAT_UID = 4;
    private static final int WHAT_EXIT = 0x8000_0000;
    private static final int RECEIVE_BYTES = 8 << 20;
    private static final int MESSAGES_MAX = 4096;
    private static final Duration ANSWER_WAIT = Duration.ofSeconds(2);
    private static final String NEEDS =
            "; it needs CAP_NET_ADMIN and the machine's first pid, user and network namespaces";

    private final Netlink netlink;
    private final AtomicLong overruns = new AtomicLong();

    private ProcessConnector(Netlink netlink) {
        this.netlink = netlink;
    }

    /** What came of opening. */
    public sealed interface Opening {
        /** It listens; close it. */
        record Opened(ProcessConnector connector) implements Opening {}

        /** The kernel refuses, or has no such thing. */
        record Unavailable(String reason) implements Opening {}
    }

    /** Begins to listen; what happens from now on will be told. */
    public static Opening open() {
        try {
            var netlink = Netlink.open(Netlink.CONNECTOR, CN_IDX_PROC, RECEIVE_BYTES);
            try {
                netlink.send(listen());
                var refusal = refusal(netlink);
                if (refusal.isEmpty()) {
                    return new Opening.Opened(new ProcessConnector(netlink));
                }
                netlink.close();
                return new Opening.Unavailable(refusal.get());
            } catch (IOException refused) {
                netlink.close();
                throw refused;
            }
        } catch (IOException refused) {
            return new Opening.Unavailable("process events can't be heard (" + refused.getMessage() + ")" + NEEDS);
        }
    }

    private static byte[] listen() {
        int size = EVENT + Integer.BYTES;
        return ByteBuffer.allocate(size)
                .order(ByteOrder.nativeOrder())
                .putInt(size)
                .putShort((short) Netlink.DONE)
                .putShort((short) 0)
                .putLong(0)
                .putInt(CN_IDX_PROC)
                .putInt(CN_VAL_PROC)
                .putLong(0)
                .putShort((short) Integer.BYTES)
                .putShort((short) 0)
                .putInt(LISTEN)
                .array();
    }

    /** The kernel answers with an event of no kind; outside the first namespaces it doesn't answer at all. */
    private static Optional<String> refusal(Netlink netlink) throws IOException {
        long until = System.nanoTime() + ANSWER_WAIT.toNanos();
        while (System.nanoTime() < until) {
            if (netlink.receive(ANSWER_WAIT) instanceof Netlink.Arrival.Messages(var bytes)) {
                while (bytes.hasRemaining()) {
                    var message = Netlink.next(bytes);
                    if (isEvent(message) && message.getInt(EVENT) == WHAT_NONE) {
                        int error = message.getInt(DATA);
                        return error == 0
                                ? Optional.empty()
                                : Optional.of("process events can't be heard (" + LibC.strerror(error) + ")" + NEEDS);
                    }
                }
            }
        }
        return Optional.of("process events can't be heard (no answer)" + NEEDS);
    }

    /** Hands out what happened, waiting at most this long for the first of it. */
    public void poll(Duration timeout, Consumer<ProcessNotice> consumer) {
        try {
            var wait = timeout;
            long toBootNanos = Clocks.monotonicToBootNanos();
            for (int i = 0; i < MESSAGES_MAX; i++) {
                switch (netlink.receive(wait)) {
                    case Netlink.Arrival.Nothing none -> {
                        return;
                    }
                    case Netlink.Arrival.Overrun lost -> overruns.incrementAndGet();
                    case Netlink.Arrival.Messages(var bytes) -> {
                        while (bytes.hasRemaining()) {
                            notice(Netlink.next(bytes), toBootNanos).ifPresent(consumer);
                        }
                    }
                }
                wait = Duration.ZERO;
            }
        } catch (IOException broken) {
            throw new IllegalStateException("process events can't be read: " + broken.getMessage(), broken);
        }
    }

    /** How often the kernel had no room for events, so that some are lost. */
    public long overruns() {
        return overruns.get();
    }

    private static boolean isEvent(ByteBuffer message) {
        return message.remaining() >= DATA + 8
                && message.getInt(Netlink.HEADER_BYTES) == CN_IDX_PROC
                && message.getInt(Netlink.HEADER_BYTES + 4) == CN_VAL_PROC;
    }

    /**
     * Absent for threads and for kinds that nobody asks for.
     *
     * @param toBootNanos leads from the clock of the events, which stands still while asleep, to that since boot
     */
    static Optional<ProcessNotice> notice(ByteBuffer message, long toBootNanos) {
        if (!isEvent(message)) {
            return Optional.empty();
        }
        int pid = message.getInt(DATA);
        int tgid = message.getInt(DATA + 4);
        long bootNanos = message.getLong(EVENT + 8) + toBootNanos;
        return switch (message.getInt(EVENT)) {
            case WHAT_FORK -> fork(message, tgid, bootNanos);
            case WHAT_EXEC -> Optional.of(new ProcessNotice.Executed(tgid, bootNanos));
            case WHAT_UID -> user(message, pid, tgid, bootNanos);
            case WHAT_EXIT ->
                pid == tgid && message.remaining() >= DATA + 12
                        ? Optional.of(new ProcessNotice.Ended(tgid, message.getInt(DATA + 8), bootNanos))
                        : Optional.empty();
            default -> Optional.empty();
        };
    }

    private static Optional<ProcessNotice> fork(ByteBuffer message, int parent, long bootNanos) {
        if (message.remaining() < DATA + 16) {
            return Optional.empty();
        }
        int childPid = message.getInt(DATA + 8);
        int childTgid = message.getInt(DATA + 12);
        return childPid == childTgid
                ? Optional.of(new ProcessNotice.Forked(parent, childTgid, bootNanos))
                : Optional.empty();
    }

    private static Optional<ProcessNotice> user(ByteBuffer message, int pid, int tgid, long bootNanos) {
        if (pid != tgid || message.remaining() < DATA + 16) {
            return Optional.empty();
        }
        long euid = Integer.toUnsignedLong(message.getInt(DATA + 12));
        return Optional.of(new ProcessNotice.UserChanged(tgid, euid, bootNanos));
    }

    @Override
    public void close() {
        netlink.close();
    }
}
