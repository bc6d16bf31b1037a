/*
 * crowd CGROUP INSTANCES PROCESSES [THREADS [BYTES]]: makes that many services below a cgroup, each with that many
 * sleeping processes that made an exec and have arguments of their own, one of them of so many bytes, and so many threads
 * in each; says `ready`, and ends them all when its input ends. crowd sleep THREADS …: sleeps.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/sched.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#ifndef CLONE_INTO_CGROUP
#define CLONE_INTO_CGROUP 0x200000000ULL
#endif

static void fail(const char *what)
{
	fprintf(stderr, "%s: %s\n", what, strerror(errno));
	exit(1);
}

static void *sleeper(void *unused)
{
	for (;;)
		pause();
	return unused;
}

static int sleep_with(int threads)
{
	pthread_attr_t small;
	pthread_attr_init(&small);
	pthread_attr_setstacksize(&small, 1 << 16);
	for (int i = 1; i < threads; i++) {
		pthread_t thread;
		if (pthread_create(&thread, &small, sleeper, NULL) != 0)
			fail("thread");
	}
	sleeper(NULL);
	return 0;
}

/* Made in its cgroup at once: to move one there takes the kernel a thousand times as long. */
static void one(const char *self, int folder, int mother, int service, int number, const char *threads,
		const char *filler)
{
	struct clone_args how = {.flags = CLONE_INTO_CGROUP, .exit_signal = SIGCHLD, .cgroup = (unsigned)folder};
	long child = syscall(SYS_clone3, &how, sizeof(how));
	if (child < 0)
		fail("clone3");
	if (child == 0) {
		char config[64], worker[32];
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		if (getppid() != mother)
			_exit(1);
		snprintf(config, sizeof(config), "--config=/etc/crowd/service-%d.conf", service);
		snprintf(worker, sizeof(worker), "--worker=%d", number);
		execl(self, self, "sleep", threads, config, worker, filler, (char *)NULL);
		_exit(127);
	}
}

int main(int count, char **words)
{
	if (count > 2 && strcmp(words[1], "sleep") == 0)
		return sleep_with(atoi(words[2]));
	if (count < 4 || count > 6) {
		fprintf(stderr, "usage: crowd CGROUP INSTANCES PROCESSES [THREADS [BYTES]]\n");
		return 2;
	}
	static char room[4096];
	char *filler = NULL;
	if (count == 6) {
		int bytes = atoi(words[5]);
		memset(room, 'x', bytes < (int)sizeof(room) ? bytes : (int)sizeof(room) - 1);
		filler = room;
	}
	int instances = atoi(words[2]), processes = atoi(words[3]), mother = getpid();
	for (int i = 0; i < instances; i++) {
		char path[400];
		snprintf(path, sizeof(path), "%s/crowd%d.service", words[1], i);
		if (mkdir(path, 0755) < 0 && errno != EEXIST)
			fail(path);
		int folder = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
		if (folder < 0)
			fail(path);
		for (int k = 0; k < processes; k++)
			one("/proc/self/exe", folder, mother, i, k, count >= 5 ? words[4] : "1", filler);
		close(folder);
	}
	puts("ready");
	fflush(stdout);
	char byte;
	while (read(0, &byte, 1) > 0)
		;
	return 0;
}
