/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The kernel sensor. Start reading at records.h (what user space gets), then process.h, network.h, packet.h, cgroup.h.
 * One object, since all programs share the maps; the loader leaves out each program that this kernel refuses.
 */
#include "kernel.h"

#include <bpf/bpf_core_read.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

#include "records.h"

#include "maps.h"

#include "common.h"

#include "image.h"

#include "process.h"

#include "cgroup.h"

#include "network.h"

#include "packet.h"

/* The kernel gives the helpers that read its memory to GPL-compatible programs only. */
char _license[] SEC("license") = "Dual BSD/GPL";
