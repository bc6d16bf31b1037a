/**
 * Agent and server against a machine that isn't there: every fault that can be thought of, at every step, by seed.
 *
 * <p>In goes a seed, out comes what differs between what happened on the simulated machine and what the server has. The
 * parts between are the real ones. Start reading at {@link io.guardian.checks.simulation.Simulation}.
 */
@org.jspecify.annotations.NullMarked
package io.guardian.checks.simulation;
