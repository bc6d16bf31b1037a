package io.guardian.host;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.HexFormat;
import java.util.Locale;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;

/** Trusts exactly one certificate, by its SHA-256, as a self-signed server needs it. */
public final class PinnedCertificate implements X509TrustManager {
    /** How the message begins when the server shows another certificate. */
    public static final String REFUSAL = "the server's certificate is not the pinned one";

    private final byte[] sha256;

    /** @param sha256Hex 64 hex digits */
    public PinnedCertificate(String sha256Hex) {
        sha256 = HexFormat.of().parseHex(sha256Hex.toLowerCase(Locale.ROOT));
    }

    /** Sockets to that server only. */
    public SSLSocketFactory sockets() {
        try {
            var context = SSLContext.getInstance("TLS");
            context.init(null, new TrustManager[] {this}, null);
            return context.getSocketFactory();
        } catch (GeneralSecurityException missing) {
            throw new IllegalStateException("every Java platform has TLS", missing);
        }
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        try {
            var found = MessageDigest.getInstance("SHA-256").digest(chain[0].getEncoded());
            if (!MessageDigest.isEqual(found, sha256)) {
                throw new CertificateException(
                        REFUSAL + "; its SHA-256 is " + HexFormat.of().formatHex(found));
            }
        } catch (GeneralSecurityException bad) {
            throw new CertificateException(bad.getMessage(), bad);
        }
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        throw new CertificateException("no client is trusted by a pin");
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return new X509Certificate[0];
    }
}
