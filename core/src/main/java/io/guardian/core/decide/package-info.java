/**
 * Verdicts: does a policy allow what a workload did, and what follows when it doesn't.
 *
 * <p>In come a {@link io.guardian.core.policy.WorkloadPolicy} and what was observed (process images, connections,
 * sockets); out go verdicts, deviations as documents, the actions to take and the lines of the policy log. Agent,
 * server and replay share it. Nothing here acts, and nothing reads a clock. Start reading at
 * {@link io.guardian.core.decide.CompiledPolicy}.
 */
@org.jspecify.annotations.NullMarked
package io.guardian.core.decide;
