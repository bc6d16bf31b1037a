/**
 * From the log to the views: one thread reads each record in order, stores it in the history, and lets the projections
 * add what follows from it.
 *
 * <p>In come log entries; out go history rows together with the position they came from. Start reading at
 * {@link io.guardian.backend.apply.Applier}.
 */
@org.jspecify.annotations.NullMarked
package io.guardian.backend.apply;
