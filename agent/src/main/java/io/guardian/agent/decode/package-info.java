/**
 * From the ring's order to the order of what happened.
 *
 * <p>In come records with their positions in the ring, out come the same records by the kernel's clock, with holes in
 * their numbering counted, and the position up to which the ring may be given back. Start reading at
 * {@link io.guardian.agent.decode.RecordWindow}.
 */
@org.jspecify.annotations.NullMarked
package io.guardian.agent.decode;
