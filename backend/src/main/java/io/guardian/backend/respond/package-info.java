/**
 * What follows from a deviation: lines of the policy log, flags, actions of agents.
 *
 * <p>In come deviations as agents judged them, and the policies they were judged by; out go records whose ids come from
 * the deviation's own, so that a replay makes the same ones again. Start reading at
 * {@link io.guardian.backend.respond.Consequences}.
 */
@org.jspecify.annotations.NullMarked
package io.guardian.backend.respond;
