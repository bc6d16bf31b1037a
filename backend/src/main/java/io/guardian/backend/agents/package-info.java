/**
 * The agents' side of the API: registering, delivering, fetching policies and actions, saying how they are.
 *
 * <p>In come requests of agents; out go batches to {@code ingest}, facts to {@code meta}, and to the agents the
 * policies and actions that concern them. Start reading at {@link io.guardian.backend.agents.AgentEndpoints}.
 */
@org.jspecify.annotations.NullMarked
package io.guardian.backend.agents;
