package io.guardian.ebpf;

import java.util.List;

/** From the bytes of a record to the record; whatever the bytes are, it answers with a record or a flaw. */
final class RecordDecoder {
    static final int IPPROTO_TCP = 6;
    static final int IPPROTO_UDP = 17;
    private static final Origin[] ORIGINS = {
        Origin.UNKNOWN, Origin.IMAGE, Origin.UPPER, Origin.OTHER_MOUNT, Origin.MEMFD, Origin.DELETED
    };
    private static final List<String> KINDS = List.of(
            "none",
            "exec",
            "fork",
            "exit",
            "connect",
            "established",
            "accept",
            "listen",
            "close",
            "dns query",
            "dns answer",
            "credential change",
            "cgroup created",
            "cgroup removed",
            "cgroup entered",
            "other socket",
            "dns segment");

    private static final String CUT = "(cut)";

    private final long epochNanos;

    RecordDecoder(long epochNanos) {
        this.epochNanos = epochNanos;
    }

    /** The name of a kind, for counters. */
    static String kindName(int kind) {
        return kind < KINDS.size() ? KINDS.get(kind) : "kind " + kind;
    }

    /** Takes what came of the bytes. */
    interface Result {
        /** They are a record. */
        void record(KernelRecord record);

        /** They are not. */
        void flaw(Flaw flaw);
    }

    /** Decodes one record. */
    void decode(Bytes in, Result result) {
        if (in.length() < Layout.HEADER) {
            result.flaw(Flaw.TOO_SHORT);
            return;
        }
        int kind = in.u16(Layout.HEADER_KIND);
        switch (kind) {
            case 1 -> exec(in, result);
            case 2 -> fork(in, result);
            case 3 -> exit(in, result);
            case 4, 5, 6, 7, 8 -> socket(kind, in, result);
            case 9, 10 -> dns(kind, in, result);
            case 11 -> credentials(in, result);
            case 12, 13, 14 -> cgroup(kind, in, result);
            case 15 -> otherSocket(in, result);
            case 16 -> segment(in, result);
            default -> result.flaw(Flaw.UNKNOWN_KIND);
        }
    }

    private Header header(Bytes in) {
        return new Header(
                epochNanos,
                in.u16(Layout.HEADER_CPU),
                in.i64(Layout.HEADER_SEQUENCE),
                in.i64(Layout.HEADER_BOOT_NS),
                key(in, Layout.HEADER_TGID, Layout.HEADER_START_BOOT_NS),
                in.i32(Layout.HEADER_TID),
                in.i64(Layout.HEADER_CGROUP_ID),
                in.uid(Layout.HEADER_EUID),
                in.u32(Layout.HEADER_USER_NS));
    }

    static ProcessKey key(Bytes in, int tgidAt, int startAt) {
        int tgid = in.i32(tgidAt);
        return tgid == 0 ? ProcessKey.NONE : new ProcessKey(tgid, in.i64(startAt));
    }

    private void exec(Bytes in, Result result) {
        if (in.length() < Layout.IMAGE) {
            result.flaw(Flaw.TOO_SHORT);
            return;
        }
        int exe = in.u16(Layout.IMAGE_EXE_LEN);
        int filename = in.u16(Layout.IMAGE_FILENAME_LEN);
        int locations = in.u16(Layout.IMAGE_INNER_LEN) + in.u16(Layout.IMAGE_ROOT_LEN);
        int interpreter = in.u16(Layout.IMAGE_INTERPRETER_LEN);
        int args = in.u16(Layout.IMAGE_ARGS_LEN);
        // The ring rounds nothing: the parts fill the record exactly.
        int names = Layout.IMAGE + exe + locations;
        if (names + filename + interpreter + args != in.length()) {
            result.flaw(Flaw.WRONG_LENGTH);
            return;
        }
        byte[] argBytes = in.copy(names + filename + interpreter, args);
        int cut = Layout.FLAG_ARGS_CUT | Layout.FLAG_ARGS_UNREADABLE;
        boolean argsCut = (in.i32(Layout.IMAGE_FLAGS) & cut) != 0 || Bytes.tooMany(argBytes);
        result.record(new KernelRecord.Exec(
                header(in),
                image(in, Bytes.texts(argBytes), argsCut),
                in.text(names, filename),
                in.text(names + filename, interpreter)));
    }

    /** The image in a {@code struct rec_image} whose lengths are checked. */
    static ProcessImage image(Bytes in, List<String> args, boolean argsCut) {
        int flags = in.i32(Layout.IMAGE_FLAGS);
        return new ProcessImage(
                key(in, Layout.HEADER_TGID, Layout.HEADER_START_BOOT_NS),
                key(in, Layout.IMAGE_PARENT_TGID, Layout.IMAGE_PARENT_START_BOOT_NS),
                in.i32(Layout.IMAGE_ORDINAL),
                in.i64(Layout.HEADER_CGROUP_ID),
                in.paddedText(Layout.IMAGE_COMM, Layout.IMAGE_COMM_BYTES),
                exeFile(in, flags),
                root(in, flags),
                args,
                argsCut,
                new Credentials(
                        in.uid(Layout.IMAGE_UID),
                        in.uid(Layout.HEADER_EUID),
                        in.uid(Layout.IMAGE_EGID),
                        in.uid(Layout.IMAGE_LOGIN_UID),
                        in.uid(Layout.IMAGE_EUID_IN_NS)),
                new Namespaces(
                        in.u32(Layout.IMAGE_MNT_NS),
                        in.u32(Layout.IMAGE_PID_NS),
                        in.u32(Layout.IMAGE_NET_NS),
                        in.u32(Layout.HEADER_USER_NS)),
                in.i32(Layout.IMAGE_PID_IN_NS),
                in.i32(Layout.IMAGE_PROCESS_GROUP),
                in.i32(Layout.IMAGE_SESSION),
                in.i32(Layout.IMAGE_TTY));
    }

    private static ExeFile exeFile(Bytes in, int flags) {
        int length = in.u16(Layout.IMAGE_EXE_LEN);
        int origin = in.i32(Layout.IMAGE_ORIGIN);
        return new ExeFile(
                exePath(in, flags, length),
                origin >= 0 && origin < ORIGINS.length ? ORIGINS[origin] : Origin.UNKNOWN,
                location(in, flags, length),
                in.i64(Layout.IMAGE_INODE),
                (flags & Layout.FLAG_OVERLAY) != 0,
                (flags & Layout.FLAG_PATH_CUT) != 0,
                in.u32(Layout.IMAGE_EXE_MNT_NS));
    }

    /** The end of a path that is too long is no path: whoever makes folders decides where it begins. */
    private static String exePath(Bytes in, int flags, int length) {
        if (length == 0) {
            return "unknown";
        }
        String path = in.path(Layout.IMAGE, length);
        return (flags & Layout.FLAG_PATH_CUT) != 0 ? CUT + path : path;
    }

    private static FileLocation location(Bytes in, int flags, int exeLength) {
        if ((flags & (Layout.FLAG_INNER_CUT | Layout.FLAG_PATH_CUT)) != 0 || exeLength == 0) {
            return FileLocation.UNKNOWN;
        }
        int inner = in.u16(Layout.IMAGE_INNER_LEN);
        String path = inner == 0 ? in.path(Layout.IMAGE, exeLength) : in.path(Layout.IMAGE + exeLength, inner);
        return new FileLocation(in.u32(Layout.IMAGE_DEVICE), path);
    }

    private static FileLocation root(Bytes in, int flags) {
        if ((flags & Layout.FLAG_ROOT_CUT) != 0) {
            return FileLocation.UNKNOWN;
        }
        int at = Layout.IMAGE + in.u16(Layout.IMAGE_EXE_LEN) + in.u16(Layout.IMAGE_INNER_LEN);
        int length = in.u16(Layout.IMAGE_ROOT_LEN);
        return new FileLocation(in.u32(Layout.IMAGE_ROOT_DEVICE), length == 0 ? "/" : in.path(at, length));
    }

    private void fork(Bytes in, Result result) {
        if (in.length() < Layout.FORK) {
            result.flaw(Flaw.TOO_SHORT);
            return;
        }
        result.record(new KernelRecord.Fork(
                header(in),
                key(in, Layout.FORK_CHILD_TGID, Layout.FORK_CHILD_START_BOOT_NS),
                in.i64(Layout.FORK_CHILD_CGROUP_ID),
                in.i32(Layout.FORK_CHILD_PID_IN_NS)));
    }

    private void exit(Bytes in, Result result) {
        if (in.length() < Layout.EXIT) {
            result.flaw(Flaw.TOO_SHORT);
            return;
        }
        result.record(new KernelRecord.Exit(header(in), in.i32(Layout.EXIT_STATUS)));
    }

    private void socket(int kind, Bytes in, Result result) {
        if (in.length() < Layout.SOCKET) {
            result.flaw(Flaw.TOO_SHORT);
            return;
        }
        int number = in.u8(Layout.SOCKET_PROTOCOL);
        if (number != IPPROTO_TCP && number != IPPROTO_UDP) {
            result.flaw(Flaw.WRONG_PROTOCOL);
            return;
        }
        if (!in.isEndpoint(Layout.SOCKET_LOCAL)
                || !in.isEndpoint(Layout.SOCKET_REMOTE)
                || !in.isEndpoint(Layout.SOCKET_USED)) {
            result.flaw(Flaw.WRONG_FAMILY);
            return;
        }
        Header header = header(in);
        SocketId socket = new SocketId(in.i64(Layout.SOCKET_COOKIE), in.u32(Layout.SOCKET_NET_NS));
        Protocol protocol = protocol(number);
        Endpoint local = in.endpoint(Layout.SOCKET_LOCAL);
        Endpoint remote = in.endpoint(Layout.SOCKET_REMOTE);
        result.record(
                switch (kind) {
                    case 4 ->
                        new KernelRecord.Connect(
                                header, socket, protocol, remote, usedOr(remote, in, Layout.SOCKET_USED));
                    case 5 -> new KernelRecord.Established(header, socket, local, remote);
                    case 6 -> new KernelRecord.Accept(header, socket, protocol, local, remote);
                    case 7 -> new KernelRecord.Listen(header, socket, protocol, local);
                    default -> new KernelRecord.Close(header, socket, protocol, local, remote, traffic(in));
                });
    }

    /** Where a packet went; as asked for if none was seen. */
    private static Endpoint usedOr(Endpoint asked, Bytes in, int at) {
        return in.u8(at + Layout.ENDPOINT_FAMILY) == 0 ? asked : in.endpoint(at);
    }

    private void otherSocket(Bytes in, Result result) {
        if (in.length() < Layout.OTHER_SOCKET) {
            result.flaw(Flaw.TOO_SHORT);
            return;
        }
        result.record(new KernelRecord.OtherSocket(
                header(in),
                in.u16(Layout.OTHER_SOCKET_FAMILY),
                in.u16(Layout.OTHER_SOCKET_TYPE),
                in.u16(Layout.OTHER_SOCKET_PROTOCOL)));
    }

    static Protocol protocol(int number) {
        return number == IPPROTO_TCP ? Protocol.TCP : Protocol.UDP;
    }

    private static Traffic traffic(Bytes in) {
        return new Traffic(
                in.i64(Layout.SOCKET_RX_BYTES),
                in.i64(Layout.SOCKET_TX_BYTES),
                in.u32(Layout.SOCKET_RX_SEGMENTS),
                in.u32(Layout.SOCKET_TX_SEGMENTS));
    }

    private void dns(int kind, Bytes in, Result result) {
        if (in.length() < Layout.DNS) {
            result.flaw(Flaw.TOO_SHORT);
            return;
        }
        int length = in.u16(Layout.DNS_LENGTH);
        if (length > in.length() - Layout.DNS) {
            result.flaw(Flaw.WRONG_LENGTH);
            return;
        }
        if (!in.isEndpoint(Layout.DNS_LOCAL) || !in.isEndpoint(Layout.DNS_REMOTE) || !in.isEndpoint(Layout.DNS_USED)) {
            result.flaw(Flaw.WRONG_FAMILY);
            return;
        }
        Header header = header(in);
        SocketId socket = new SocketId(in.i64(Layout.DNS_COOKIE), in.u32(Layout.DNS_NET_NS));
        Endpoint local = in.endpoint(Layout.DNS_LOCAL);
        Endpoint remote = in.endpoint(Layout.DNS_REMOTE);
        Payload message = new Payload(in.copy(Layout.DNS, length), in.u16(Layout.DNS_FULL_LENGTH));
        boolean loopback = in.i32(Layout.DNS_LOOPBACK) != 0;
        long skipped = in.u32(Layout.DNS_SKIPPED);
        result.record(
                kind == 9
                        ? new KernelRecord.DnsQuery(
                                header,
                                socket,
                                local,
                                remote,
                                usedOr(remote, in, Layout.DNS_USED),
                                loopback,
                                message,
                                skipped)
                        : new KernelRecord.DnsAnswer(header, socket, local, remote, loopback, message, skipped));
    }

    private void segment(Bytes in, Result result) {
        if (in.length() < Layout.SEGMENT) {
            result.flaw(Flaw.TOO_SHORT);
            return;
        }
        int length = in.u16(Layout.SEGMENT_LENGTH);
        if (length > in.length() - Layout.SEGMENT) {
            result.flaw(Flaw.WRONG_LENGTH);
            return;
        }
        if (!in.isEndpoint(Layout.SEGMENT_REMOTE)) {
            result.flaw(Flaw.WRONG_FAMILY);
            return;
        }
        result.record(new KernelRecord.DnsSegment(
                header(in),
                new SocketId(in.i64(Layout.SEGMENT_COOKIE), in.u32(Layout.SEGMENT_NET_NS)),
                in.endpoint(Layout.SEGMENT_REMOTE),
                in.u8(Layout.SEGMENT_ANSWER) != 0,
                in.i32(Layout.SEGMENT_SEQUENCE),
                in.i32(Layout.SEGMENT_OFFSET),
                in.u8(Layout.SEGMENT_LOOPBACK) != 0,
                new Payload(in.copy(Layout.SEGMENT, length), length),
                in.u32(Layout.SEGMENT_SKIPPED)));
    }

    private void credentials(Bytes in, Result result) {
        if (in.length() < Layout.CREDENTIALS) {
            result.flaw(Flaw.TOO_SHORT);
            return;
        }
        result.record(new KernelRecord.CredentialChange(
                header(in), in.uid(Layout.CREDENTIALS_PREVIOUS_EUID), in.uid(Layout.CREDENTIALS_EUID_IN_NS)));
    }

    private void cgroup(int kind, Bytes in, Result result) {
        if (in.length() < Layout.CGROUP) {
            result.flaw(Flaw.TOO_SHORT);
            return;
        }
        long pathBytes = in.u32(Layout.CGROUP_PATH_LEN);
        if (pathBytes > in.length() - Layout.CGROUP) {
            result.flaw(Flaw.WRONG_LENGTH);
            return;
        }
        Header header = header(in);
        long id = in.i64(Layout.CGROUP_ID);
        String path = in.text(Layout.CGROUP, (int) pathBytes);
        result.record(
                switch (kind) {
                    case 12 -> new KernelRecord.CgroupCreated(header, id, in.i64(Layout.CGROUP_PARENT_ID), path);
                    case 13 -> new KernelRecord.CgroupRemoved(header, id, path);
                    default ->
                        new KernelRecord.CgroupEntered(
                                header, key(in, Layout.CGROUP_MOVED_TGID, Layout.CGROUP_MOVED_START_BOOT_NS), id, path);
                });
    }
}
