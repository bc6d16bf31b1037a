/**
 * The house rules that a compiler can't see: who may depend on whom, what core must not touch, how things are named.
 *
 * <p>Start reading at {@link io.guardian.checks.architecture.ModuleBoundariesTest}.
 */
@org.jspecify.annotations.NullMarked
package io.guardian.checks.architecture;
