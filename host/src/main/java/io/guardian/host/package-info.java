/**
 * What several programs do alike with the machine they run on, and core must not: it knows no file and no socket.
 *
 * <p>{@link io.guardian.host.LogFile} keeps a program's log within its size, {@link io.guardian.host.OwnerFile}
 * replaces a small file that only its owner may read, and {@link io.guardian.host.PinnedCertificate} trusts one
 * server's certificate. Each takes what it needs as arguments; there is nowhere else to start reading.
 */
@NullMarked
package io.guardian.host;

import org.jspecify.annotations.NullMarked;
