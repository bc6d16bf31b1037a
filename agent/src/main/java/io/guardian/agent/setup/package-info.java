/**
 * What the agent was told to do: its command line, read once into values.
 *
 * <p>Start reading at {@link io.guardian.agent.setup.CommandLine}.
 */
@org.jspecify.annotations.NullMarked
package io.guardian.agent.setup;
