package io.guardian.cli.api;

import io.guardian.host.PinnedCertificate;
import java.io.IOException;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.util.Locale;
import java.util.Optional;
import javax.net.ssl.SSLException;

/** Says in a few words why a connection failed. */
final class Unreachable {
    private Unreachable() {}

    static String reason(IOException failed) {
        String text = message(failed);
        return switch (failed) {
            case UnknownHostException _ -> "unknown host";
            case NoRouteToHostException _ -> "no route to host";
            case SocketTimeoutException _ -> "timed out";
            case SSLException _ -> tls(text);
            default -> text.contains("connection refused") ? "connection refused" : text;
        };
    }

    /** Whether another try can go better. */
    static boolean mayPass(IOException failed) {
        return !(failed instanceof UnknownHostException
                || failed instanceof SSLException
                || failed instanceof SocketTimeoutException);
    }

    private static String tls(String text) {
        if (text.contains(PinnedCertificate.REFUSAL)) {
            return PinnedCertificate.REFUSAL;
        }
        boolean untrusted = text.contains("path building failed")
                || text.contains("no name matching")
                || text.contains("no subject alternative");
        return untrusted
                ? "the server's certificate is not trusted, pin it with `config set-apisecret --cert-sha256` or name its"
                        + " authority in SSL_CERT_FILE"
                : "TLS failed: " + text;
    }

    private static String message(IOException failed) {
        String text = Optional.ofNullable(failed.getMessage()).orElse("connection lost");
        return text.lines().findFirst().orElse("connection lost").toLowerCase(Locale.ROOT);
    }
}
