/**
 * Small files read with care: those of containers, which are hostile, and those of the host.
 *
 * <p>In come a root folder and a path inside it; out come bytes up to a limit, then names of users and addresses of DNS
 * servers. Whatever is odd (a device, a pipe, a link that leads out, a file too big, lines that are no entries) is left
 * out and never waited for.
 *
 * <p>Start reading at {@link io.guardian.agent.workload.file.ContainedFiles}.
 */
@org.jspecify.annotations.NullMarked
package io.guardian.agent.workload.file;
