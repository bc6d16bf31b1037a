/**
 * What lives now: each workload instance with its behaviour so far, from which fingerprints are made, and which stored
 * policies are about it.
 *
 * <p>In come process, connection, socket and container records in the order of the log; out go
 * {@code model_fingerprint} records. The state is in memory, bounded, and made again from the history after a restart.
 * {@link io.guardian.backend.live.RecordSubject} says what selectors can know of a record. Start reading at
 * {@link io.guardian.backend.live.Fingerprints}.
 */
@org.jspecify.annotations.NullMarked
package io.guardian.backend.live;
