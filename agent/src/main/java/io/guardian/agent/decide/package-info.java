/**
 * Whether policies allow what workloads did.
 *
 * <p>In come images, connections and sockets with the bundle of policies the server sent; out go deviations, each with
 * what it was judged from. The verdicts themselves are {@link io.guardian.core.decide}'s. Start reading at
 * {@link io.guardian.agent.decide.Judge}.
 */
@org.jspecify.annotations.NullMarked
package io.guardian.agent.decide;
