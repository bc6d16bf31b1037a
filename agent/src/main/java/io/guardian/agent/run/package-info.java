/**
 * The parts put together: one thread takes records through decode, attribute, decide, act and send; others speak with
 * the server and the runtimes and leave messages for it.
 *
 * <p>Start reading at {@link io.guardian.agent.run.Pipeline}.
 */
@org.jspecify.annotations.NullMarked
package io.guardian.agent.run;
