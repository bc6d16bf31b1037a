package io.guardian.cli.api;

import io.guardian.cli.shell.Failure;
import io.guardian.cli.shell.World;
import io.guardian.host.PinnedCertificate;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;

/** Whom to believe on TLS: the pinned certificate, else the authorities of {@code SSL_CERT_FILE}, else the JDK's. */
final class Trust {
    private Trust() {}

    /** Empty when the JDK's own authorities apply. */
    static Optional<SSLSocketFactory> sockets(Server server, World world) {
        try {
            if (server.certificateSha256().isPresent()) {
                return Optional.of(
                        new PinnedCertificate(server.certificateSha256().get()).sockets());
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
}
