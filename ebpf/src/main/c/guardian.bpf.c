/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The kernel sensor. Start reading at records.h (what user space gets) and maps.h (what it knows), then the programs:
 * process.h and cgroup.h; connect.h, udp.h, tcp.h, open_sockets.h and other_sockets.h (sockets); traffic.h (packets).
 * One object, since all programs share the maps; the loader leaves out each program that this kernel refuses.
 */
#include "kernel.h"

#include <bpf/bpf_core_read.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

#include "records.h"

#include "maps.h"

#include "watched.h"

#include "ring.h"

#include "user.h"

#include "image.h"

#include "process.h"

#include "cgroup.h"

#include "socket.h"

#include "connect.h"

#include "udp.h"

#include "tcp.h"

#include "open_sockets.h"

#include "other_sockets.h"

#include "packet.h"

#include "datagram.h"

#include "dns.h"

#include "dns_tcp.h"

#include "traffic.h"

/* The kernel gives the helpers that read its memory to GPL-compatible programs only. */
char _license[] SEC("license") = "Dual BSD/GPL";
