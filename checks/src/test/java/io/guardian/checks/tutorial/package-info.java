/**
 * The tutorial, command by command as it is printed, on real containers.
 *
 * <p>Start reading at {@link io.guardian.checks.tutorial.WorkloadTutorialTest}.
 */
@org.jspecify.annotations.NullMarked
package io.guardian.checks.tutorial;
