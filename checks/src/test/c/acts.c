/* Does one thing COUNT times and prints the nanoseconds that all of it took, and those of processor time.
 *
 *   acts fork COUNT       a child that ends at once
 *   acts connect COUNT    a TCP connection over loopback to a listener of its own: connect, accept, close of both ends
 *   acts send COUNT       a datagram over loopback, to the same remote each time
 *   acts peer COUNT       a datagram to a remote that is another one each time
 */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static long long now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * 1000000000LL + time.tv_nsec;
}

static long long busy(void) {
    struct timespec own;
    struct rusage children;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &own);
    getrusage(RUSAGE_CHILDREN, &children);
    return own.tv_sec * 1000000000LL + own.tv_nsec +
           (children.ru_utime.tv_sec + children.ru_stime.tv_sec) * 1000000000LL +
           (children.ru_utime.tv_usec + children.ru_stime.tv_usec) * 1000LL;
}

static void must(int ok, const char *what) {
    if (!ok) {
        perror(what);
        exit(1);
    }
}

static int bound(int type, unsigned address, struct sockaddr_in *here) {
    socklen_t length = sizeof *here;
    int fd = socket(AF_INET, type, 0);
    *here = (struct sockaddr_in){.sin_family = AF_INET, .sin_addr.s_addr = htonl(address)};
    must(!bind(fd, (struct sockaddr *)here, length), "bind");
    must(!getsockname(fd, (struct sockaddr *)here, &length), "getsockname");
    return fd;
}

static void forks(long count) {
    for (long i = 0; i < count; i++) {
        pid_t child = fork();
        must(child >= 0, "fork");
        if (child == 0) {
            _exit(0);
        }
        must(waitpid(child, NULL, 0) == child, "waitpid");
    }
}

static void connects(long count) {
    struct sockaddr_in here;
    struct linger reset = {.l_onoff = 1};
    int listener = bound(SOCK_STREAM, INADDR_LOOPBACK, &here);
    must(!listen(listener, 16), "listen");
    for (long i = 0; i < count; i++) {
        int out = socket(AF_INET, SOCK_STREAM, 0);
        must(!connect(out, (struct sockaddr *)&here, sizeof here), "connect");
        int in = accept(listener, NULL, NULL);
        must(in >= 0, "accept");
        /* By a reset, or the ports of so many would be taken for a minute. */
        setsockopt(out, SOL_SOCKET, SO_LINGER, &reset, sizeof reset);
        close(out);
        close(in);
    }
}

static void datagrams(long count, int another) {
    struct sockaddr_in here, to;
    char byte;
    int in = bound(SOCK_DGRAM, INADDR_ANY, &here), out = socket(AF_INET, SOCK_DGRAM, 0);
    to = here;
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    for (long i = 0; i < count; i++) {
        if (another) {
            to.sin_addr.s_addr = htonl(0x7f010000u + (unsigned)i);
        }
        must(sendto(out, "x", 1, 0, (struct sockaddr *)&to, sizeof to) == 1, "sendto");
        must(recv(in, &byte, 1, 0) == 1, "recv");
    }
}

int main(int argc, char **argv) {
    if (argc != 3) {
        fprintf(stderr, "usage: acts fork|connect|send|peer COUNT\n");
        return 2;
    }
    long count = atol(argv[2]);
    long long begin = now(), work = busy();
    if (!strcmp(argv[1], "fork")) {
        forks(count);
    } else if (!strcmp(argv[1], "connect")) {
        connects(count);
    } else {
        datagrams(count, !strcmp(argv[1], "peer"));
    }
    printf("%lld %lld\n", now() - begin, busy() - work);
    return 0;
}
