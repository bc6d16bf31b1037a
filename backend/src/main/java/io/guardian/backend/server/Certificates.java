package io.guardian.backend.server;

import io.helidon.common.tls.Tls;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** What the server shows to prove who it is: given as PEM files, or made by itself and pinned by its clients. */
public final class Certificates {
    private static final String ALIAS = "guardian";
    private static final String STORE = "certificate.p12";

    private Certificates() {}

    /** @param sha256 hex digest of the certificate when clients must pin it, because nobody else vouches for it */
    public record Identity(Tls tls, Optional<String> sha256) {}

    /** The certificate can't be used; the message says why. */
    public static final class Unusable extends Exception {
        Unusable(String message, Throwable cause) {
            super(message, cause);
        }
    }

    /** Reads a certificate chain and its unencrypted PKCS #8 key. */
    public static Identity fromPem(Path certificate, Path key) throws Unusable {
        try (var in = Files.newInputStream(certificate)) {
            var chain = CertificateFactory.getInstance("X.509").generateCertificates(in).stream()
                    .map(X509Certificate.class::cast)
                    .toList();
            var tls = tls(
                    privateKey(
                            Files.readString(key),
                            chain.getFirst().getPublicKey().getAlgorithm()),
                    chain);
            return new Identity(tls, Optional.empty());
        } catch (IOException | GeneralSecurityException | RuntimeException bad) {
            throw new Unusable(
                    "`" + certificate + "` and `" + key + "` are not a PEM certificate and its PKCS #8 key: "
                            + bad.getMessage(),
                    bad);
        }
    }

    /** The server's own certificate, made on first use and kept in its data directory. */
    public static Identity selfSigned(DataDirectory data, String host) throws Unusable {
        try {
            if (!data.has(STORE) || !data.has("certificate.password")) {
                make(data, host);
            }
            char[] password =
                    Files.readString(data.path("certificate.password")).strip().toCharArray();
            var store = KeyStore.getInstance("PKCS12");
            store.load(new ByteArrayInputStream(Files.readAllBytes(data.path(STORE))), password);
            var certificate = (X509Certificate) store.getCertificate(ALIAS);
            var key = (PrivateKey) store.getKey(ALIAS, password);
            String sha256 = HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(certificate.getEncoded()));
            return new Identity(tls(key, List.of(certificate)), Optional.of(sha256));
        } catch (IOException | GeneralSecurityException bad) {
            throw new Unusable("the server's own certificate can't be made or read: " + bad.getMessage(), bad);
        }
    }

    /** The JDK's keytool makes the key pair; the password goes to it by environment, never by argument. */
    private static void make(DataDirectory data, String host) throws IOException {
        var random = new byte[24];
        new java.security.SecureRandom().nextBytes(random);
        String password = Base64.getUrlEncoder().withoutPadding().encodeToString(random);
        Files.deleteIfExists(data.path(STORE));
        var builder = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                ALIAS,
                "-keyalg",
                "EC",
                "-groupname",
                "secp256r1",
                "-dname",
                "CN=guardian",
                "-ext",
                "SAN=" + alternativeNames(host),
                "-validity",
                "3650",
                "-storetype",
                "PKCS12",
                "-keystore",
                data.path(STORE).toString(),
                "-storepass:env",
                "STORE_PASSWORD");
        builder.environment().putAll(Map.of("STORE_PASSWORD", password));
        var process = builder.redirectErrorStream(true).start();
        try {
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (!process.waitFor(60, TimeUnit.SECONDS) || process.exitValue() != 0) {
                throw new IOException("keytool failed: " + said.strip());
            }
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while a certificate was made", stopping);
        }
        Files.setPosixFilePermissions(
                data.path(STORE), java.nio.file.attribute.PosixFilePermissions.fromString("rw-------"));
        data.writeSecret("certificate.password", password);
    }

    private static String alternativeNames(String host) {
        boolean address = host.indexOf(':') >= 0 || host.matches("[0-9.]+");
        boolean any = host.equals("0.0.0.0") || host.equals("::");
        return "dns:localhost,ip:127.0.0.1" + (any ? "" : (address ? ",ip:" : ",dns:") + host);
    }

    private static Tls tls(PrivateKey key, List<X509Certificate> chain) {
        return Tls.builder()
                .privateKey(key)
                .privateKeyCertChain(chain)
                .enabledProtocols(List.of("TLSv1.3", "TLSv1.2"))
                .build();
    }

    private static PrivateKey privateKey(String pem, String algorithm) throws GeneralSecurityException {
        String base64 = pem.replaceAll("-----[A-Z ]+-----", "").replaceAll("\\s", "");
        return KeyFactory.getInstance(algorithm)
                .generatePrivate(new PKCS8EncodedKeySpec(Base64.getDecoder().decode(base64)));
    }
}
