package io.guardian.agent.control;

import io.guardian.agent.send.ServerClient;
import io.guardian.agent.state.DataFolder;
import io.guardian.host.PinnedCertificate;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * Requests that nobody on the way can read or answer: by TLS, with the server's certificate pinned if the code says so.
 */
public final class SafeTransport {
    private static final String PIN_FILE = "server-certificate";

    private SafeTransport() {}

    /**
     * @param insecureHttp whether to speak to another machine without TLS all the same
     * @param data where the pin is kept, since the code may be gone once somebody is registered
     * @throws IOException if others could read what is sent
     */
    public static ServerClient to(
            URI server, boolean insecureHttp, DataFolder data, Optional<RegistrationCode> code, String version)
            throws IOException {
        if (server.getScheme().equals("http") && !isLoopback(server) && !insecureHttp) {
            throw new IOException(
                    "plain HTTP to another machine would show all records to the network; use https or --insecure-http");
        }
        return new ServerClient(server, tls(data, code), version);
    }

    private static boolean isLoopback(URI server) {
        return server.getHost().equals("localhost")
                || server.getHost().startsWith("127.")
                || server.getHost().equals("[::1]");
    }

    private static ServerClient.Tls tls(DataFolder data, Optional<RegistrationCode> code) throws IOException {
        var given = code.map(RegistrationCode::certificateSha256).filter(sha256 -> !sha256.isEmpty());
        if (given.isPresent()) {
            data.write(PIN_FILE, given.get().getBytes(StandardCharsets.US_ASCII));
        }
        return data.read(PIN_FILE)
                .map(bytes -> new String(bytes, StandardCharsets.US_ASCII))
                .filter(text -> text.matches("[0-9a-fA-F]{64}"))
                .<ServerClient.Tls>map(sha256 -> new ServerClient.Tls.Pinned(new PinnedCertificate(sha256).sockets()))
                .orElseGet(ServerClient.Tls.Platform::new);
    }
}
