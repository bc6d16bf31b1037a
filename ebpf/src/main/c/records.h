/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What user space shares with the programs: the records of the ring and the values of the maps. Java's offsets are
 * checked against the BTF of this object in a test. Change anything here and LAYOUT_VERSION must grow, since a later run
 * reads what an earlier one left.
 */
#ifndef GUARDIAN_RECORDS_H
#define GUARDIAN_RECORDS_H

#define LAYOUT_VERSION 9

enum kind {
	KIND_EXEC = 1,
	KIND_FORK = 2,
	KIND_EXIT = 3,
	KIND_CONNECT = 4,
	KIND_ESTABLISHED = 5,
	KIND_ACCEPT = 6,
	KIND_LISTEN = 7,
	KIND_CLOSE = 8,
	KIND_DNS_QUERY = 9,
	KIND_DNS_ANSWER = 10,
	KIND_CREDENTIALS = 11,
	KIND_CGROUP_MADE = 12,
	KIND_CGROUP_GONE = 13,
	KIND_CGROUP_ENTERED = 14,
	KIND_OTHER_SOCKET = 15,
	KIND_DNS_SEGMENT = 16,
	KIND_MAX = 17,
};

enum origin {
	ORIGIN_UNKNOWN = 0,
	ORIGIN_IMAGE = 1,
	ORIGIN_UPPER = 2,
	ORIGIN_OTHER_MOUNT = 3,
	ORIGIN_MEMFD = 4,
	ORIGIN_DELETED = 5,
};

#define IMAGE_ARGS_CUT 1
#define IMAGE_ARGS_UNREADABLE 2
#define IMAGE_PATH_CUT 4
#define IMAGE_OVERLAY 8
#define IMAGE_EXE_MISSING 16
#define IMAGE_INNER_CUT 32
#define IMAGE_ROOT_CUT 64

#define NO_UID 0xffffffffu

#define CPU_BITS 14
#define SEQUENCE_LANES 4

struct rec_header {
	__u64 sequence;
	__u64 boot_ns;
	__u64 start_boot_ns;
	__u64 cgroup_id;
	__u16 kind;
	/* The lane of the number is above the CPU_BITS of the processor. */
	__u16 cpu;
	__u32 tgid;
	__u32 tid;
	__u32 euid;
	__u32 user_ns;
	__u32 reserved;
};

/*
 * The bytes behind it: exe, inner, root, filename, interpreter, args (each argument ends with a NUL). exe is the path
 * through the mounts that the process sees, inner the path within the file system the file lies on, which no mount can
 * change; none if both are the same. root is where the process's root folder lies within its file system; none if that is
 * the file system's own root.
 */
struct rec_image {
	struct rec_header header;
	__u64 parent_start_boot_ns;
	__u64 inode;
	__u32 device;
	__u32 parent_tgid;
	__u32 ordinal;
	__u32 flags;
	__u32 uid;
	__u32 egid;
	__u32 login_uid;
	__u32 euid_in_ns;
	__u32 mnt_ns;
	__u32 pid_ns;
	__u32 net_ns;
	__u32 pid_in_ns;
	__u32 process_group;
	__u32 session;
	__u32 tty;
	__u32 origin;
	char comm[16];
	__u16 exe_len;
	__u16 filename_len;
	__u16 interpreter_len;
	__u16 args_len;
	__u32 root_device;
	__u16 inner_len;
	__u16 root_len;
	/* To which the mount belongs that the file was opened through; none if that is attached nowhere. */
	__u32 exe_mnt_ns;
	__u32 reserved;
};

struct rec_fork {
	struct rec_header header;
	__u64 child_start_boot_ns;
	__u64 child_cgroup_id;
	__u32 child_tgid;
	__u32 child_pid_in_ns;
};

struct rec_exit {
	struct rec_header header;
	__u32 status;
	__u32 reserved;
};

/* IPv4 addresses are in the last four bytes behind ::ffff:, whatever the family. */
struct endpoint {
	__u8 address[16];
	__u16 port;
	__u8 family;
	__u8 reserved;
};

/* used: of KIND_CONNECT, where the first packet really went; its family is 0 as long as that isn't known. */
struct rec_socket {
	struct rec_header header;
	__u64 cookie;
	__u32 net_ns;
	__u8 protocol;
	__u8 reserved[7];
	struct endpoint local;
	struct endpoint remote;
	struct endpoint used;
	__u64 rx_bytes;
	__u64 tx_bytes;
	__u32 rx_segments;
	__u32 tx_segments;
};

/* A socket that is neither TCP nor UDP over IP. */
struct rec_other_socket {
	struct rec_header header;
	__u16 family;
	__u16 type;
	__u16 protocol;
	__u16 reserved;
};

/* length bytes of the message follow; used is as in rec_socket. */
struct rec_dns {
	struct rec_header header;
	__u64 cookie;
	__u32 net_ns;
	__u16 length;
	__u16 full_length;
	struct endpoint local;
	struct endpoint remote;
	struct endpoint used;
	/* 1 if it went or came over the loopback device. */
	__u32 loopback;
	/* How many of the cgroup's messages and segments were left out since the last that came, for being too many. */
	__u32 skipped;
	__u32 reserved;
};

/*
 * A part of a TCP connection to port 53; length bytes of it follow. sequence is TCP's number of the first of them, offset how
 * many bytes went that way before; remote is whom the socket is connected to.
 */
struct rec_segment {
	struct rec_header header;
	__u64 cookie;
	__u32 net_ns;
	__u32 sequence;
	__u32 offset;
	__u16 length;
	/* 1 if it came from the remote. */
	__u8 answer;
	__u8 loopback;
	struct endpoint remote;
	__u32 skipped;
};

struct rec_credentials {
	struct rec_header header;
	__u32 previous_euid;
	__u32 euid_in_ns;
};

/* The path follows, ended by a NUL. */
struct rec_cgroup {
	struct rec_header header;
	__u64 id;
	__u64 parent_id;
	__u64 moved_start_boot_ns;
	__u32 moved_tgid;
	__u32 path_len;
};

/* What the socket iterator writes. */
struct open_socket {
	__u64 start_boot_ns;
	__u64 cookie;
	__u64 cgroup_id;
	__u32 tgid;
	__u32 net_ns;
	__u8 protocol;
	__u8 listening;
	__u8 reserved[6];
	struct endpoint local;
	struct endpoint remote;
};

/* The only entry of the map `config`. */
struct config {
	__u32 only_cgroups;
	__u32 excludes;
	__u64 generation;
	__u64 epoch;
	/* Random; hides addresses of the kernel where they name a socket. */
	__u64 salt;
};

/* Which controller's hierarchy of v1 tells workloads. */
enum controller {
	CONTROLLER_NONE = 0,
	CONTROLLER_PIDS = 1,
	CONTROLLER_MEMORY = 2,
	CONTROLLER_CPU = 3,
	CONTROLLER_CPUACCT = 4,
	CONTROLLER_DEVICES = 5,
	CONTROLLER_FREEZER = 6,
	/* None: a hierarchy that has only a name. */
	CONTROLLER_NAMED = 7,
};

/* Constants of the programs. hierarchy: the kernel's number of the one that tells workloads, 0 for v2. */
struct settings {
	__u64 generation;
	__u32 hierarchy;
	__u32 controller;
};

#define LOSS_SLOTS 4096

/*
 * The only entry of the map `reader`, which the reader maps into its memory. Each loss is counted here before a later record
 * of the same process can be seen.
 */
struct reader {
	__u32 waiting;
	/* All losses, of any kind and processor; counted after those below. */
	__u32 lost;
	/* Those after which nobody can say what is in which cgroup. */
	__u32 lost_anywhere;
	__u32 reserved;
	/*
	 * Those after which nobody can say what the processes of a cgroup are, by the cgroup's id modulo the size: two cgroups
	 * may share a number, which makes one more doubtful than it is, and never less.
	 */
	__u32 lost_in[LOSS_SLOTS];
	/* Those after which nobody can say which names they know. */
	__u32 names_lost_in[LOSS_SLOTS];
};

#endif
