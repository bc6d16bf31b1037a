/**
 * What surrounds a command: streams, environment, terminal, editor, and the ways a command ends early.
 *
 * <p>Nothing else in this module touches {@code System}. In comes a {@link io.guardian.cli.shell.World}, real in the
 * program and made by hand in tests; out go lines for people on stderr. Start reading at
 * {@link io.guardian.cli.shell.World}.
 */
@org.jspecify.annotations.NullMarked
package io.guardian.cli.shell;
