/**
 * Behaviour as a join-semilattice: what workloads did is combined without order, loss or invention, and turned into
 * policies.
 *
 * <p>In come process images and connections of one workload instance
 * ({@link io.guardian.core.fingerprint.FingerprintBuilder}) or whole documents as
 * {@link io.guardian.core.fingerprint.Source}; out go behaviours in normal form, new policies
 * ({@link io.guardian.core.fingerprint.CreatePolicy}), merged ones ({@link io.guardian.core.fingerprint.Merge}) and
 * differences. Start reading at {@link io.guardian.core.fingerprint.Join}.
 */
@org.jspecify.annotations.NullMarked
package io.guardian.core.fingerprint;
