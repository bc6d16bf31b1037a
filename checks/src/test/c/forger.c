/* A workload that runs programs in ways that dress them up, one order at a time, from the FIFO given as its argument; it
 * writes "done" after each to the file FIFO.said. With "-" in place of the FIFO the rest of its arguments are one order.
 * The last word of each order that runs a program is a tag, which the program gets as its argument.
 *
 *   exec PATH TAG                 runs it
 *   copied FROM TO TAG            from a copy at TO
 *   as UID PATH TAG               becomes UID, makes a process, and runs it
 *   own-users TO UID TAG          becomes UID, then root of a user namespace of its own, and runs TO
 *   tmpfs FROM TO TAG             in namespaces of its own, with a tmpfs on TO's folder and FROM copied there
 *   bind FROM TO TAG              in namespaces of its own, with FROM mounted over TO
 *   own-mounts TO TAG             in namespaces of its own, with nothing mounted
 *   chroot FOLDER PATH TAG        with FOLDER as its root
 *   memfd FROM TAG                from a copy in memory that is called as FROM is
 *   deleted FROM TO TAG           from a copy at TO that has lost its name
 *   thread PATH TAG               a thread that isn't the first runs it in place of the process
 *   leader PATH TAG               the first thread ends, another makes a process that runs it
 *   sub FOLDER PATH TAG           from a cgroup of its own
 *   into FOLDER PATH TAG          made in that cgroup (CLONE_INTO_CGROUP)
 *   join PID PATH TAG             from the mount namespace of another process
 *   enter FOLDER PID PATH TAG     made in that cgroup, from the mount namespace of another process
 *   borrowed FROM TO TAG          through the root folder of a process in namespaces of its own, where a tmpfs with FROM is on TO's
 *                                 folder; without one if FROM is "-"
 *   user UID                      changes its user and makes a process
 *   again N TAG                   runs itself N times, one in place of the other
 *
 * and those of evasions.h.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <linux/sched.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define MOST_WORDS 10

static void must(int ok, const char *what) {
    if (!ok) {
        printf("%s: %s\n", what, strerror(errno));
        fflush(stdout);
        _exit(99);
    }
}

static void run(const char *path, const char *tag) {
    char *copy = strdup(path);
    execl(path, basename(copy), tag, (char *)0);
    must(0, path);
}

static void text(const char *path, const char *content) {
    int fd = open(path, O_WRONLY);
    must(fd >= 0 && write(fd, content, strlen(content)) == (ssize_t)strlen(content), path);
    close(fd);
}

static int copy(const char *from, int to) {
    char bytes[65536];
    int fd = open(from, O_RDONLY);
    ssize_t n;
    must(fd >= 0 && to >= 0, from);
    while ((n = read(fd, bytes, sizeof bytes)) > 0)
        must(write(to, bytes, n) == n, "write");
    close(fd);
    return to;
}

static void copy_file(const char *from, const char *to) {
    close(copy(from, open(to, O_WRONLY | O_CREAT | O_EXCL, 0755)));
}

static void own_users(int flags) {
    char map[64], groups[64];
    /* Who has changed its user may not write its own maps otherwise. */
    prctl(PR_SET_DUMPABLE, 1);
    snprintf(map, sizeof map, "0 %d 1", geteuid());
    snprintf(groups, sizeof groups, "0 %d 1", getegid());
    must(!unshare(CLONE_NEWUSER | flags), "unshare");
    text("/proc/self/uid_map", map);
    text("/proc/self/setgroups", "deny");
    text("/proc/self/gid_map", groups);
}

static void own_mounts(void) {
    own_users(CLONE_NEWNS);
    must(!mount("", "/", "", MS_REC | MS_PRIVATE, ""), "private");
}

static void own_tmpfs(const char *path, const char *to) {
    char *folder = strdup(to);
    static char bytes[1 << 21];
    FILE *from = fopen(path, "r");
    size_t size;
    must(!!from, path);
    size = fread(bytes, 1, sizeof bytes, from);
    own_mounts();
    must(!mount("tmpfs", dirname(folder), "tmpfs", 0, ""), "tmpfs");
    int fd = open(to, O_WRONLY | O_CREAT, 0755);
    must(fd >= 0 && write(fd, bytes, size) == (ssize_t)size, to);
    close(fd);
}

static void run_fd(int fd, const char *name, const char *tag) {
    char *args[] = {(char *)name, (char *)tag, 0};
    fexecve(fd, args, environ);
    must(0, "fexecve");
}

static void in_memory(const char *from, const char *tag) {
    char *copied = strdup(from);
    run_fd(copy(from, memfd_create(basename(copied), MFD_CLOEXEC)), from, tag);
}

static void deleted(const char *from, const char *to, const char *tag) {
    copy_file(from, to);
    int fd = open(to, O_RDONLY | O_CLOEXEC);
    must(fd >= 0 && !unlink(to), to);
    run_fd(fd, to, tag);
}

static char **words;

static void *exec_here(void *none) {
    run(words[1], words[2]);
    return none;
}

static void thread(void) {
    pthread_t other;
    must(!pthread_create(&other, 0, exec_here, 0), "thread");
    for (;;)
        pause();
}

static void spawn(const char *path, const char *tag) {
    pid_t pid = fork();
    if (!pid)
        run(path, tag);
    waitpid(pid, 0, 0);
}

static void *outlive(void *leader) {
    pthread_join(*(pthread_t *)leader, 0);
    spawn(words[1], words[2]);
    exit(0);
}

static void leader(void) {
    static pthread_t self;
    pthread_t other;
    self = pthread_self();
    must(!pthread_create(&other, 0, outlive, &self), "thread");
    pthread_exit(0);
}

static void sub(const char *folder) {
    char file[4096];
    must(!mkdir(folder, 0755) || errno == EEXIST, folder);
    snprintf(file, sizeof file, "%s/cgroup.procs", folder);
    text(file, "0");
}

static void into(const char *folder) {
    struct clone_args args = {.flags = CLONE_INTO_CGROUP, .exit_signal = SIGCHLD};
    args.cgroup = open(folder, O_RDONLY | O_DIRECTORY);
    must((int)args.cgroup >= 0, folder);
    pid_t pid = syscall(SYS_clone3, &args, sizeof args);
    must(pid >= 0, "clone3");
    if (!pid)
        run(words[2], words[3]);
    waitpid(pid, 0, 0);
}

static void join(const char *pid) {
    char file[64];
    snprintf(file, sizeof file, "/proc/%.20s/ns/mnt", pid);
    int fd = open(file, O_RDONLY | O_CLOEXEC);
    must(fd >= 0 && !setns(fd, CLONE_NEWNS), file);
}

static void enter(void) {
    struct clone_args args = {.flags = CLONE_INTO_CGROUP, .exit_signal = SIGCHLD};
    args.cgroup = open(words[1], O_RDONLY | O_DIRECTORY);
    must((int)args.cgroup >= 0, words[1]);
    pid_t pid = syscall(SYS_clone3, &args, sizeof args);
    must(pid >= 0, "clone3");
    if (!pid) {
        join(words[2]);
        run(words[3], words[4]);
    }
    waitpid(pid, 0, 0);
}

static void borrowed(const char *from, const char *to, const char *tag) {
    int ready[2];
    char byte, path[4096];
    must(!pipe(ready), "pipe");
    pid_t lender = fork();
    if (!lender) {
        if (strcmp(from, "-"))
            own_tmpfs(from, to);
        else
            own_mounts();
        must(write(ready[1], "x", 1) == 1, "write");
        for (;;)
            pause();
    }
    must(read(ready[0], &byte, 1) == 1, "lender");
    snprintf(path, sizeof path, "/proc/%d/root%s", (int)lender, to);
    spawn(path, tag);
    kill(lender, SIGKILL);
    waitpid(lender, 0, 0);
}

static void user(int uid) {
    must(!setresuid(uid, uid, uid), "setresuid");
    pid_t pid = fork();
    if (!pid)
        _exit(0);
    waitpid(pid, 0, 0);
}

static void again(const char *self) {
    char left[16];
    int n = atoi(words[1]);
    snprintf(left, sizeof left, "%d", n - 1);
    if (n > 0) {
        execl(self, self, "-", "again", left, words[2], (char *)0);
        must(0, self);
    }
}

#include "evasions.h"

static void order(const char *self, int n, char **order_words) {
    const char *what = n ? order_words[0] : "";
    words = order_words;
#define IS(name, count) (!strcmp(what, name) && n == (count) + 1)
    if (IS("exec", 2)) {
        run(words[1], words[2]);
    } else if (IS("copied", 3)) {
        copy_file(words[1], words[2]);
        run(words[2], words[3]);
    } else if (IS("as", 3)) {
        user(atoi(words[1]));
        run(words[2], words[3]);
    } else if (IS("own-users", 3)) {
        user(atoi(words[2]));
        own_users(0);
        run(words[1], words[3]);
    } else if (IS("tmpfs", 3)) {
        own_tmpfs(words[1], words[2]);
        run(words[2], words[3]);
    } else if (IS("bind", 3)) {
        own_mounts();
        must(!mount(words[1], words[2], "", MS_BIND, ""), "bind");
        run(words[2], words[3]);
    } else if (IS("own-mounts", 2)) {
        own_mounts();
        run(words[1], words[2]);
    } else if (IS("chroot", 3)) {
        must(!chroot(words[1]) && !chdir("/"), "chroot");
        run(words[2], words[3]);
    } else if (IS("memfd", 2)) {
        in_memory(words[1], words[2]);
    } else if (IS("deleted", 3)) {
        deleted(words[1], words[2], words[3]);
    } else if (IS("thread", 2)) {
        thread();
    } else if (IS("leader", 2)) {
        leader();
    } else if (IS("sub", 3)) {
        sub(words[1]);
        run(words[2], words[3]);
    } else if (IS("into", 3)) {
        into(words[1]);
    } else if (IS("join", 3)) {
        join(words[1]);
        run(words[2], words[3]);
    } else if (IS("enter", 4)) {
        enter();
    } else if (IS("borrowed", 3)) {
        borrowed(words[1], words[2], words[3]);
    } else if (IS("user", 1)) {
        user(atoi(words[1]));
    } else if (IS("again", 2)) {
        again(self);
    } else if (!evade(self, n, order_words)) {
        printf("unknown order %s\n", what);
    }
}

static void serve(const char *self, const char *fifo) {
    char line[4096];
    snprintf(line, sizeof line, "%s.said", fifo);
    must(!!freopen(line, "a", stdout), line);
    /* For writing too, so that it never ends. */
    FILE *orders = fdopen(open(fifo, O_RDWR | O_CLOEXEC), "r");
    must(!!orders, fifo);
    puts("done");
    fflush(stdout);
    while (fgets(line, sizeof line, orders)) {
        char *split[MOST_WORDS + 1] = {0};
        int n = 0;
        for (char *word = strtok(line, " \n"); word && n < MOST_WORDS; word = strtok(0, " \n"))
            split[n++] = word;
        pid_t pid = fork();
        if (!pid) {
            order(self, n, split);
            _exit(0);
        }
        waitpid(pid, 0, 0);
        puts("done");
        fflush(stdout);
    }
}

int main(int argc, char **argv) {
    own_words = argv;
    if (argc == 2)
        serve(argv[0], argv[1]);
    else if (argc > 2)
        order(argv[0], argc - 2, argv + 2);
    return 0;
}
