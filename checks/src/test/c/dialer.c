/* A workload that does what it is told, one line at a time, from the FIFO given as its argument; prints "done" or why not.
 *
 *   connect ADDRESS PORT          TCP, IPv4 or IPv6 by the address's form
 *   mapped ADDRESS PORT           TCP to an IPv4 address through an IPv6 socket
 *   send ADDRESS PORT             one UDP datagram, not connected
 *   listen PORT                   TCP on all addresses; accepts and closes from then on
 *   bind PORT                     UDP on all addresses; receives from then on
 *   resolve NAME RESOLVER PORT    asks the resolver for the name's IPv4 address, then connects there
 *                                 by TCP if the answer says that it was too long
 *   resolve-tcp NAME RESOLVER PORT    the same by TCP
 *   selfmade-tcp NAME ANSWER PORT     as selfmade, by TCP
 *   selfmade NAME ANSWER PORT     asks a server of its own at 127.0.0.1:53, then connects to what that answered
 *   spoof NAME RESOLVER ANSWER PORT   asks, gives itself an answer as if from the resolver by a raw socket, and connects
 *   race COUNT RESOLVER PORT      COUNT times: asks for a name and connects within 100 us of its answer; answers with how often
 *                                 it took to be so quick
 *   other FAMILY TYPE PROTOCOL    a socket of this kind, kept open
 */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/ip.h>
#include <netinet/tcp.h>
#include <netinet/udp.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#define MOST_SOCKETS 16

static struct pollfd sockets[MOST_SOCKETS + 1];
static int is_udp[MOST_SOCKETS + 1];
static int used = 1;

static socklen_t address(const char *text, int port, struct sockaddr_storage *to) {
    struct sockaddr_in *v4 = (struct sockaddr_in *)to;
    struct sockaddr_in6 *v6 = (struct sockaddr_in6 *)to;
    memset(to, 0, sizeof *to);
    if (inet_pton(AF_INET, text, &v4->sin_addr) == 1) {
        v4->sin_family = AF_INET;
        v4->sin_port = htons(port);
        return sizeof *v4;
    }
    if (inet_pton(AF_INET6, text, &v6->sin6_addr) == 1) {
        v6->sin6_family = AF_INET6;
        v6->sin6_port = htons(port);
        return sizeof *v6;
    }
    return 0;
}

static int tcp(const char *text, int port) {
    struct sockaddr_storage to;
    socklen_t length = address(text, port, &to);
    int fd = socket(to.ss_family, SOCK_STREAM, 0);
    int failed = connect(fd, (struct sockaddr *)&to, length);
    close(fd);
    return failed;
}

static int mapped(const char *text, int port) {
    char full[272];
    snprintf(full, sizeof full, "::ffff:%s", text);
    return tcp(full, port);
}

static int datagram(const char *text, int port) {
    struct sockaddr_storage to;
    socklen_t length = address(text, port, &to);
    int fd = socket(to.ss_family, SOCK_DGRAM, 0);
    int failed = sendto(fd, "x", 1, 0, (struct sockaddr *)&to, length) != 1;
    close(fd);
    return failed;
}

static int serve(int port, int type) {
    struct sockaddr_in6 any = {.sin6_family = AF_INET6, .sin6_port = htons(port)};
    int fd = socket(AF_INET6, type, 0);
    int on = 1;
    if (used > MOST_SOCKETS || setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) ||
        bind(fd, (struct sockaddr *)&any, sizeof any) || (type == SOCK_STREAM && listen(fd, 16))) {
        return -1;
    }
    sockets[used] = (struct pollfd){.fd = fd, .events = POLLIN};
    is_udp[used++] = type == SOCK_DGRAM;
    return 0;
}

static void answer(int i) {
    if (is_udp[i]) {
        char buffer[512];
        (void)!recv(sockets[i].fd, buffer, sizeof buffer, 0);
    } else {
        close(accept(sockets[i].fd, NULL, NULL));
    }
}

/* A question for the address of NAME; returns its length. */
static size_t question(const char *name, unsigned char *packet) {
    static const unsigned char head[12] = {0, 0, 1, 0, 0, 1};
    memcpy(packet, head, sizeof head);
    unsigned short id = (unsigned short)rand();
    memcpy(packet, &id, sizeof id);
    size_t at = 12;
    while (*name) {
        size_t label = strcspn(name, ".");
        packet[at++] = (unsigned char)label;
        memcpy(packet + at, name, label);
        at += label;
        name += label + (name[label] == '.');
    }
    static const unsigned char tail[5] = {0, 0, 1, 0, 1};
    memcpy(packet + at, tail, sizeof tail);
    return at + sizeof tail;
}

static int receive(int fd, unsigned char *bytes, ssize_t length) {
    return recv(fd, bytes, length, MSG_WAITALL) == length ? 0 : -1;
}

/* Asks by TCP, in two parts, and connects to the last address of the answer. */
static int resolve_by_tcp(const char *name, const char *resolver, int port) {
    struct sockaddr_storage to;
    socklen_t length = address(resolver, 53, &to);
    unsigned char packet[8192];
    size_t asked = question(name, packet + 2);
    int fd = socket(to.ss_family, SOCK_STREAM, 0), on = 1;
    struct timeval limit = {.tv_sec = 3};
    packet[0] = asked >> 8;
    packet[1] = asked & 255;
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    if (connect(fd, (struct sockaddr *)&to, length) || send(fd, packet, 9, 0) != 9 ||
        send(fd, packet + 9, asked - 7, 0) < 0 || receive(fd, packet, 2)) {
        return -1;
    }
    ssize_t got = packet[0] << 8 | packet[1];
    if (got < 4 || got > (ssize_t)sizeof packet || receive(fd, packet, got)) {
        return -1;
    }
    close(fd);
    char text[INET_ADDRSTRLEN];
    inet_ntop(AF_INET, packet + got - 4, text, sizeof text);
    return tcp(text, port);
}

static int resolve(const char *name, const char *resolver, int port) {
    struct sockaddr_storage to;
    socklen_t length = address(resolver, 53, &to);
    unsigned char packet[512];
    size_t asked = question(name, packet);
    int fd = socket(to.ss_family, SOCK_DGRAM, 0);
    struct timeval limit = {.tv_sec = 3};
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
    if (connect(fd, (struct sockaddr *)&to, length) || send(fd, packet, asked, 0) < 0) {
        return -1;
    }
    ssize_t got = recv(fd, packet, sizeof packet, 0);
    close(fd);
    if (got < 4) {
        return -1;
    }
    if (packet[2] & 2) {
        return resolve_by_tcp(name, resolver, port);
    }
    char text[INET_ADDRSTRLEN];
    inet_ntop(AF_INET, packet + got - 4, text, sizeof text);
    return tcp(text, port);
}

/* Makes the question in packet an answer with this address; returns its length. */
static size_t answered(unsigned char *packet, size_t length, const char *address) {
    static const unsigned char record[12] = {0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4};
    packet[2] |= 0x80;
    packet[7] = 1;
    memcpy(packet + length, record, sizeof record);
    inet_pton(AF_INET, address, packet + length + sizeof record);
    return length + sizeof record + 4;
}

static int selfmade(const char *name, const char *wanted, int port) {
    struct sockaddr_storage here, from;
    socklen_t length = address("127.0.0.1", 53, &here), from_length = sizeof from;
    unsigned char packet[512];
    size_t asked = question(name, packet);
    int server = socket(AF_INET, SOCK_DGRAM, 0), client = socket(AF_INET, SOCK_DGRAM, 0);
    if (bind(server, (struct sockaddr *)&here, length) || connect(client, (struct sockaddr *)&here, length) ||
        send(client, packet, asked, 0) < 0 ||
        recvfrom(server, packet, sizeof packet, 0, (struct sockaddr *)&from, &from_length) < 0 ||
        sendto(server, packet, answered(packet, asked, wanted), 0, (struct sockaddr *)&from, from_length) < 0 ||
        recv(client, packet, sizeof packet, 0) < 0) {
        return -1;
    }
    close(client);
    close(server);
    return tcp(wanted, port);
}

static int selfmade_by_tcp(const char *name, const char *wanted, int port) {
    struct sockaddr_storage here;
    socklen_t length = address("127.0.0.1", 53, &here);
    unsigned char packet[514], heard[514];
    size_t asked = question(name, packet + 2);
    int listening = socket(AF_INET, SOCK_STREAM, 0), client = socket(AF_INET, SOCK_STREAM, 0), server;
    packet[0] = 0;
    packet[1] = asked;
    if (bind(listening, (struct sockaddr *)&here, length) || listen(listening, 1) ||
        connect(client, (struct sockaddr *)&here, length) || (server = accept(listening, NULL, NULL)) < 0 ||
        send(client, packet, asked + 2, 0) < 0 || receive(server, heard, asked + 2)) {
        return -1;
    }
    size_t size = answered(packet + 2, asked, wanted);
    packet[1] = size;
    if (send(server, packet, size + 2, 0) < 0 || receive(client, heard, size + 2)) {
        return -1;
    }
    close(client);
    close(server);
    close(listening);
    return tcp(wanted, port);
}

static int spoof(const char *name, const char *resolver, const char *wanted, int port) {
    struct sockaddr_storage to, own;
    socklen_t length = address(resolver, 53, &to), own_length = sizeof own;
    struct {
        struct iphdr ip;
        struct udphdr udp;
        unsigned char message[512];
    } packet = {.ip = {.ihl = 5, .version = 4, .ttl = 64, .protocol = IPPROTO_UDP}};
    size_t asked = question(name, packet.message), full;
    int fd = socket(AF_INET, SOCK_DGRAM, 0), raw = socket(AF_INET, SOCK_RAW, IPPROTO_RAW);
    if (raw < 0 || connect(fd, (struct sockaddr *)&to, length) || send(fd, packet.message, asked, 0) < 0 ||
        getsockname(fd, (struct sockaddr *)&own, &own_length)) {
        return -1;
    }
    full = sizeof packet.ip + sizeof packet.udp + answered(packet.message, asked, wanted);
    packet.ip.saddr = ((struct sockaddr_in *)&to)->sin_addr.s_addr;
    packet.ip.daddr = ((struct sockaddr_in *)&own)->sin_addr.s_addr;
    packet.udp.source = htons(53);
    packet.udp.dest = ((struct sockaddr_in *)&own)->sin_port;
    packet.udp.len = htons(full - sizeof packet.ip);
    struct timeval limit = {.tv_sec = 3};
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
    if (sendto(raw, &packet, full, 0, (struct sockaddr *)&own, own_length) < 0 ||
        recv(fd, packet.message, sizeof packet.message, 0) < 0) {
        return -1;
    }
    close(raw);
    close(fd);
    return tcp(wanted, port);
}

static long nanos(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * 1000000000L + now.tv_nsec;
}

/* Every name and address is another one; the addresses are on loopback, where nobody listens. */
static int race(int count, const char *resolver, int port) {
    struct sockaddr_storage server, to;
    socklen_t length = address(resolver, 53, &server);
    int quick = 0, tries = 0;
    while (quick < count && tries < 100 * count) {
        char name[64], text[32];
        unsigned char packet[512];
        int at = tries++, fd = socket(AF_INET, SOCK_DGRAM, 0), out = socket(AF_INET, SOCK_STREAM, 0);
        struct timeval limit = {.tv_sec = 3};
        snprintf(name, sizeof name, "a-127-%d-%d-%d.race.local", 1 + (at >> 16), at >> 8 & 255, at & 255);
        snprintf(text, sizeof text, "127.%d.%d.%d", 1 + (at >> 16), at >> 8 & 255, at & 255);
        socklen_t to_length = address(text, port, &to);
        setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
        if (connect(fd, (struct sockaddr *)&server, length) || send(fd, packet, question(name, packet), 0) < 0 ||
            recv(fd, packet, sizeof packet, 0) < 0) {
            return -1;
        }
        long got = nanos();
        fcntl(out, F_SETFL, O_NONBLOCK);
        long called = nanos();
        (void)!connect(out, (struct sockaddr *)&to, to_length);
        quick += called - got < 100000;
        close(out);
        close(fd);
        /* One after the other without a breath they are more than the kernel's ring holds on a busy machine. */
        nanosleep(&(struct timespec){.tv_nsec = 300000}, NULL);
    }
    printf("tries %d ", tries);
    return quick == count ? 0 : -1;
}

static int obey(char *line) {
    char what[16] = "", first[256] = "", second[64] = "", third[64] = "", fourth[16] = "";
    sscanf(line, "%15s %255s %63s %63s %15s", what, first, second, third, fourth);
    if (!strcmp(what, "connect")) return tcp(first, atoi(second));
    if (!strcmp(what, "mapped")) return mapped(first, atoi(second));
    if (!strcmp(what, "send")) return datagram(first, atoi(second));
    if (!strcmp(what, "listen")) return serve(atoi(first), SOCK_STREAM);
    if (!strcmp(what, "bind")) return serve(atoi(first), SOCK_DGRAM);
    if (!strcmp(what, "resolve")) return resolve(first, second, atoi(third));
    if (!strcmp(what, "resolve-tcp")) return resolve_by_tcp(first, second, atoi(third));
    if (!strcmp(what, "selfmade-tcp")) return selfmade_by_tcp(first, second, atoi(third));
    if (!strcmp(what, "selfmade")) return selfmade(first, second, atoi(third));
    if (!strcmp(what, "spoof")) return spoof(first, second, third, atoi(fourth));
    if (!strcmp(what, "race")) return race(atoi(first), second, atoi(third));
    if (!strcmp(what, "other")) return socket(atoi(first), atoi(second), atoi(third)) < 0;
    errno = EINVAL;
    return -1;
}

int main(int argc, char **argv) {
    if (argc != 2) {
        fprintf(stderr, "usage: dialer FIFO\n");
        return 2;
    }
    setvbuf(stdout, NULL, _IOLBF, 0);
    FILE *orders = fopen(argv[1], "r+"); /* r+ keeps it open when a writer goes */
    if (!orders) {
        perror(argv[1]);
        return 1;
    }
    setvbuf(orders, NULL, _IONBF, 0);
    sockets[0] = (struct pollfd){.fd = fileno(orders), .events = POLLIN};
    printf("ready\n");
    char line[512];
    for (;;) {
        poll(sockets, used, -1);
        for (int i = 1; i < used; i++) {
            if (sockets[i].revents & POLLIN) {
                answer(i);
            }
        }
        if ((sockets[0].revents & POLLIN) && fgets(line, sizeof line, orders)) {
            printf("%s\n", obey(line) == 0 ? "done" : strerror(errno));
        }
    }
}
