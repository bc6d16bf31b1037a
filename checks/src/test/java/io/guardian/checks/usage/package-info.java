/**
 * What a user is told when something is wrong.
 *
 * <p>Start reading at {@link io.guardian.checks.usage.BadInputTest}.
 */
@org.jspecify.annotations.NullMarked
package io.guardian.checks.usage;
