package io.guardian.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.HexFormat;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whom spyctl believes on TLS, against a server with a certificate of its own. */
class TlsTest {
    private static final char[] PASSWORD = "password".toCharArray();

    @TempDir
    Path directory = Path.of("");

    private HttpsServer server = unstarted();
    private byte[] certificate = new byte[0];

    private static HttpsServer unstarted() {
        try {
            return HttpsServer.create();
        } catch (IOException failed) {
            throw new java.io.UncheckedIOException(failed);
        }
    }

    @BeforeEach
    void start() throws IOException, GeneralSecurityException, InterruptedException {
        var file = directory.resolve("server.p12");
        var keytool = new ProcessBuilder(
                        System.getProperty("java.home") + "/bin/keytool",
                        "-genkeypair",
                        "-alias",
                        "a",
                        "-keyalg",
                        "EC",
                        "-dname",
                        "CN=guardian",
                        "-ext",
                        "san=ip:127.0.0.1",
                        "-storetype",
                        "PKCS12",
                        "-keystore",
                        file.toString(),
                        "-storepass",
                        new String(PASSWORD))
                .redirectErrorStream(true)
                .start();
        String said = new String(keytool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(keytool.waitFor()).as(said).isZero();
        var store = KeyStore.getInstance(file.toFile(), PASSWORD);
        certificate = store.getCertificate("a").getEncoded();
        var keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(store, PASSWORD);
        var context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), null, null);
        server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(context));
        server.createContext("/", exchange -> {
            byte[] body = "[{\"uid\":\"o\",\"name\":\"acme\"}]".getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    private SpyctlRun spyctl() {
        return new SpyctlRun(directory)
                .env(
                        "SPYCTL_API_URL",
                        "https://127.0.0.1:" + server.getAddress().getPort())
                .env("SPYCTL_API_KEY", ApiFixture.KEY)
                .env("SPYCTL_ORG", "acme");
    }

    private String pin() throws GeneralSecurityException {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(certificate));
    }

    @Test
    void a_stranger_is_refused_with_the_way_out() {
        var result = spyctl().run("get", "clusters");

        assertThat(result.code()).isEqualTo(1);
        assertThat(result.err())
                .contains("the server's certificate is not trusted, pin it with `config set-apisecret --cert-sha256`");
    }

    @Test
    void the_pinned_certificate_is_believed_and_no_other() throws GeneralSecurityException {
        assertThat(spyctl().env("SPYCTL_CERT_SHA256", pin())
                        .run("get", "clusters")
                        .code())
                .isZero();

        var other = spyctl().env("SPYCTL_CERT_SHA256", "00".repeat(32)).run("get", "clusters");
        assertThat(other.code()).isEqualTo(1);
        assertThat(other.err()).endsWith(": the server's certificate is not the pinned one\n");
    }

    @Test
    void the_pin_of_a_secret_is_used() throws GeneralSecurityException {
        var spyctl = new SpyctlRun(directory).stdin(ApiFixture.KEY);
        String url = "https://127.0.0.1:" + server.getAddress().getPort();
        spyctl.run("config", "set-apisecret", "s", "-k", "-", "-u", url, "--cert-sha256", pin());

        assertThat(spyctl.run("config", "set-context", "c", "-s", "s", "-o", "acme")
                        .code())
                .isZero();
        assertThat(spyctl.run("get", "clusters").code()).isZero();
    }

    @Test
    void an_authority_in_a_file_is_believed() throws IOException {
        String pem = "-----BEGIN CERTIFICATE-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(certificate)
                + "\n-----END CERTIFICATE-----\n";
        Files.writeString(directory.resolve("ca.pem"), pem);

        assertThat(spyctl().env("SSL_CERT_FILE", "ca.pem")
                        .run("get", "clusters")
                        .code())
                .isZero();
    }
}
