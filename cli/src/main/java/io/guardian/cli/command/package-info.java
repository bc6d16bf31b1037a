/**
 * The commands: each reads its arguments, asks the server, and prints.
 *
 * <p>In comes a {@link io.guardian.cli.session.Session}: the words of one call, the streams, the server. Out go data on
 * stdout, talk on stderr and an exit code. The tree of all commands is in {@link io.guardian.cli.command.Commands};
 * start reading there.
 */
@org.jspecify.annotations.NullMarked
package io.guardian.cli.command;
