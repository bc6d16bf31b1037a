/**
 * What commands there are and how words become a call of one.
 *
 * <p>In come the words of a command line and a tree of {@link io.guardian.cli.line.Command}s; out go
 * {@link io.guardian.cli.line.Arguments}, or a {@link io.guardian.cli.line.UsageException} that says what is wrong and
 * what was probably meant. Help pages, man pages and completions are written from the same tree. Commands are plain
 * data made on demand, so that a run pays only for the command it calls. Start reading at
 * {@link io.guardian.cli.line.CommandLine}.
 */
@org.jspecify.annotations.NullMarked
package io.guardian.cli.line;
