package io.guardian.cli.api;

import io.guardian.cli.shell.Failure;
import io.guardian.cli.shell.World;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.HexFormat;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;

/** Whom to believe on TLS: the pinned certificate, else the authorities of {@code SSL_CERT_FILE}, else the JDK's. */
final class Trust {
    static final String NOT_PINNED = "the server's certificate is not the pinned one";

    private Trust() {}

    /** Empty when the JDK's own authorities apply. */
    static Optional<SSLSocketFactory> sockets(Server server, World world) {
        try {
            if (server.certificateSha256().isPresent()) {
                var pin = new Pinned(server.certificateSha256().get());
                return Optional.of(factory(new TrustManager[] {pin}));
            }
            var file = world.variable("SSL_CERT_FILE");
            return file.isPresent() ? Optional.of(factory(authorities(world.path(file.get())))) : Optional.empty();
        } catch (GeneralSecurityException broken) {
            throw Failure.because("cannot set up TLS: " + broken.getMessage());
        }
    }

    private static SSLSocketFactory factory(TrustManager[] managers) throws GeneralSecurityException {
        var context = SSLContext.getInstance("TLS");
        context.init(null, managers, null);
        return context.getSocketFactory();
    }

    private static TrustManager[] authorities(Path file) throws GeneralSecurityException {
        try (var in = Files.newInputStream(file)) {
            var store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(null, null);
            int number = 0;
            for (var certificate : CertificateFactory.getInstance("X.509").generateCertificates(in)) {
                store.setCertificateEntry("authority-" + number++, certificate);
            }
            var factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            factory.init(store);
            return factory.getTrustManagers();
        } catch (IOException unreadable) {
            throw Failure.because("cannot read SSL_CERT_FILE `" + file + "`: " + unreadable.getMessage());
        }
    }

    /** Accepts one certificate, known by the SHA-256 of its DER form. */
    private record Pinned(String sha256) implements X509TrustManager {
        @Override
        public void checkServerTrusted(X509Certificate[] chain, String method) throws CertificateException {
            try {
                byte[] digest = MessageDigest.getInstance("SHA-256").digest(chain[0].getEncoded());
                if (!HexFormat.of().formatHex(digest).equals(sha256)) {
                    throw new CertificateException(NOT_PINNED);
                }
            } catch (GeneralSecurityException broken) {
                throw new CertificateException(broken.getMessage(), broken);
            }
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String method) throws CertificateException {
            throw new CertificateException("this is a client");
        }

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
