/* A daemon that forks twice and then starts numbered processes, by all the ways there are, until it is told to end.
 *
 *   soakd COUNT_FILE MARK PAUSE_MICROS    MARK is a copy of this file; how many were started is kept in COUNT_FILE
 *   MARK one NUMBER                       what is started; does nothing
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;
static volatile sig_atomic_t ending;
static char *mark;
static char number[16];

static void end(int signal) {
    (void)signal;
    ending = 1;
}

static void become_mark(void) {
    char *words[] = {mark, "one", number, NULL};
    execve(mark, words, environ);
    _exit(127);
}

static void by_spawn(void) {
    char *words[] = {mark, "one", number, NULL};
    pid_t child;
    if (posix_spawn(&child, mark, NULL, NULL, words, environ) == 0) {
        waitpid(child, NULL, 0);
    }
}

static void by_fork(void) {
    pid_t child = fork();
    if (child == 0) {
        become_mark();
    }
    waitpid(child, NULL, 0);
}

/* The process in the middle is gone before the exec. */
static void by_two_forks(void) {
    pid_t child = fork();
    if (child == 0) {
        if (fork() == 0) {
            while (getppid() != 1) {
                usleep(100);
            }
            become_mark();
        }
        _exit(0);
    }
    waitpid(child, NULL, 0);
}

static void *thread_becomes_mark(void *unused) {
    (void)unused;
    become_mark();
    return NULL;
}

/* Not the first thread makes the exec; every other time the first is gone by then. */
static void by_thread(int leave) {
    pid_t child = fork();
    if (child == 0) {
        pthread_t thread;
        pthread_create(&thread, NULL, thread_becomes_mark, NULL);
        if (leave) {
            pthread_exit(NULL);
        }
        pthread_join(thread, NULL);
    }
    waitpid(child, NULL, 0);
}

int main(int argc, char **argv) {
    if (argc == 3 && strcmp(argv[1], "one") == 0) {
        return 0;
    }
    if (argc != 4) {
        fprintf(stderr, "usage: soakd COUNT_FILE MARK PAUSE_MICROS\n");
        return 2;
    }
    mark = argv[2];
    if (fork() != 0) {
        _exit(0);
    }
    setsid();
    if (fork() != 0) {
        _exit(0);
    }
    signal(SIGTERM, end);
    int counts = open(argv[1], O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    for (int made = 0; !ending; usleep(atoi(argv[3]))) {
        snprintf(number, sizeof number, "%d", made);
        switch (made % 8) {
        case 1: by_fork(); break;
        case 3: by_two_forks(); break;
        case 5: by_thread(0); break;
        case 7: by_thread(1); break;
        default: by_spawn(); break;
        }
        made++;
        char line[16];
        int length = snprintf(line, sizeof line, "%-12d\n", made);
        if (pwrite(counts, line, (size_t)length, 0) != length) {
            return 1;
        }
    }
    return 0;
}
