/**
 * What Guardian must never do: look outside its scope, kill what it doesn't know, or be the cause of an outage.
 *
 * <p>Start reading at {@link io.guardian.checks.safety.EnforcementSafetyTest}.
 */
@org.jspecify.annotations.NullMarked
package io.guardian.checks.safety;
