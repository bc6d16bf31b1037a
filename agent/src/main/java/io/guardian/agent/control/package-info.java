/**
 * What goes back and forth with the server besides records: registration, policies, actions, heartbeats.
 *
 * <p>Each runs on a thread of its own and hands what it gets to the pipeline. Start reading at
 * {@link io.guardian.agent.control.Registration}.
 */
@org.jspecify.annotations.NullMarked
package io.guardian.agent.control;
