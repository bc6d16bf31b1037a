/**
 * Takes batches of records in and gives each a place in the log.
 *
 * <p>In come the bytes of a batch as an agent sent them; out goes a receipt, after the batch is durable. Bad lines are
 * told apart from good ones by {@link io.guardian.backend.ingest.LineCheck}, which is asked again, with the same
 * answer, whenever the log is replayed. Start reading at {@link io.guardian.backend.ingest.Ingest}.
 */
@org.jspecify.annotations.NullMarked
package io.guardian.backend.ingest;
