/**
 * The agent's own files: who it is, what this boot is, and what it knows of what runs, so that a restart forgets
 * nothing.
 *
 * <p>In come values, out come the same values after a restart or a crash. Files are readable by their owner only. Start
 * reading at {@link io.guardian.agent.state.DataFolder}.
 */
@org.jspecify.annotations.NullMarked
package io.guardian.agent.state;
