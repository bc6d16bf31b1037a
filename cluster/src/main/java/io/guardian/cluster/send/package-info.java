/**
 * From changed records to batches on disk; the node agent's sender does the rest.
 *
 * <p>Start reading at {@link io.guardian.cluster.send.RecordOutbox}.
 */
@org.jspecify.annotations.NullMarked
package io.guardian.cluster.send;
