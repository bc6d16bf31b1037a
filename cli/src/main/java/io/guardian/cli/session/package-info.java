/**
 * One call of a command and its ways to the outside: the chosen server and organisation, time windows, searches, names.
 *
 * <p>In come parsed words and a {@link io.guardian.cli.shell.World}; commands and lists get from here all they need.
 * Start reading at {@link io.guardian.cli.session.Session}.
 */
@org.jspecify.annotations.NullMarked
package io.guardian.cli.session;
