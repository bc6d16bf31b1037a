/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Programs that are attached for a moment, to learn what this kernel allows. They count their runs and never deny anything.
 */
#include "kernel.h"

#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u64);
} runs SEC(".maps");

static __always_inline void ran(void)
{
	__u32 zero = 0;
	__u64 *count = bpf_map_lookup_elem(&runs, &zero);

	if (count)
		__sync_fetch_and_add(count, 1);
}

SEC("lsm/bprm_check_security")
int BPF_PROG(try_lsm, struct linux_binprm *bprm)
{
	ran();
	return 0;
}

SEC("fentry/security_bprm_check")
int BPF_PROG(try_fentry, struct linux_binprm *bprm)
{
	ran();
	return 0;
}

char _license[] SEC("license") = "Dual BSD/GPL";
