package io.guardian.cli.api;

import io.guardian.cli.shell.Failure;
import io.guardian.cli.shell.World;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.MalformedURLException;
import java.net.URI;
import java.net.URL;
import java.time.Duration;
import java.util.Optional;
import javax.net.ssl.HttpsURLConnection;
import javax.net.ssl.SSLSocketFactory;

/**
 * Opens connections to one server, by the JDK's oldest HTTP client: it is ready in a tenth of the newer one's time,
 * which counts more here than anything the newer one can do.
 */
final class Connector {
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(30);

    private final Server server;
    private final Proxies proxies;
    private final Duration readTimeout;
    private final Optional<SSLSocketFactory> sockets;

    Connector(Server server, World world, Duration readTimeout) {
        this.server = server;
        this.proxies = new Proxies(world);
        this.readTimeout = readTimeout;
        this.sockets = server.url().startsWith("https:") ? Trust.sockets(server, world) : Optional.empty();
    }

    /** The connection for a path below {@code /api/v1}; nothing is sent yet. */
    HttpURLConnection open(String path) throws IOException {
        var url = url(server.url() + "/api/v1" + path);
        if (!(url.openConnection(proxies.proxyFor(url)) instanceof HttpURLConnection connection)) {
            throw badUrl();
        }
        connection.setConnectTimeout((int) CONNECT_TIMEOUT.toMillis());
        connection.setReadTimeout((int) Math.min(Integer.MAX_VALUE, readTimeout.toMillis()));
        // A redirect would carry the key to another place.
        connection.setInstanceFollowRedirects(false);
        connection.setUseCaches(false);
        connection.setRequestProperty("Authorization", "Bearer " + server.key());
        connection.setRequestProperty("Accept-Encoding", "gzip");
        if (connection instanceof HttpsURLConnection secure && sockets.isPresent()) {
            secure.setSSLSocketFactory(sockets.get());
            if (server.certificateSha256().isPresent()) {
                // The pin names the very certificate, which says more than the name in it.
                secure.setHostnameVerifier((_, _) -> true);
            }
        }
        return connection;
    }

    private URL url(String text) {
        try {
            return URI.create(text).toURL();
        } catch (IllegalArgumentException | MalformedURLException _) {
            throw badUrl();
        }
    }

    private Failure badUrl() {
        return Failure.because("invalid API URL `" + server.url() + "`, give one such as http://127.0.0.1:8480");
    }
}
