/*
 * crowd CGROUP INSTANCES PROCESSES: makes that many services below a cgroup, each with that many sleeping processes that
 * made an exec, says `ready`, and ends them all when its input ends. crowd sleep: sleeps.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <unistd.h>

static void fail(const char *what)
{
	fprintf(stderr, "%s: %s\n", what, strerror(errno));
	exit(1);
}

static void enter(const char *folder)
{
	char path[512];
	snprintf(path, sizeof(path), "%s/cgroup.procs", folder);
	int file = open(path, O_WRONLY);
	if (file < 0 || write(file, "0", 1) != 1)
		fail(path);
	close(file);
}

static void one(const char *self, const char *folder, int mother)
{
	pid_t child = fork();
	if (child < 0)
		fail("fork");
	if (child == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		if (getppid() != mother)
			_exit(1);
		enter(folder);
		execl(self, self, "sleep", (char *)NULL);
		_exit(127);
	}
}

int main(int count, char **words)
{
	if (count == 2 && strcmp(words[1], "sleep") == 0) {
		for (;;)
			pause();
	}
	if (count != 4) {
		fprintf(stderr, "usage: crowd CGROUP INSTANCES PROCESSES\n");
		return 2;
	}
	int instances = atoi(words[2]), processes = atoi(words[3]), mother = getpid();
	for (int i = 0; i < instances; i++) {
		char folder[400];
		snprintf(folder, sizeof(folder), "%s/crowd%d.service", words[1], i);
		if (mkdir(folder, 0755) < 0 && errno != EEXIST)
			fail(folder);
		for (int k = 0; k < processes; k++)
			one("/proc/self/exe", folder, mother);
	}
	puts("ready");
	fflush(stdout);
	char byte;
	while (read(0, &byte, 1) > 0)
		;
	return 0;
}
