/* What code does that got into a process without an exec of its own: one connection, one datagram, one child that runs a program.
 * It needs no library and nothing outside of itself but the plan, so it can be copied as it is.
 */
#ifndef IMPLANT_H
#define IMPLANT_H

#include <arpa/inet.h>
#include <asm/unistd.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/socket.h>

#define IMPLANT_PORT 7000

struct plan {
    /* In network order. */
    unsigned address;
    char path[64];
    char tag[64];
};

#if defined(__x86_64__)
static inline __attribute__((always_inline)) long call(long number, long a, long b, long c, long d) {
    register long r10 __asm__("r10") = d;
    register long r8 __asm__("r8") = 0;
    long result;
    __asm__ volatile("syscall"
                     : "=a"(result)
                     : "a"(number), "D"(a), "S"(b), "d"(c), "r"(r10), "r"(r8)
                     : "rcx", "r11", "memory");
    return result;
}
#elif defined(__aarch64__)
static inline __attribute__((always_inline)) long call(long number, long a, long b, long c, long d) {
    register long x8 __asm__("x8") = number;
    register long x0 __asm__("x0") = a;
    register long x1 __asm__("x1") = b;
    register long x2 __asm__("x2") = c;
    register long x3 __asm__("x3") = d;
    register long x4 __asm__("x4") = 0;
    __asm__ volatile("svc 0" : "+r"(x0) : "r"(x8), "r"(x1), "r"(x2), "r"(x3), "r"(x4) : "memory");
    return x0;
}
#endif

/* Nobody listens at the address: to ask is what counts. */
static inline __attribute__((always_inline)) void connect_to(unsigned address, unsigned short port) {
    struct sockaddr_in to;
    volatile struct sockaddr_in *fill = &to;
    long fd = call(__NR_socket, AF_INET, SOCK_STREAM, 0, 0);
    fill->sin_family = AF_INET;
    fill->sin_port = htons(port);
    fill->sin_addr.s_addr = address;
    call(__NR_connect, fd, (long)&to, sizeof to, 0);
    call(__NR_close, fd, 0, 0, 0);
}

static inline __attribute__((always_inline)) void implant(const struct plan *plan) {
    connect_to(plan->address, IMPLANT_PORT);
    if (plan->path[0]) {
        long child = call(__NR_clone, SIGCHLD, 0, 0, 0);
        if (child == 0) {
            const char *args[3];
            const char *volatile *fill = args;
            fill[0] = plan->path;
            fill[1] = plan->tag;
            fill[2] = 0;
            call(__NR_execve, (long)plan->path, (long)args, 0, 0);
            call(__NR_exit_group, 1, 0, 0, 0);
        }
        call(__NR_wait4, child, 0, 0, 0);
    }
}

#endif
