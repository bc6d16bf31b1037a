package io.guardian.ebpf;

/** Offsets and sizes of the structures of records.h, in bytes. A test compares them with the BTF of the object. */
final class Layout {
    static final int HEADER = 56;
    static final int HEADER_SEQUENCE = 0;
    static final int HEADER_BOOT_NS = 8;
    static final int HEADER_START_BOOT_NS = 16;
    static final int HEADER_CGROUP_ID = 24;
    static final int HEADER_KIND = 32;
    static final int HEADER_CPU = 34;
    static final int HEADER_TGID = 36;
    static final int HEADER_TID = 40;
    static final int HEADER_EUID = 44;
    static final int HEADER_USER_NS = 48;

    static final int IMAGE = 176;
    static final int IMAGE_PARENT_START_BOOT_NS = 56;
    static final int IMAGE_INODE = 64;
    static final int IMAGE_DEVICE = 72;
    static final int IMAGE_PARENT_TGID = 76;
    static final int IMAGE_ORDINAL = 80;
    static final int IMAGE_FLAGS = 84;
    static final int IMAGE_UID = 88;
    static final int IMAGE_EGID = 92;
    static final int IMAGE_LOGIN_UID = 96;
    static final int IMAGE_EUID_IN_NS = 100;
    static final int IMAGE_MNT_NS = 104;
    static final int IMAGE_PID_NS = 108;
    static final int IMAGE_NET_NS = 112;
    static final int IMAGE_PID_IN_NS = 116;
    static final int IMAGE_PROCESS_GROUP = 120;
    static final int IMAGE_SESSION = 124;
    static final int IMAGE_TTY = 128;
    static final int IMAGE_ORIGIN = 132;
    static final int IMAGE_COMM = 136;
    static final int IMAGE_COMM_BYTES = 16;
    static final int IMAGE_EXE_LEN = 152;
    static final int IMAGE_FILENAME_LEN = 154;
    static final int IMAGE_INTERPRETER_LEN = 156;
    static final int IMAGE_ARGS_LEN = 158;
    static final int IMAGE_ROOT_DEVICE = 160;
    static final int IMAGE_INNER_LEN = 164;
    static final int IMAGE_ROOT_LEN = 166;
    static final int IMAGE_EXE_MNT_NS = 168;

    static final int FLAG_ARGS_CUT = 1;
    static final int FLAG_ARGS_UNREADABLE = 2;
    static final int FLAG_PATH_CUT = 4;
    static final int FLAG_OVERLAY = 8;
    static final int FLAG_EXE_MISSING = 16;
    static final int FLAG_INNER_CUT = 32;
    static final int FLAG_ROOT_CUT = 64;

    static final int FORK = 80;
    static final int FORK_CHILD_START_BOOT_NS = 56;
    static final int FORK_CHILD_CGROUP_ID = 64;
    static final int FORK_CHILD_TGID = 72;
    static final int FORK_CHILD_PID_IN_NS = 76;

    static final int EXIT = 64;
    static final int EXIT_STATUS = 56;

    static final int ENDPOINT = 20;
    static final int ENDPOINT_ADDRESS = 0;
    static final int ENDPOINT_PORT = 16;
    static final int ENDPOINT_FAMILY = 18;

    static final int SOCKET = 160;
    static final int SOCKET_COOKIE = 56;
    static final int SOCKET_NET_NS = 64;
    static final int SOCKET_PROTOCOL = 68;
    static final int SOCKET_LOCAL = 76;
    static final int SOCKET_REMOTE = 96;
    static final int SOCKET_USED = 116;
    static final int SOCKET_RX_BYTES = 136;
    static final int SOCKET_TX_BYTES = 144;
    static final int SOCKET_RX_SEGMENTS = 152;
    static final int SOCKET_TX_SEGMENTS = 156;

    static final int OTHER_SOCKET = 64;
    static final int OTHER_SOCKET_FAMILY = 56;
    static final int OTHER_SOCKET_TYPE = 58;
    static final int OTHER_SOCKET_PROTOCOL = 60;

    static final int DNS = 144;
    static final int DNS_COOKIE = 56;
    static final int DNS_NET_NS = 64;
    static final int DNS_LENGTH = 68;
    static final int DNS_FULL_LENGTH = 70;
    static final int DNS_LOCAL = 72;
    static final int DNS_REMOTE = 92;
    static final int DNS_USED = 112;
    static final int DNS_LOOPBACK = 132;
    static final int DNS_SKIPPED = 136;

    static final int SEGMENT = 104;
    static final int SEGMENT_COOKIE = 56;
    static final int SEGMENT_NET_NS = 64;
    static final int SEGMENT_SEQUENCE = 68;
    static final int SEGMENT_OFFSET = 72;
    static final int SEGMENT_LENGTH = 76;
    static final int SEGMENT_ANSWER = 78;
    static final int SEGMENT_LOOPBACK = 79;
    static final int SEGMENT_REMOTE = 80;
    static final int SEGMENT_SKIPPED = 100;

    static final int CREDENTIALS = 64;
    static final int CREDENTIALS_PREVIOUS_EUID = 56;
    static final int CREDENTIALS_EUID_IN_NS = 60;

    static final int CGROUP = 88;
    static final int CGROUP_ID = 56;
    static final int CGROUP_PARENT_ID = 64;
    static final int CGROUP_MOVED_START_BOOT_NS = 72;
    static final int CGROUP_MOVED_TGID = 80;
    static final int CGROUP_PATH_LEN = 84;

    static final int OPEN_SOCKET = 80;
    static final int OPEN_SOCKET_START_BOOT_NS = 0;
    static final int OPEN_SOCKET_COOKIE = 8;
    static final int OPEN_SOCKET_CGROUP_ID = 16;
    static final int OPEN_SOCKET_TGID = 24;
    static final int OPEN_SOCKET_NET_NS = 28;
    static final int OPEN_SOCKET_PROTOCOL = 32;
    static final int OPEN_SOCKET_LISTENING = 33;
    static final int OPEN_SOCKET_LOCAL = 40;
    static final int OPEN_SOCKET_REMOTE = 60;

    static final int CONFIG = 32;
    static final int CONFIG_ONLY_CGROUPS = 0;
    static final int CONFIG_EXCLUDES = 4;
    static final int CONFIG_GENERATION = 8;
    static final int CONFIG_EPOCH = 16;
    static final int CONFIG_SALT = 24;

    static final int SETTINGS = 16;
    static final int SETTINGS_GENERATION = 0;
    static final int SETTINGS_HIERARCHY = 8;
    static final int SETTINGS_CONTROLLER = 12;

    static final int LOSS_SLOTS = 4096;

    static final int READER = 16 + 2 * 4 * LOSS_SLOTS;
    static final int READER_WAITING = 0;
    static final int READER_LOST = 4;
    static final int READER_LOST_ANYWHERE = 8;
    static final int READER_LOST_IN = 16;
    static final int READER_NAMES_LOST_IN = 16 + 4 * LOSS_SLOTS;

    private Layout() {}
}
