/**
 * What the system means, as values and pure functions. Nothing below here reads a clock, a file or a socket.
 *
 * <p>Start reading at {@link io.guardian.core.policy}, then {@code io.guardian.core.decide}.
 */
@org.jspecify.annotations.NullMarked
package io.guardian.core;
