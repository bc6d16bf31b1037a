/* A resolver for tests: dnsd LISTEN-ADDRESS ANSWER TTL [LIE].
 *
 * Every question is answered with the IPv4 address ANSWER, but for some by their first label:
 *   a-1-2-3-4.…   with the address in the label
 *   lie.…         as if the rest of the name had been asked, with the address LIE
 *   once.…        only the first time
 */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#define NAME_AT 12

static int begins(const unsigned char *packet, const char *label) {
    return packet[NAME_AT] == strlen(label) && !memcmp(packet + NAME_AT + 1, label, strlen(label));
}

/* The address in a label such as a-1-2-3-4. */
static int in_label(const unsigned char *packet, struct in_addr *address) {
    char label[64] = "";
    unsigned a, b, c, d;
    memcpy(label, packet + NAME_AT + 1, packet[NAME_AT] & 63);
    if (sscanf(label, "a-%u-%u-%u-%u", &a, &b, &c, &d) != 4) {
        return 0;
    }
    address->s_addr = htonl(a << 24 | b << 16 | c << 8 | d);
    return 1;
}

int main(int argc, char **argv) {
    if (argc != 4 && argc != 5) {
        fprintf(stderr, "usage: dnsd LISTEN-ADDRESS ANSWER TTL [LIE]\n");
        return 2;
    }
    struct sockaddr_in here = {.sin_family = AF_INET, .sin_port = htons(53)};
    struct in_addr usual, lie;
    if (inet_pton(AF_INET, argv[1], &here.sin_addr) != 1 || inet_pton(AF_INET, argv[2], &usual) != 1 ||
        inet_pton(AF_INET, argv[argc - 1], &lie) + (argc == 4) < 1) {
        return 2;
    }
    unsigned int ttl = htonl((unsigned int)atoi(argv[3]));
    int fd = socket(AF_INET, SOCK_DGRAM, 0), times = 0;
    if (bind(fd, (struct sockaddr *)&here, sizeof here)) {
        perror("bind");
        return 1;
    }
    for (;;) {
        unsigned char packet[600];
        struct in_addr answer = usual;
        struct sockaddr_storage from;
        socklen_t length = sizeof from;
        ssize_t got = recvfrom(fd, packet, 512, 0, (struct sockaddr *)&from, &length);
        if (got < 17 || (begins(packet, "once") && times++ > 0)) {
            continue;
        }
        in_label(packet, &answer);
        if (begins(packet, "lie")) {
            got -= 4;
            memmove(packet + NAME_AT, packet + NAME_AT + 4, got - NAME_AT);
            answer = lie;
        }
        packet[2] |= 0x80; /* a response */
        packet[7] = 1;     /* one answer */
        static const unsigned char record[6] = {0xc0, 12, 0, 1, 0, 1};
        memcpy(packet + got, record, 6);
        memcpy(packet + got + 6, &ttl, 4);
        packet[got + 10] = 0;
        packet[got + 11] = 4;
        memcpy(packet + got + 12, &answer, 4);
        sendto(fd, packet, got + 16, 0, (struct sockaddr *)&from, length);
    }
}
