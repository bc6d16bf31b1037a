package io.guardian.ebpf;

import java.util.Optional;

/**
 * Keeps a second reader away from a ring: two would each release what the other has not stored. The lock is on the
 * folder of the pins, so the kernel drops it with the process and no file stays behind.
 */
final class PinLock implements AutoCloseable {
    private final int fd;

    private PinLock(int fd) {
        this.fd = fd;
    }

    /** The lock, or empty if another sensor holds it. The folder must be there. */
    static Optional<PinLock> take(Pins pins) {
        int fd = LibC.open(pins.home().toString(), LibC.O_RDONLY | LibC.O_CLOEXEC);
        if (fd < 0) {
            throw new IllegalStateException("`" + pins.home() + "` can't be opened: " + LibC.strerror(-fd));
        }
        if (LibC.flock(fd, LibC.LOCK_EX | LibC.LOCK_NB) < 0) {
            LibC.close(fd);
            return Optional.empty();
        }
        return Optional.of(new PinLock(fd));
    }

    @Override
    public void close() {
        LibC.close(fd);
    }
}
