/**
 * The event log: the one truth of the server.
 *
 * <p>In comes what agents deliver and what the server itself decides, as whole batches; out go the same batches, in
 * order, to whoever builds a view of them. A batch is acknowledged only after it is on disk. Everything else the server
 * keeps of observations (history, fingerprints, consequences) can be built again from here. Start reading at
 * {@link io.guardian.backend.log.EventLog}; {@link io.guardian.backend.log.SegmentLog} is the adapter for local disks.
 */
@org.jspecify.annotations.NullMarked
package io.guardian.backend.log;
