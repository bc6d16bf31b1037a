/**
 * The server as seen from the command line.
 *
 * <p>In come requests as method, path and JSON; out come JSON answers, streamed lines, or a
 * {@link io.guardian.cli.shell.Failure} of one clear line. Retries, compression, proxies, certificate pins and masked
 * debug lines live here and nowhere else. Start reading at {@link io.guardian.cli.api.ApiClient}.
 */
@org.jspecify.annotations.NullMarked
package io.guardian.cli.api;
