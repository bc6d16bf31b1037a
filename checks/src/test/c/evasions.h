/* Orders of forger.c that get code into a process without an exec of that process, or an exec past what is easily looked at. The last
 * word of each is a tag where a program is run, and ADDRESS an IPv4 address that nobody is at: to ask for it is what counts.
 *
 *   run PATH WORD...              runs it with these words; behind it all others of this file can be orders of a copy of forger
 *   behind WORD...                another order, without waiting for its end
 *   exec-as PATH NAME TAG         runs it under another argv[0]
 *   through-fd PATH TAG           through /proc/self/fd
 *   empty-path PATH TAG           by a descriptor and an empty path (execveat)
 *   nameless FROM TAG             from a copy that never had a name (O_TMPFILE)
 *   detached FROM NAME TAG        from a copy on a tmpfs that is mounted nowhere
 *   grown PATH TAG                after a byte was added to its file
 *   preload LIBRARY PATH TAG      with LD_PRELOAD
 *   loader WITH LOADER PATH TAG   in namespaces of its own, with WITH mounted over the loader of programs
 *   binfmt WITH FLAGS FILE TAG    in namespaces of its own, where WITH is registered as the interpreter of FILE
 *   forged-binfmt FROM WITH FILE TAG  the same with a tmpfs on WITH's folder and FROM copied there, opened when registered
 *   victim NOTE TAG               does what is written into its memory, once; NOTE holds its pid until that is done
 *   inject WAY NOTE ADDRESS TAG   writes code into the victim of this note: asks for ADDRESS and makes a child that runs
 *                                 /usr/bin/other; WAY is trace (ptrace), mem (/proc/PID/mem) or vm (process_vm_writev)
 *   ring WHAT ADDRESS TAG         by io_uring; WHAT is connect or send, with -async or -sqpoll
 *   ask ADDRESS TAG               connect(2)
 *   linger ADDRESS SECONDS TAG    connect(2), and stays
 *   renamed NAME ADDRESS TAG      calls itself and its arguments NAME, and asks for ADDRESS
 *   own-exe PATH ADDRESS TAG      as root of a user namespace of its own, has /proc/PID/exe show PATH (PR_SET_MM_MAP), asks for ADDRESS and stays
 *   sibling PATH TAG              run by a process that is made as the child of one's parent (CLONE_PARENT)
 *   orphan PATH TAG               run by a grandchild whose parent has ended
 *   adopted PATH TAG              the same, and taken in by oneself (PR_SET_CHILD_SUBREAPER)
 *   within PID PATH TAG           by a process that has joined the namespaces of another one
 *   within-net PID ADDRESS TAG    asks for ADDRESS after joining the network namespace of another one
 */
#include <linux/io_uring.h>
#include <linux/prctl.h>
#include <stdint.h>
#include <sys/ptrace.h>
#include <sys/uio.h>

#include "implant.h"

#ifndef FSOPEN_CLOEXEC
#define FSOPEN_CLOEXEC 1
#define FSCONFIG_CMD_CREATE 6
#endif

/* Where a victim looks for orders: the function to call, code, and what the function gets. */
#define PAGE ((char *)0x10000000)
#define PAGE_BYTES 8192
#define CODE 512
#define PLAN 4096

struct masquerade {
    unsigned address;
    int ranges;
    unsigned long from[16], length[16];
    struct prctl_mm_map map;
    struct timespec nap;
    char refused[16];
};

/* What is copied into other places. Nothing of it may use anything outside of its section and its argument. */
#define COPIED __attribute__((section("copied"), noinline, used))

extern const char __start_copied[], __stop_copied[];

COPIED static void copied_implant(const struct plan *plan) {
    implant(plan);
}

COPIED static void copied_masquerade(struct masquerade *as) {
    for (int i = 0; i < as->ranges; i++)
        call(__NR_munmap, as->from[i], as->length[i], 0, 0);
    long failed = call(__NR_prctl, PR_SET_MM, PR_SET_MM_MAP, (long)&as->map, sizeof as->map);
    if (failed) {
        call(__NR_write, 1, (long)as->refused, sizeof as->refused, 0);
        call(__NR_exit_group, 99, 0, 0, 0);
    }
    connect_to(as->address, IMPLANT_PORT);
    for (;;)
        call(__NR_nanosleep, (long)&as->nap, 0, 0, 0);
}

static char **own_words;

static unsigned address_of(const char *text) {
    struct in_addr address;
    must(inet_pton(AF_INET, text, &address) == 1, text);
    return address.s_addr;
}

static void run_words(const char *path, char **rest) {
    char *args[MOST_WORDS + 2];
    int n = 0;
    args[n++] = basename(strdup(path));
    while (*rest && n <= MOST_WORDS)
        args[n++] = *rest++;
    args[n] = 0;
    execv(path, args);
    must(0, path);
}

static void through_fd(const char *path, const char *tag) {
    char link[64];
    int fd = open(path, O_PATH);
    must(fd >= 0, path);
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    execl(link, path, tag, (char *)0);
    must(0, link);
}

static void empty_path(const char *path, const char *tag) {
    char *args[] = {(char *)path, (char *)tag, 0};
    int fd = open(path, O_PATH | O_CLOEXEC);
    must(fd >= 0, path);
    syscall(SYS_execveat, fd, "", args, environ, AT_EMPTY_PATH);
    must(0, "execveat");
}

/* A file that is open for writing can't be run. */
static int reopened(int fd) {
    char link[64];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    int again = open(link, O_RDONLY | O_CLOEXEC);
    must(again >= 0, link);
    close(fd);
    return again;
}

static void nameless(const char *from, const char *tag) {
    run_fd(reopened(copy(from, open("/tmp", O_TMPFILE | O_RDWR, 0755))), from, tag);
}

static void detached(const char *from, const char *name, const char *tag) {
    int source = open(from, O_RDONLY);
    char bytes[65536];
    ssize_t n;
    must(source >= 0, from);
    own_mounts();
    int context = syscall(SYS_fsopen, "tmpfs", FSOPEN_CLOEXEC);
    must(context >= 0, "fsopen");
    must(!syscall(SYS_fsconfig, context, FSCONFIG_CMD_CREATE, 0, 0, 0), "fsconfig");
    int mount = syscall(SYS_fsmount, context, 0, 0);
    must(mount >= 0, "fsmount");
    int to = openat(mount, name, O_RDWR | O_CREAT, 0755);
    must(to >= 0, name);
    while ((n = read(source, bytes, sizeof bytes)) > 0)
        must(write(to, bytes, n) == n, "write");
    run_fd(reopened(to), name, tag);
}

static void grown(const char *path, const char *tag) {
    int fd = open(path, O_WRONLY | O_APPEND);
    must(fd >= 0 && write(fd, "x", 1) == 1, path);
    close(fd);
    run(path, tag);
}

static void binfmt(const char *with, const char *flags, const char *file, const char *tag) {
    char line[512];
    int fd = open(file, O_WRONLY | O_CREAT | O_TRUNC, 0755);
    must(fd >= 0 && write(fd, "EVASION\n", 8) == 8, file);
    close(fd);
    /* One of this user namespace alone: kernels that have only the machine's own refuse. */
    must(!mount("binfmt_misc", "/proc/sys/fs/binfmt_misc", "binfmt_misc", 0, ""), "binfmt_misc");
    snprintf(line, sizeof line, ":evasion:M::EVASION::%s:%s", with, strcmp(flags, "-") ? flags : "");
    text("/proc/sys/fs/binfmt_misc/register", line);
    run(file, tag);
}

static void victim(const char *note) {
    char pid[16];
    void (*volatile *entry)(void *) = (void *)PAGE;
    must(mmap(PAGE, PAGE_BYTES, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0) == PAGE,
         "page");
    snprintf(pid, sizeof pid, "%d", getpid());
    copy_file("/dev/null", note);
    text(note, pid);
    while (!*entry)
        usleep(10000);
    (*entry)(PAGE + PLAN);
    unlink(note);
}

static void poke(char way, int pid, char *at, const void *bytes, size_t size) {
    if (way == 't') {
        for (size_t i = 0; i < size; i += sizeof(long)) {
            long word = 0;
            memcpy(&word, (const char *)bytes + i, size - i < sizeof word ? size - i : sizeof word);
            must(!ptrace(PTRACE_POKEDATA, pid, at + i, word), "POKEDATA");
        }
    } else if (way == 'm') {
        char path[64];
        snprintf(path, sizeof path, "/proc/%d/mem", pid);
        int fd = open(path, O_WRONLY);
        must(fd >= 0 && pwrite(fd, bytes, size, (off_t)at) == (ssize_t)size, path);
        close(fd);
    } else {
        struct iovec here = {(void *)bytes, size}, there = {at, size};
        must(process_vm_writev(pid, &here, 1, &there, 1, 0) == (ssize_t)size, "process_vm_writev");
    }
}

static void inject(const char *way, const char *note, const char *to, const char *tag) {
    struct plan plan = {.address = address_of(to), .path = "/usr/bin/other"};
    char *entry = PAGE + CODE + ((char *)copied_implant - __start_copied);
    char digits[16] = "";
    /* Its note is there before its pid is in it. */
    while (!digits[0]) {
        int fd = open(note, O_RDONLY);
        if (fd >= 0) {
            must(read(fd, digits, sizeof digits - 1) >= 0, note);
            close(fd);
        }
        usleep(10000);
    }
    int pid = atoi(digits);
    snprintf(plan.tag, sizeof plan.tag, "%s", tag);
    if (*way == 't')
        must(!ptrace(PTRACE_ATTACH, pid, 0, 0) && waitpid(pid, 0, __WALL) == pid, "PTRACE_ATTACH");
    poke(*way, pid, PAGE + CODE, __start_copied, __stop_copied - __start_copied);
    poke(*way, pid, PAGE + PLAN, &plan, sizeof plan);
    poke(*way, pid, PAGE, &entry, sizeof entry);
    if (*way == 't')
        must(!ptrace(PTRACE_DETACH, pid, 0, 0), "PTRACE_DETACH");
    while (!access(note, F_OK))
        usleep(10000);
}

static int ring_does(struct io_uring_sqe *what, int polled) {
    struct io_uring_params p = {.flags = polled ? IORING_SETUP_SQPOLL : 0, .sq_thread_idle = 100};
    int fd = syscall(SYS_io_uring_setup, 4, &p);
    must(fd >= 0, "io_uring_setup");
    char *sq = mmap(0, p.sq_off.array + p.sq_entries * 4, PROT_READ | PROT_WRITE, MAP_SHARED, fd, IORING_OFF_SQ_RING);
    char *cq = mmap(0, p.cq_off.cqes + p.cq_entries * sizeof(struct io_uring_cqe), PROT_READ | PROT_WRITE, MAP_SHARED, fd,
                    IORING_OFF_CQ_RING);
    struct io_uring_sqe *entries =
        mmap(0, p.sq_entries * sizeof *entries, PROT_READ | PROT_WRITE, MAP_SHARED, fd, IORING_OFF_SQES);
    must(sq != MAP_FAILED && cq != MAP_FAILED && entries != MAP_FAILED, "mmap");
    entries[0] = *what;
    *(unsigned *)(sq + p.sq_off.array) = 0;
    __atomic_store_n((unsigned *)(sq + p.sq_off.tail), 1, __ATOMIC_SEQ_CST);
    must(syscall(SYS_io_uring_enter, fd, 1, 1, IORING_ENTER_GETEVENTS | (polled ? IORING_ENTER_SQ_WAKEUP : 0), 0, 0) == 1,
         "io_uring_enter");
    return ((struct io_uring_cqe *)(cq + p.cq_off.cqes))->res;
}

static void ring(const char *what, const char *to) {
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(IMPLANT_PORT), .sin_addr.s_addr = address_of(to)};
    struct iovec bytes = {.iov_base = "ping", .iov_len = 4};
    struct msghdr message = {.msg_name = &address, .msg_namelen = sizeof address, .msg_iov = &bytes, .msg_iovlen = 1};
    struct io_uring_sqe order = {.flags = strstr(what, "-async") ? IOSQE_ASYNC : 0};
    int polled = strstr(what, "-sqpoll") != 0;
    if (*what == 'c') {
        order.opcode = IORING_OP_CONNECT;
        order.fd = socket(AF_INET, SOCK_STREAM, 0);
        order.addr = (uintptr_t)&address;
        order.off = sizeof address;
    } else {
        order.opcode = IORING_OP_SENDMSG;
        order.fd = socket(AF_INET, SOCK_DGRAM, 0);
        order.addr = (uintptr_t)&message;
        order.len = 1;
    }
    int result = ring_does(&order, polled);
    errno = -result;
    must(result == 4 || result == -ECONNREFUSED, what);
}

static void renamed(const char *name, const char *to) {
    unsigned address = address_of(to);
    must(!prctl(PR_SET_NAME, name), "PR_SET_NAME");
    size_t room = strlen(own_words[0]);
    char *copied = strdup(name);
    memset(own_words[0], 0, room);
    strncpy(own_words[0], copied, room);
    connect_to(address, IMPLANT_PORT);
}

/* The field of /proc/self/stat with this number. */
static unsigned long long stat_field(int number) {
    static char stat[2048];
    int fd = open("/proc/self/stat", O_RDONLY);
    must(fd >= 0 && read(fd, stat, sizeof stat - 1) > 0, "stat");
    close(fd);
    char *at = strrchr(stat, ')');
    for (int i = 2; i < number && at; i++)
        at = strchr(at + 1, ' ');
    must(!!at, "stat");
    return strtoull(at + 1, 0, 10);
}

static void own_exe(const char *path, const char *to) {
    static struct masquerade as;
    char self[4096] = "", line[4352];
    must(mmap(PAGE, PAGE_BYTES, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0) == PAGE,
         "page");
    must(readlink("/proc/self/exe", self, sizeof self - 1) > 0, "exe");
    own_users(0);
    as.address = address_of(to);
    memcpy(as.refused, "PR_SET_MM_MAP: \n", sizeof as.refused);
    as.nap.tv_sec = 1;
    as.map = (struct prctl_mm_map){
        .start_code = stat_field(26), .end_code = stat_field(27), .start_stack = stat_field(28),
        .start_data = stat_field(45), .end_data = stat_field(46), .start_brk = stat_field(47),
        .arg_start = stat_field(48), .arg_end = stat_field(49), .env_start = stat_field(50), .env_end = stat_field(51),
    };
    as.map.exe_fd = open(path, O_RDONLY);
    must((int)as.map.exe_fd >= 0, path);
    FILE *maps = fopen("/proc/self/maps", "r");
    must(!!maps, "maps");
    while (fgets(line, sizeof line, maps) && as.ranges < 16) {
        unsigned long from, end;
        if (strstr(line, self) && sscanf(line, "%lx-%lx", &from, &end) == 2) {
            as.from[as.ranges] = from;
            as.length[as.ranges++] = end - from;
        }
    }
    as.map.brk = (uintptr_t)sbrk(0);
    memcpy(PAGE + CODE, __start_copied, __stop_copied - __start_copied);
    memcpy(PAGE + PLAN, &as, sizeof as);
    ((void (*)(void *))(PAGE + CODE + ((char *)copied_masquerade - __start_copied)))(PAGE + PLAN);
}

/* Until the other end of the pipe was closed by an exec or an end. */
static void await_close(int pipe[2]) {
    char byte;
    close(pipe[1]);
    must(read(pipe[0], &byte, 1) == 0, "exec");
}

static void sibling(const char *path, const char *tag) {
    int alive[2];
    must(!pipe2(alive, O_CLOEXEC), "pipe");
    pid_t pid = syscall(SYS_clone, CLONE_PARENT | SIGCHLD, 0, 0, 0, 0);
    must(pid >= 0, "clone");
    if (!pid)
        run(path, tag);
    await_close(alive);
}

static void orphan(const char *path, const char *tag) {
    int alive[2];
    must(!pipe2(alive, O_CLOEXEC), "pipe");
    pid_t between = fork();
    if (!between) {
        pid_t parent = getpid();
        if (fork())
            _exit(0);
        while (getppid() == parent)
            usleep(1000);
        run(path, tag);
    }
    waitpid(between, 0, 0);
    await_close(alive);
}

static void join_namespace(const char *pid, const char *which) {
    char file[64];
    snprintf(file, sizeof file, "/proc/%.20s/ns/%s", pid, which);
    int fd = open(file, O_RDONLY | O_CLOEXEC);
    must(fd >= 0 && !setns(fd, 0), file);
}

static void within(const char *pid, const char *path, const char *tag) {
    join_namespace(pid, "net");
    join_namespace(pid, "pid");
    join_namespace(pid, "mnt");
    spawn(path, tag);
}

static void order(const char *self, int n, char **order_words);

/* False if it is none of these orders. */
static int evade(const char *self, int n, char **w) {
    const char *what = n ? w[0] : "";
#define IS(name, count) (!strcmp(what, name) && n == (count) + 1)
    if (!strcmp(what, "run") && n > 2) {
        run_words(w[1], w + 2);
    } else if (!strcmp(what, "behind") && n > 1) {
        if (!fork())
            order(self, n - 1, w + 1);
    } else if (IS("exec-as", 3)) {
        execl(w[1], w[2], w[3], (char *)0);
    } else if (IS("through-fd", 2)) {
        through_fd(w[1], w[2]);
    } else if (IS("empty-path", 2)) {
        empty_path(w[1], w[2]);
    } else if (IS("nameless", 2)) {
        nameless(w[1], w[2]);
    } else if (IS("detached", 3)) {
        detached(w[1], w[2], w[3]);
    } else if (IS("grown", 2)) {
        grown(w[1], w[2]);
    } else if (IS("preload", 3)) {
        must(!setenv("LD_PRELOAD", w[1], 1), "setenv");
        run(w[2], w[3]);
    } else if (IS("loader", 4)) {
        own_mounts();
        must(!mount(w[1], w[2], "", MS_BIND, ""), w[2]);
        run(w[3], w[4]);
    } else if (IS("binfmt", 4)) {
        own_mounts();
        binfmt(w[1], w[2], w[3], w[4]);
    } else if (IS("forged-binfmt", 4)) {
        own_tmpfs(w[1], w[2]);
        binfmt(w[2], "F", w[3], w[4]);
    } else if (IS("victim", 2)) {
        victim(w[1]);
    } else if (IS("inject", 4)) {
        inject(w[1], w[2], w[3], w[4]);
    } else if (IS("ring", 3)) {
        ring(w[1], w[2]);
    } else if (IS("ask", 2)) {
        connect_to(address_of(w[1]), IMPLANT_PORT);
    } else if (IS("linger", 3)) {
        connect_to(address_of(w[1]), IMPLANT_PORT);
        sleep(atoi(w[2]));
    } else if (IS("renamed", 3)) {
        renamed(w[1], w[2]);
    } else if (IS("own-exe", 3)) {
        own_exe(w[1], w[2]);
    } else if (IS("sibling", 2)) {
        sibling(w[1], w[2]);
    } else if (IS("orphan", 2)) {
        orphan(w[1], w[2]);
    } else if (IS("adopted", 2)) {
        must(!prctl(PR_SET_CHILD_SUBREAPER, 1), "PR_SET_CHILD_SUBREAPER");
        orphan(w[1], w[2]);
    } else if (IS("within", 3)) {
        within(w[1], w[2], w[3]);
    } else if (IS("within-net", 3)) {
        join_namespace(w[1], "net");
        connect_to(address_of(w[2]), IMPLANT_PORT);
    } else {
        return 0;
    }
#undef IS
    return 1;
}
