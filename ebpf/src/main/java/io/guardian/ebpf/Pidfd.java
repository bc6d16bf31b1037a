package io.guardian.ebpf;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * Holds one process, so that a signal can't reach another that got the same pid later. Open it, then compare what
 * identifies the process, then send.
 *
 * @see <a href="https://man7.org/linux/man-pages/man2/pidfd_open.2.html">pidfd_open(2)</a>
 */
public final class Pidfd implements AutoCloseable {
    private static final int CLOSED = -1;

    private final AtomicInteger fd;

    private Pidfd(int fd) {
        this.fd = new AtomicInteger(fd);
    }

    /** What came of opening. */
    public sealed interface Opening {
        /** The process is held; close it. */
        record Held(Pidfd pidfd) implements Opening {}

        /** There is no such process. */
        record Gone() implements Opening {}

        /** The kernel refused. */
        record Refused(String reason) implements Opening {}
    }

    /** What came of a signal. */
    public sealed interface Delivery {
        /** It was sent. */
        record Sent() implements Delivery {}

        /** The process had ended. */
        record Gone() implements Delivery {}

        /** The kernel refused. */
        record Refused(String reason) implements Delivery {}
    }

    /** Holds the process that has this pid now. */
    public static Opening open(int pid) {
        int result = LibC.syscall(LibC.SYS_PIDFD_OPEN, pid, 0, 0, 0);
        if (result >= 0) {
            return new Opening.Held(new Pidfd(result));
        }
        // EINVAL is what the kernel says for a thread that isn't a process.
        return result == -LibC.ESRCH || result == -LibC.EINVAL
                ? new Opening.Gone()
                : new Opening.Refused("pid " + pid + " can't be held: " + LibC.strerror(-result));
    }

    /**
     * Sends a signal.
     *
     * @param signal its number; 0 only asks whether the process is there
     */
    public Delivery send(int signal) {
        int result = LibC.syscall(LibC.SYS_PIDFD_SEND_SIGNAL, fd.get(), signal, 0, 0);
        if (result >= 0) {
            return new Delivery.Sent();
        }
        return result == -LibC.ESRCH
                ? new Delivery.Gone()
                : new Delivery.Refused("signal " + signal + " can't be sent: " + LibC.strerror(-result));
    }

    @Override
    public void close() {
        int open = fd.getAndSet(CLOSED);
        if (open != CLOSED) {
            LibC.close(open);
        }
    }
}
