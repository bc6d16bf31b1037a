/**
 * Text to values and back: JSON and YAML, with the place of every problem.
 *
 * <p>In comes text from files, pipes, sockets and editors; out go {@link io.guardian.core.text.Json} values, and text
 * again in the house style. This is the only package that knows a parser library. Start reading at
 * {@link io.guardian.core.text.Json}.
 */
@org.jspecify.annotations.NullMarked
package io.guardian.core.text;
