/* A resolver that answers every question with the same IPv4 address: dnsd LISTEN-ADDRESS ANSWER TTL. */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

int main(int argc, char **argv) {
    if (argc != 4) {
        fprintf(stderr, "usage: dnsd LISTEN-ADDRESS ANSWER TTL\n");
        return 2;
    }
    struct sockaddr_in here = {.sin_family = AF_INET, .sin_port = htons(53)};
    struct in_addr answer;
    if (inet_pton(AF_INET, argv[1], &here.sin_addr) != 1 || inet_pton(AF_INET, argv[2], &answer) != 1) {
        return 2;
    }
    unsigned int ttl = htonl((unsigned int)atoi(argv[3]));
    int fd = socket(AF_INET, SOCK_DGRAM, 0);
    if (bind(fd, (struct sockaddr *)&here, sizeof here)) {
        perror("bind");
        return 1;
    }
    for (;;) {
        unsigned char packet[600];
        struct sockaddr_storage from;
        socklen_t length = sizeof from;
        ssize_t got = recvfrom(fd, packet, 512, 0, (struct sockaddr *)&from, &length);
        if (got < 17) {
            continue;
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
