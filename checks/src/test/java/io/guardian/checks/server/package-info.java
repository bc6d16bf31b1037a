/**
 * The programs as they run for long: a full disk, a certificate of their own, which version they are.
 *
 * <p>In go real servers and agents started by the launcher, on disks and network devices of the test's own. Start
 * reading at {@link io.guardian.checks.server.FullDiskTest}.
 */
@org.jspecify.annotations.NullMarked
package io.guardian.checks.server;
