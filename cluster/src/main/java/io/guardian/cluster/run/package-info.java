/**
 * One run of the monitor: its parts put together.
 *
 * <p>Start reading at {@link io.guardian.cluster.run.Monitor}.
 */
@org.jspecify.annotations.NullMarked
package io.guardian.cluster.run;
