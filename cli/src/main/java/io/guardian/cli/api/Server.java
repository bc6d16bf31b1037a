package io.guardian.cli.api;

import java.util.Locale;
import java.util.Optional;

/**
 * Where the API is and how to be let in.
 *
 * @param url without a trailing slash and without {@code /api/v1}
 * @param certificateSha256 64 hex digits: the one certificate the server may show, instead of a chain to a known
 *     authority
 */
public record Server(String url, String key, Optional<String> certificateSha256) {
    public Server {
        while (url.endsWith("/")) {
            url = url.substring(0, url.length() - 1);
        }
        certificateSha256 =
                certificateSha256.map(pin -> pin.replace(":", "").strip().toLowerCase(Locale.ROOT));
    }

    /** A key as it may be shown: its last four characters, and of a short key nothing. */
    public static String mask(String key) {
        return "****" + (key.length() >= 12 ? key.substring(key.length() - 4) : "");
    }

    @Override
    public String toString() {
        return url + " (key " + mask(key) + ")";
    }
}
