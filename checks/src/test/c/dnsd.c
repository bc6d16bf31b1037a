/* A resolver for tests, by UDP and TCP: dnsd LISTEN-ADDRESS ANSWER TTL [LIE].
 *
 * Every question is answered with the IPv4 address ANSWER, but for some by their first label:
 *   a-1-2-3-4.…   with the address in the label
 *   lie.…         as if the rest of the name had been asked, with the address LIE
 *   b-1-2-3-4.…   the same, behind 250 other addresses; by UDP it only says that it is too long
 *   once.…        only the first time
 */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define NAME_AT 12

static int begins(const unsigned char *packet, const char *label) {
    return packet[NAME_AT] == strlen(label) && !memcmp(packet + NAME_AT + 1, label, strlen(label));
}

/* The address in a label such as a-1-2-3-4. */
static int in_label(const unsigned char *packet, struct in_addr *address) {
    char label[64] = "";
    unsigned a, b, c, d;
    memcpy(label, packet + NAME_AT + 1, packet[NAME_AT] & 63);
    if (sscanf(label, "%*1[ab]-%u-%u-%u-%u", &a, &b, &c, &d) != 4) {
        return 0;
    }
    address->s_addr = htonl(a << 24 | b << 16 | c << 8 | d);
    return 1;
}

static struct in_addr usual, lie;
static unsigned int ttl;

static size_t record(unsigned char *to, struct in_addr address) {
    static const unsigned char head[6] = {0xc0, NAME_AT, 0, 1, 0, 1};
    memcpy(to, head, 6);
    memcpy(to + 6, &ttl, 4);
    to[10] = 0;
    to[11] = 4;
    memcpy(to + 12, &address, 4);
    return 16;
}

/* Makes a question the answer to it; its length, or 0 if there is none. */
static size_t answered(unsigned char *packet, size_t got, int by_udp) {
    static int times = 0;
    struct in_addr answer = usual;
    int many = got > NAME_AT + 2 && packet[NAME_AT + 1] == 'b' && packet[NAME_AT + 2] == '-';
    if (got < 17 || (begins(packet, "once") && times++ > 0)) {
        return 0;
    }
    in_label(packet, &answer);
    if (begins(packet, "lie")) {
        got -= 4;
        memmove(packet + NAME_AT, packet + NAME_AT + 4, got - NAME_AT);
        answer = lie;
    }
    packet[2] |= 0x80; /* a response */
    if (many && by_udp) {
        packet[2] |= 2; /* of which more is to be had by TCP */
        return got;
    }
    packet[7] = many ? 251 : 1;
    for (unsigned i = 0; many && i < 250; i++) {
        got += record(packet + got, (struct in_addr){htonl(0x0a090000u + i)});
    }
    return got + record(packet + got, answer);
}

static void serve(int client) {
    unsigned char packet[8192];
    if (recv(client, packet, 2, MSG_WAITALL) == 2) {
        ssize_t length = packet[0] << 8 | packet[1];
        if (length <= 512 && recv(client, packet + 2, length, MSG_WAITALL) == length) {
            size_t size = answered(packet + 2, length, 0);
            packet[0] = size >> 8;
            packet[1] = size & 255;
            (void)!send(client, packet, size ? size + 2 : 0, MSG_NOSIGNAL);
        }
    }
    close(client);
}

int main(int argc, char **argv) {
    if (argc != 4 && argc != 5) {
        fprintf(stderr, "usage: dnsd LISTEN-ADDRESS ANSWER TTL [LIE]\n");
        return 2;
    }
    struct sockaddr_in here = {.sin_family = AF_INET, .sin_port = htons(53)};
    if (inet_pton(AF_INET, argv[1], &here.sin_addr) != 1 || inet_pton(AF_INET, argv[2], &usual) != 1 ||
        inet_pton(AF_INET, argv[argc - 1], &lie) + (argc == 4) < 1) {
        return 2;
    }
    ttl = htonl((unsigned int)atoi(argv[3]));
    int udp = socket(AF_INET, SOCK_DGRAM, 0), tcp = socket(AF_INET, SOCK_STREAM, 0), on = 1;
    setsockopt(tcp, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (bind(udp, (struct sockaddr *)&here, sizeof here) || bind(tcp, (struct sockaddr *)&here, sizeof here) || listen(tcp, 16)) {
        perror("bind");
        return 1;
    }
    for (;;) {
        struct pollfd both[] = {{.fd = udp, .events = POLLIN}, {.fd = tcp, .events = POLLIN}};
        poll(both, 2, -1);
        if (both[0].revents & POLLIN) {
            unsigned char packet[600];
            struct sockaddr_storage from;
            socklen_t length = sizeof from;
            ssize_t got = recvfrom(udp, packet, 512, 0, (struct sockaddr *)&from, &length);
            size_t size = answered(packet, got > 0 ? got : 0, 1);
            if (size) {
                sendto(udp, packet, size, 0, (struct sockaddr *)&from, length);
            }
        }
        if (both[1].revents & POLLIN) {
            serve(accept(tcp, NULL, NULL));
        }
    }
}
