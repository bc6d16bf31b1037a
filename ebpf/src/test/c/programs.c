/* SPDX-License-Identifier: Apache-2.0 */
/*
 * programs OBJECT [NAME]...: loads and attaches each program of a BPF object by itself and says what came of it, with the
 * end of the verifier's log for one that is refused. Attaches to a cgroup of its own; nothing is left behind.
 */
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define LOG_BYTES (1 << 22)
#define LOG_SHOWN 3000

static char log_text[LOG_BYTES];
static size_t log_len;

static int note(enum libbpf_print_level level, const char *format, va_list args)
{
	if (level != LIBBPF_DEBUG && log_len < LOG_BYTES - 1) {
		int n = vsnprintf(log_text + log_len, LOG_BYTES - log_len, format, args);

		if (n > 0)
			log_len += n < (int)(LOG_BYTES - log_len) ? (size_t)n : LOG_BYTES - 1 - log_len;
	}
	return 0;
}

static struct bpf_link *attach(struct bpf_program *program, int cgroup)
{
	const char *section = bpf_program__section_name(program);

	if (!strncmp(section, "cgroup", 6) || !strcmp(section, "sockops"))
		return bpf_program__attach_cgroup(program, cgroup);
	return bpf_program__attach(program);
}

static int try(const char *path, const char *name, int cgroup)
{
	struct bpf_object *object = bpf_object__open_file(path, 0);
	struct bpf_program *program;
	struct bpf_link *link;
	int result;

	log_len = 0;
	log_text[0] = 0;
	bpf_object__for_each_program(program, object)
		bpf_program__set_autoload(program, !strcmp(bpf_program__name(program), name));
	result = bpf_object__load(object);
	if (result) {
		printf("  refused   %s: %s\n", name, strerror(-result));
		printf("%s\n", log_len > LOG_SHOWN ? log_text + log_len - LOG_SHOWN : log_text);
		bpf_object__close(object);
		return 1;
	}
	link = attach(bpf_object__find_program_by_name(object, name), cgroup);
	result = link ? 0 : errno;
	printf(result ? "  loads     %s, but can't be attached: %s (%d)\n" : "  attaches  %s\n", name, strerror(result), result);
	bpf_link__destroy(link);
	bpf_object__close(object);
	return result != 0;
}

int main(int argc, char **argv)
{
	char folder[] = "/sys/fs/cgroup/guardian-programs";
	struct bpf_object *object;
	struct bpf_program *program;
	int cgroup, failed = 0;

	if (argc < 2) {
		fprintf(stderr, "usage: programs OBJECT [NAME]...\n");
		return 2;
	}
	setvbuf(stdout, 0, _IOLBF, 0);
	libbpf_set_print(note);
	mkdir(folder, 0755);
	cgroup = open(folder, O_RDONLY | O_CLOEXEC);
	object = bpf_object__open_file(argv[1], 0);
	if (!object) {
		fprintf(stderr, "%s can't be read: %s\n%s", argv[1], strerror(errno), log_text);
		return 2;
	}
	bpf_object__for_each_program(program, object) {
		int wanted = argc == 2;

		for (int i = 2; i < argc; i++)
			wanted |= !strcmp(argv[i], bpf_program__name(program));
		if (wanted)
			failed += try(argv[1], bpf_program__name(program), cgroup);
	}
	bpf_object__close(object);
	close(cgroup);
	rmdir(folder);
	return failed != 0;
}
