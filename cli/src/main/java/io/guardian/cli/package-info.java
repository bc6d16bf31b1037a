/**
 * {@code spyctl}, the command line.
 *
 * <p>In come words, the environment and files; requests go to the server's REST API; out go data on stdout, talk on
 * stderr and an exit code. {@link io.guardian.cli.Main} is the process, {@link io.guardian.cli.Spyctl} one run of it,
 * {@code command} the commands, {@code line} how words become a call, {@code api} the server, {@code config} the files,
 * {@code output} how results look, {@code shell} everything outside. Start reading at {@link io.guardian.cli.Spyctl}.
 */
@org.jspecify.annotations.NullMarked
package io.guardian.cli;
