/**
 * The program around the server: options, data directory, first start, certificates, logging.
 *
 * <p>In come arguments and the environment; out goes a listening server. {@link io.guardian.backend.Main} puts it all
 * together by hand. Start reading at {@link io.guardian.backend.server.Server}.
 */
@org.jspecify.annotations.NullMarked
package io.guardian.backend.server;
