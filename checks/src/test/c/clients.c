/* Many clients of one listener. Client number i has the address 127.x.y.z made of i, so all of it stays on loopback.
 *
 *   clients serve                        listens on a TCP and a UDP port of 127.0.0.1, prints them, serves until its input ends
 *   clients udp PORT FIRST COUNT RATE    a datagram from each of COUNT addresses, at most RATE a second
 *   clients tcp PORT FIRST COUNT RATE    a connection from each, closed at once by a reset
 */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

static void must(int ok, const char *what) {
    if (!ok) {
        perror(what);
        exit(1);
    }
}

static struct sockaddr_in at(unsigned address, int port) {
    return (struct sockaddr_in){
        .sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(address)};
}

static int bound(int type) {
    struct sockaddr_in here = at(INADDR_LOOPBACK, 0);
    socklen_t length = sizeof here;
    int fd = socket(AF_INET, type, 0);
    must(!bind(fd, (struct sockaddr *)&here, sizeof here), "bind");
    must(!getsockname(fd, (struct sockaddr *)&here, &length), "getsockname");
    printf("%d\n", ntohs(here.sin_port));
    return fd;
}

static int serve(void) {
    struct pollfd fds[3] = {{.fd = 0, .events = POLLIN}, {.fd = bound(SOCK_STREAM), .events = POLLIN}};
    must(!listen(fds[1].fd, 4096), "listen");
    fds[2] = (struct pollfd){.fd = bound(SOCK_DGRAM), .events = POLLIN};
    fflush(stdout);
    for (;;) {
        char bytes[64];
        must(poll(fds, 3, -1) > 0, "poll");
        if (fds[0].revents && read(0, bytes, sizeof bytes) <= 0) {
            return 0;
        }
        if (fds[1].revents) {
            close(accept(fds[1].fd, NULL, NULL));
        }
        if (fds[2].revents) {
            (void)!recv(fds[2].fd, bytes, sizeof bytes, 0);
        }
    }
}

/* Sleeps until number i is due. */
static void pace(struct timespec from, long i, long rate) {
    long long ns = from.tv_nsec + (long long)i * 1000000000 / rate;
    struct timespec due = {.tv_sec = from.tv_sec + ns / 1000000000, .tv_nsec = ns % 1000000000};
    if (i % 64 == 0) {
        clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &due, NULL);
    }
}

static void datagram(int fd, unsigned from, int port) {
    char control[CMSG_SPACE(sizeof(struct in_pktinfo))] = "";
    struct sockaddr_in to = at(INADDR_LOOPBACK, port);
    struct iovec bytes = {.iov_base = "x", .iov_len = 1};
    struct msghdr m = {.msg_name = &to, .msg_namelen = sizeof to, .msg_iov = &bytes, .msg_iovlen = 1,
                       .msg_control = control, .msg_controllen = sizeof control};
    struct cmsghdr *c = CMSG_FIRSTHDR(&m);
    struct in_pktinfo source = {.ipi_spec_dst.s_addr = htonl(from)};
    c->cmsg_level = IPPROTO_IP;
    c->cmsg_type = IP_PKTINFO;
    c->cmsg_len = CMSG_LEN(sizeof source);
    memcpy(CMSG_DATA(c), &source, sizeof source);
    must(sendmsg(fd, &m, 0) == 1, "sendmsg");
}

static void connection(unsigned from, int port) {
    struct sockaddr_in here = at(from, 0), to = at(INADDR_LOOPBACK, port);
    struct linger reset = {.l_onoff = 1};
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    must(!bind(fd, (struct sockaddr *)&here, sizeof here), "bind");
    must(!connect(fd, (struct sockaddr *)&to, sizeof to), "connect");
    setsockopt(fd, SOL_SOCKET, SO_LINGER, &reset, sizeof reset);
    close(fd);
}

int main(int argc, char **argv) {
    if (argc == 2 && !strcmp(argv[1], "serve")) {
        return serve();
    }
    if (argc != 6) {
        fprintf(stderr, "usage: clients serve | clients udp|tcp PORT FIRST COUNT RATE\n");
        return 2;
    }
    int port = atoi(argv[2]), fd = socket(AF_INET, SOCK_DGRAM, 0);
    long first = atol(argv[3]), count = atol(argv[4]), rate = atol(argv[5]);
    struct timespec start;
    clock_gettime(CLOCK_MONOTONIC, &start);
    for (long i = 0; i < count; i++) {
        unsigned from = 0x7f000000u + (unsigned)(first + i);
        pace(start, i, rate);
        if (!strcmp(argv[1], "udp")) {
            datagram(fd, from, port);
        } else {
            connection(from, port);
        }
    }
    return 0;
}
