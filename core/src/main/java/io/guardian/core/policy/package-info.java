/**
 * What a workload may do, as values: process trees, network entries, selectors, responses.
 *
 * <p>In comes what the document readers parsed or what a fingerprint observed; out go values that the join, the
 * evaluator and the writers share. Nothing here decides anything. Start reading at
 * {@link io.guardian.core.policy.WorkloadPolicy}.
 */
@org.jspecify.annotations.NullMarked
package io.guardian.core.policy;
