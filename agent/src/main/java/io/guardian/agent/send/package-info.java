/**
 * From records to a server that has them.
 *
 * <p>In come events, one by one, from the pipeline's thread ({@link io.guardian.agent.send.Outbox}); they are packed
 * into batches and written to a spool on disk ({@link io.guardian.agent.send.Spool}). One thread
 * ({@link io.guardian.agent.send.Sender}) posts what is in the spool, the same bytes under the same batch id until the
 * server has them.
 */
@org.jspecify.annotations.NullMarked
package io.guardian.agent.send;
