/**
 * What is done to processes, and what never is.
 *
 * <p>In come findings and requests of the server with the process they mean; out go results. Start reading at
 * {@link io.guardian.agent.act.Actions}; whom nothing may happen to is said in {@link io.guardian.agent.act.Guards}.
 */
@org.jspecify.annotations.NullMarked
package io.guardian.agent.act;
