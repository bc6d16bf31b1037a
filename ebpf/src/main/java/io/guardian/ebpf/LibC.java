package io.guardian.ebpf;

import static io.guardian.ebpf.NativeCall.bind;
import static io.guardian.ebpf.NativeCall.checked;

import java.lang.foreign.Arena;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;

/**
 * The functions of the C library that the JDK doesn't offer, under C's names. Those that return an int give the negated
 * errno on failure. Numbers of system calls are those of the generic table, which x86-64 shares for all calls used
 * here.
 */
final class LibC {
    static final int EPERM = 1;
    static final int ENOENT = 2;
    static final int ESRCH = 3;
    static final int EINTR = 4;
    static final int EAGAIN = 11;
    static final int EEXIST = 17;
    static final int ENOTDIR = 20;
    static final int EINVAL = 22;
    static final int ENOBUFS = 105;
    static final int ESTALE = 116;

    static final int PROT_READ = 1;
    static final int PROT_WRITE = 2;
    static final int MAP_SHARED = 1;
    static final int EPOLL_CTL_ADD = 1;
    static final int EPOLLIN = 1;
    static final int EPOLLET = 1 << 31;
    static final int O_RDONLY = 0;
    static final int O_CLOEXEC = 0x80000;
    static final int O_PATH = 0x200000;
    static final int FILEID_KERNFS = 0xfe;
    static final int LOCK_EX = 2;
    static final int LOCK_NB = 4;
    static final int AT_EMPTY_PATH = 0x1000;
    static final int STATX_TYPE = 0x1;
    static final int STATX_SIZE = 0x200;
    static final int SC_PAGESIZE = 30;
    static final int CLOCK_REALTIME = 0;
    static final int CLOCK_MONOTONIC = 1;
    static final int CLOCK_BOOTTIME = 7;

    static final int AF_NETLINK = 16;
    static final int SOCK_RAW = 3;
    static final int SOCK_CLOEXEC = 0x80000;
    static final int SOL_SOCKET = 1;
    static final int SO_RCVBUF = 8;
    static final int SO_RCVBUFFORCE = 33;
    static final int MSG_DONTWAIT = 0x40;
    static final int CLONE_NEWNET = 0x40000000;

    static final long SYS_PIDFD_SEND_SIGNAL = 424;
    static final long SYS_FSOPEN = 430;
    static final long SYS_FSCONFIG = 431;
    static final long SYS_FSMOUNT = 432;
    static final long SYS_PIDFD_OPEN = 434;
    static final long SYS_OPENAT2 = 437;

    // linux/mount.h
    private static final int FSOPEN_CLOEXEC = 1;
    private static final int FSMOUNT_CLOEXEC = 1;
    private static final int FSCONFIG_CMD_CREATE = 6;

    private static final SymbolLookup LIBRARY = Linker.nativeLinker().defaultLookup();

    private static final NativeCall BIND = bind(LIBRARY, "bind", 3);
    private static final NativeCall CLOCK_GETTIME = bind(LIBRARY, "clock_gettime", 2);
    private static final NativeCall CLOSE = bind(LIBRARY, "close", 1);
    private static final NativeCall EPOLL_CREATE1 = bind(LIBRARY, "epoll_create1", 1);
    private static final NativeCall EPOLL_CTL = bind(LIBRARY, "epoll_ctl", 4);
    private static final NativeCall EPOLL_WAIT = bind(LIBRARY, "epoll_wait", 4);
    private static final NativeCall FLOCK = bind(LIBRARY, "flock", 2);
    private static final NativeCall MALLOC_TRIM = bind(LIBRARY, "malloc_trim", 1);
    private static final NativeCall MMAP = bind(LIBRARY, "mmap", 6);
    private static final NativeCall MOUNT = bind(LIBRARY, "mount", 5);
    private static final NativeCall MUNMAP = bind(LIBRARY, "munmap", 2);
    private static final NativeCall OPEN = bind(LIBRARY, "open", 2);
    private static final NativeCall OPEN_BY_HANDLE_AT = bind(LIBRARY, "open_by_handle_at", 3);
    private static final NativeCall READ = bind(LIBRARY, "read", 3);
    private static final NativeCall RECVFROM = bind(LIBRARY, "recvfrom", 6);
    private static final NativeCall SEND = bind(LIBRARY, "send", 4);
    private static final NativeCall SETNS = bind(LIBRARY, "setns", 2);
    private static final NativeCall SETPRIORITY = bind(LIBRARY, "setpriority", 3);
    private static final NativeCall SETSOCKOPT = bind(LIBRARY, "setsockopt", 5);
    private static final NativeCall SOCKET = bind(LIBRARY, "socket", 3);
    private static final NativeCall STATX = bind(LIBRARY, "statx", 5);
    private static final NativeCall STRERROR = bind(LIBRARY, "strerror", 1);
    private static final NativeCall SYSCALL = bind(LIBRARY, "syscall", 5);
    private static final NativeCall SYSCALL5 = bind(LIBRARY, "syscall", 6);
    private static final NativeCall SYSCONF = bind(LIBRARY, "sysconf", 1);

    private LibC() {}

    /** bind(2); {@code address} holds the whole sockaddr. */
    static int bindTo(int fd, MemorySegment address) {
        return checked(BIND.call(fd, address.address(), address.byteSize()));
    }

    /** clock_gettime(2), in nanoseconds. */
    static long clockNanos(int clock) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment timespec = arena.allocate(16, 8);
            int result = checked(CLOCK_GETTIME.call(clock, timespec.address()));
            if (result < 0) {
                throw new IllegalStateException("clock " + clock + " can't be read: " + strerror(-result));
            }
            return timespec.get(java.lang.foreign.ValueLayout.JAVA_LONG, 0) * 1_000_000_000L
                    + timespec.get(java.lang.foreign.ValueLayout.JAVA_LONG, 8);
        }
    }

    /** close(2). */
    static int close(int fd) {
        return checked(CLOSE.call(fd));
    }

    /** epoll_create1(2). */
    static int epollCreate1(int flags) {
        return checked(EPOLL_CREATE1.call(flags));
    }

    /** epoll_ctl(2). */
    static int epollCtl(int epoll, int op, int fd, MemorySegment event) {
        return checked(EPOLL_CTL.call(epoll, op, fd, event.address()));
    }

    /** epoll_wait(2). */
    static int epollWait(int epoll, MemorySegment events, int max, int timeoutMillis) {
        return checked(EPOLL_WAIT.call(epoll, events.address(), max, timeoutMillis));
    }

    /** flock(2). */
    static int flock(int fd, int operation) {
        return checked(FLOCK.call(fd, operation));
    }

    /** malloc_trim(3). */
    static int mallocTrim(long pad) {
        return (int) MALLOC_TRIM.call(pad);
    }

    /** mmap(2): the address, or the negated errno. */
    static long mmap(long length, int protection, int flags, int fd, long offset) {
        long address = MMAP.call(0, length, protection, flags, fd, offset);
        return address == -1 ? -NativeCall.errno() : address;
    }

    /** mount(2). */
    static int mount(String source, String target, String type) {
        try (Arena arena = Arena.ofConfined()) {
            return checked(MOUNT.call(
                    arena.allocateFrom(source).address(),
                    arena.allocateFrom(target).address(),
                    arena.allocateFrom(type).address(),
                    0,
                    0));
        }
    }

    /** fsopen(2), fsconfig(2), fsmount(2): the root of a new mount that is nowhere to be seen, until it is closed. */
    static int mountDetached(String type) {
        try (Arena arena = Arena.ofConfined()) {
            int context = syscall(SYS_FSOPEN, arena.allocateFrom(type).address(), FSOPEN_CLOEXEC, 0, 0);
            if (context < 0) {
                return context;
            }
            int made = checked(SYSCALL5.call(SYS_FSCONFIG, context, FSCONFIG_CMD_CREATE, 0, 0, 0));
            int mount = made < 0 ? made : syscall(SYS_FSMOUNT, context, FSMOUNT_CLOEXEC, 0, 0);
            close(context);
            return mount;
        }
    }

    /** munmap(2). */
    static int munmap(long address, long length) {
        return checked(MUNMAP.call(address, length));
    }

    /** open(2), without O_CREAT. */
    static int open(String path, int flags) {
        try (Arena arena = Arena.ofConfined()) {
            return checked(OPEN.call(arena.allocateFrom(path).address(), flags));
        }
    }

    /** open_by_handle_at(2); {@code handle} holds a struct file_handle. */
    static int openByHandleAt(int mount, MemorySegment handle, int flags) {
        return checked(OPEN_BY_HANDLE_AT.call(mount, handle.address(), flags));
    }

    /** read(2). */
    static int read(int fd, MemorySegment into) {
        return checked(READ.call(fd, into.address(), into.byteSize()));
    }

    /** recvfrom(2); {@code length} holds a socklen_t, the room in {@code from}, and then what was used of it. */
    static int recvfrom(int fd, MemorySegment into, int flags, MemorySegment from, MemorySegment length) {
        return checked(RECVFROM.call(fd, into.address(), into.byteSize(), flags, from.address(), length.address()));
    }

    /** send(2). */
    static int send(int fd, MemorySegment message, int flags) {
        return checked(SEND.call(fd, message.address(), message.byteSize(), flags));
    }

    /** setns(2): moves the calling thread. */
    static int setns(int fd, int type) {
        return checked(SETNS.call(fd, type));
    }

    /** setpriority(2). */
    static int setpriority(int which, int who, int priority) {
        return checked(SETPRIORITY.call(which, who, priority));
    }

    /** setsockopt(2) of an int. */
    static int setsockopt(int fd, int level, int option, int value) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment word = arena.allocateFrom(java.lang.foreign.ValueLayout.JAVA_INT, value);
            return checked(SETSOCKOPT.call(fd, level, option, word.address(), word.byteSize()));
        }
    }

    /** socket(2). */
    static int socket(int domain, int type, int protocol) {
        return checked(SOCKET.call(domain, type, protocol));
    }

    /** statx(2) of an open file, for its type and size; {@code into} holds a struct statx. */
    static int statx(int fd, MemorySegment into) {
        try (Arena arena = Arena.ofConfined()) {
            return checked(STATX.call(
                    fd, arena.allocateFrom("").address(), AT_EMPTY_PATH, STATX_TYPE | STATX_SIZE, into.address()));
        }
    }

    /** strerror(3). */
    static String strerror(int errno) {
        return NativeCall.memory(STRERROR.call(errno), 1024).getString(0);
    }

    /** syscall(2) with up to four arguments. */
    static int syscall(long number, long a, long b, long c, long d) {
        return checked(SYSCALL.call(number, a, b, c, d));
    }

    /** sysconf(3). */
    static long sysconf(int name) {
        return SYSCONF.call(name);
    }
}
