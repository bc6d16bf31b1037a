/* Becomes itself again and again: COUNT execs of one process, at most RATE a second, without a fork and without a C library,
 * since both would take longer than the exec.
 *
 *   execs COUNT RATE FILE
 *
 * Each run appends one byte to FILE, so its size is the number of execs that came to run. The last writes the nanoseconds that
 * all of them took, and those of processor time.
 */
#include <asm/unistd.h>
#include <fcntl.h>
#include <time.h>

#if defined(__x86_64__)
__asm__(".globl _start\n_start:\n\tmov %rsp, %rdi\n\tand $-16, %rsp\n\tcall run\n");

static long call(long number, long a, long b, long c, long d) {
    register long r10 __asm__("r10") = d;
    long result;
    __asm__ volatile("syscall" : "=a"(result) : "a"(number), "D"(a), "S"(b), "d"(c), "r"(r10) : "rcx", "r11", "memory");
    return result;
}
#elif defined(__aarch64__)
__asm__(".globl _start\n_start:\n\tmov x0, sp\n\tbl run\n");

static long call(long number, long a, long b, long c, long d) {
    register long x8 __asm__("x8") = number;
    register long x0 __asm__("x0") = a;
    register long x1 __asm__("x1") = b;
    register long x2 __asm__("x2") = c;
    register long x3 __asm__("x3") = d;
    __asm__ volatile("svc 0" : "+r"(x0) : "r"(x8), "r"(x1), "r"(x2), "r"(x3) : "memory");
    return x0;
}
#endif

static long number(const char *text) {
    long value = 0;
    while (*text) {
        value = value * 10 + (*text++ - '0');
    }
    return value;
}

/* Writes the digits in front of `end`, which ends the text; returns where they begin. */
static char *digits(long value, char *end) {
    *end = 0;
    do {
        *--end = (char)('0' + value % 10);
        value /= 10;
    } while (value);
    return end;
}

static long read_clock(long which) {
    struct timespec time;
    call(__NR_clock_gettime, which, (long)&time, 0, 0);
    return time.tv_sec * 1000000000 + time.tv_nsec;
}

/* words: self, COUNT, RATE, FILE, and from the second run on how many were done and when the first began. */
__attribute__((used)) void run(long *stack) {
    char **words = (char **)(stack + 1);
    char done_text[24], start_text[24];
    if (*stack < 4) {
        call(__NR_exit_group, 2, 0, 0, 0);
    }
    long count = number(words[1]), rate = number(words[2]);
    long done = *stack > 5 ? number(words[4]) : 0, start = *stack > 5 ? number(words[5]) : read_clock(CLOCK_MONOTONIC);
    long file = call(__NR_openat, AT_FDCWD, (long)words[3], O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0644);
    call(__NR_write, file, (long)"x", 1, 0);
    if (done >= count) {
        char *wall = digits(read_clock(CLOCK_MONOTONIC) - start, done_text + 22);
        char *busy = digits(read_clock(CLOCK_PROCESS_CPUTIME_ID), start_text + 22);
        done_text[22] = ' ';
        start_text[22] = '\n';
        call(__NR_write, 1, (long)wall, done_text + 23 - wall, 0);
        call(__NR_write, 1, (long)busy, start_text + 23 - busy, 0);
        call(__NR_exit_group, 0, 0, 0, 0);
    }
    long due = start + done * 1000000000 / rate;
    if (done % 64 == 0 && due > read_clock(CLOCK_MONOTONIC)) {
        struct timespec until = {.tv_sec = due / 1000000000, .tv_nsec = due % 1000000000};
        call(__NR_clock_nanosleep, CLOCK_MONOTONIC, TIMER_ABSTIME, (long)&until, 0);
    }
    char *next[] = {words[0], words[1], words[2], words[3], digits(done + 1, done_text + 23), digits(start, start_text + 23), 0};
    char *nothing[] = {0};
    call(__NR_execve, (long)words[0], (long)next, (long)nothing, 0);
    call(__NR_exit_group, 1, 0, 0, 0);
}
