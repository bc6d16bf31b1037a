/* Starts COUNT processes, one after the other, as fast as the machine goes: vfork and exec of this very file, which then
 * ends at once. Prints the nanoseconds that all of it took.
 *
 *   flood COUNT      flood one NUMBER     (what is started; does nothing)
 */
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

extern char **environ;

static long long now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * 1000000000LL + time.tv_nsec;
}

int main(int argc, char **argv) {
    if (argc == 3 && strcmp(argv[1], "one") == 0) {
        _exit(0);
    }
    if (argc != 2) {
        fprintf(stderr, "usage: flood COUNT\n");
        return 2;
    }
    int count = atoi(argv[1]);
    long long begin = now();
    for (int i = 0; i < count; i++) {
        char number[16];
        snprintf(number, sizeof number, "%d", i);
        char *words[] = {argv[0], "one", number, NULL};
        pid_t child;
        if (posix_spawn(&child, argv[0], NULL, NULL, words, environ) != 0) {
            perror("posix_spawn");
            return 1;
        }
        if (waitpid(child, NULL, 0) != child) {
            perror("waitpid");
            return 1;
        }
    }
    printf("%lld\n", now() - begin);
    return 0;
}
