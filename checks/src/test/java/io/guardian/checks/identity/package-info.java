/**
 * Who a process is and which file it runs, when the workload tries to pass for another: each trap is laid by a real
 * process in a real container or service, and looked at in the records and deviations that come of it.
 *
 * <p>Start reading at {@link io.guardian.checks.identity.ContainerTrapsTest}.
 */
@org.jspecify.annotations.NullMarked
package io.guardian.checks.identity;
