/**
 * Cluster policies as Kubernetes' own admission policies: what can be decided before a pod is made, in CEL.
 *
 * <p>In come a cluster policy and its rulesets; out go a ValidatingAdmissionPolicy, its binding, and a list of what
 * they can't express. What is exported never refuses what the policy would allow. Start reading at
 * {@link io.guardian.core.admission.AdmissionPolicy}.
 */
@org.jspecify.annotations.NullMarked
package io.guardian.core.admission;
