/**
 * What deviates and what doesn't, on real connections and processes of real containers.
 *
 * <p>Start reading at {@link io.guardian.checks.deviation.ConnectionDeviationTest}.
 */
@org.jspecify.annotations.NullMarked
package io.guardian.checks.deviation;
