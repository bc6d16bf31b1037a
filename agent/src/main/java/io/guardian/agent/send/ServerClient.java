package io.guardian.agent.send;

import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import javax.net.ssl.HttpsURLConnection;
import javax.net.ssl.SSLSocketFactory;

/**
 * Speaks HTTP with the server, one request at a time for each calling thread. {@link HttpURLConnection} keeps
 * connections alive by itself and needs no threads and little memory of its own, which decides here.
 */
public final class ServerClient implements ServerCalls {
    private static final int CONNECT_MILLIS = 10_000;
    private static final int ANSWER_BYTES_MAX = 32 << 20;

    private final URI server;
    private final Tls tls;
    private final String agent;

    /** How the server is known over TLS. */
    public sealed interface Tls {
        /** As the platform does it: by a chain to a known authority and by name. */
        record Platform() implements Tls {}

        /** By the SHA-256 of its certificate. */
        record Pinned(SSLSocketFactory sockets) implements Tls {}
    }

    /**
     * What the server said.
     *
     * @param status HTTP status
     * @param retryAfterSeconds its wish, -1 if it had none
     * @param etag empty if there was none
     */
    // Nobody compares these values, and copying the bytes would cost what this class is there to save.
    @SuppressWarnings("ArrayRecordComponent")
    public record Answer(int status, byte[] body, long retryAfterSeconds, String etag) {
        public String text() {
            return new String(body, StandardCharsets.UTF_8);
        }

        public boolean isOk() {
            return status == 200;
        }
    }

    /** @param version the agent's version, for the server's logs */
    public ServerClient(URI server, Tls tls, String version) {
        this.server = server;
        this.tls = tls;
        this.agent = "guardian-agent/" + version;
    }

    @Override
    public Answer get(String path, String token, Map<String, String> headers, int readMillis) throws IOException {
        return exchange(open("GET", path, token, headers, readMillis));
    }

    @Override
    public Answer post(String path, String token, Map<String, String> headers, byte[] body, int readMillis)
            throws IOException {
        var connection = open("POST", path, token, headers, readMillis);
        connection.setDoOutput(true);
        connection.setFixedLengthStreamingMode(body.length);
        try (var out = connection.getOutputStream()) {
            out.write(body);
        }
        return exchange(connection);
    }

    private HttpURLConnection open(
            String method, String path, String token, Map<String, String> headers, int readMillis) throws IOException {
        var connection = (HttpURLConnection) URI.create(server + path).toURL().openConnection(java.net.Proxy.NO_PROXY);
        if (connection instanceof HttpsURLConnection https && tls instanceof Tls.Pinned(var sockets)) {
            https.setSSLSocketFactory(sockets);
            // The pinned certificate says who it is, whatever name it was reached by.
            https.setHostnameVerifier((name, session) -> true);
        }
        connection.setRequestMethod(method);
        connection.setConnectTimeout(CONNECT_MILLIS);
        connection.setReadTimeout(readMillis);
        connection.setInstanceFollowRedirects(false);
        connection.setRequestProperty("User-Agent", agent);
        connection.setRequestProperty("Accept", "application/json");
        connection.setRequestProperty("Authorization", "Bearer " + token);
        headers.forEach(connection::setRequestProperty);
        return connection;
    }

    private static Answer exchange(HttpURLConnection connection) throws IOException {
        int status = connection.getResponseCode();
        if (status < 0) {
            throw new IOException("the answer is not HTTP");
        }
        long retryAfter = connection.getHeaderFieldLong("Retry-After", -1);
        String etag = connection.getHeaderField("ETag");
        try (var in = status >= 400 ? connection.getErrorStream() : connection.getInputStream()) {
            return new Answer(status, in == null ? new byte[0] : read(in), retryAfter, etag == null ? "" : etag);
        }
    }

    private static byte[] read(InputStream in) throws IOException {
        var bytes = in.readNBytes(ANSWER_BYTES_MAX + 1);
        if (bytes.length > ANSWER_BYTES_MAX) {
            throw new IOException("the answer is longer than " + ANSWER_BYTES_MAX + " bytes");
        }
        return bytes;
    }
}
