/**
 * Exported admission policies, evaluated by a real implementation of CEL and held against Guardian's own verdicts.
 *
 * <p>Start reading at {@link io.guardian.checks.admission.AdmissionPolicyTest}.
 */
@org.jspecify.annotations.NullMarked
package io.guardian.checks.admission;
