/**
 * One line per message on stderr: time, level, part, words, then {@code key=value}. Nothing secret goes in.
 *
 * <p>Start reading at {@link io.guardian.agent.log.Log}.
 */
@org.jspecify.annotations.NullMarked
package io.guardian.agent.log;
