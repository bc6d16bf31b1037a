/**
 * Rings of a real kernel, recorded once and replayed through the agent's real parts.
 *
 * <p>In goes a recording (the bytes of every record in their order, and a text that says on what machine they were
 * made), out come the records that the agent makes of them, to be compared with what is expected. Start reading at
 * {@link io.guardian.checks.replay.ReplayTest}; {@link io.guardian.checks.replay.RecordRing} makes recordings.
 */
@org.jspecify.annotations.NullMarked
package io.guardian.checks.replay;
