package io.guardian.backend.api;

import io.guardian.backend.http.Dispatcher;
import io.guardian.backend.http.ServerConventions;
import io.guardian.backend.meta.Keys;
import io.guardian.backend.meta.MetaStore;
import io.guardian.backend.meta.Mint;
import io.guardian.backend.meta.Organisation;
import io.guardian.backend.meta.Role;
import io.guardian.backend.meta.SqliteMeta;
import io.guardian.backend.meta.Validity;
import io.guardian.backend.query.search.SearchJobs;
import io.guardian.backend.store.DuckHistory;
import io.guardian.backend.store.HistoryLimits;
import io.guardian.backend.store.Row;
import io.guardian.core.text.Json;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.http.HttpRouting;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** A whole server on a free port of the loopback, with two organisations, {@code acme} and {@code other}. */
final class ApiServer implements AutoCloseable {
    final MetaStore meta;
    final DuckHistory history;
    final Dispatcher dispatcher;
    final Organisation acme;
    final Organisation other;
    final String admin;
    final String otherAdmin;
    private final SearchJobs jobs;
    private final WebServer server;
    private final HttpClient client = HttpClient.newHttpClient();
    private long position;

    ApiServer(Path folder) throws IOException {
        var clock = Clock.systemUTC();
        var random = new SecureRandom();
        meta = SqliteMeta.open(folder.resolve("meta.db"), clock, random);
        history = DuckHistory.open(folder.resolve("history"), HistoryLimits.DEFAULT, clock);
        acme = meta.organisations().create("acme", "ana@acme.test");
        other = meta.organisations().create("other", "bob@other.test");
        admin = key(acme, Role.ADMIN);
        otherAdmin = key(other, Role.ADMIN);
        var mint = new Mint(random);
        jobs = new SearchJobs(history, mint, clock);
        dispatcher = new Dispatcher(
                ApiEndpoints.all(meta, history, jobs, mint, _ -> 0, Set.of("kube-system", "guardian")), meta, clock);
        server = ServerConventions.apply(WebServer.builder(), clock)
                .host("127.0.0.1")
                .port(0)
                .routing(HttpRouting.builder().any(dispatcher))
                .build()
                .start();
    }

    String key(Organisation org, Role role) {
        return meta.keys()
                .create(new Keys.NewKey(
                        org.uid(),
                        "ana@acme.test",
                        role.toString(),
                        role,
                        Validity.from(Clock.systemUTC().instant())))
                .secret();
    }

    /** Puts records into the history, as the agents' side does. */
    void record(Organisation org, Json.Obj... records) {
        history.commit(
                Stream.of(records).map(record -> Row.of(org.uid(), record)).toList(), ++position);
    }

    /** A path without {@code /api/v1}; {@code {o}} is the uid of acme. */
    HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(
                URI.create("http://127.0.0.1:" + server.port() + "/api/v1" + path.replace("{o}", acme.uid())));
    }

    HttpResponse<String> send(HttpRequest.Builder request) {
        try {
            return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
        } catch (IOException failed) {
            throw new IllegalStateException(failed);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }

    HttpResponse<String> get(String path) {
        return get(path, admin);
    }

    HttpResponse<String> get(String path, String key) {
        return send(request(path).header("Authorization", "Bearer " + key));
    }

    HttpResponse<String> post(String path, String body) {
        return post(path, admin, body);
    }

    HttpResponse<String> post(String path, String key, String body) {
        return send(
                request(path).header("Authorization", "Bearer " + key).POST(HttpRequest.BodyPublishers.ofString(body)));
    }

    HttpResponse<String> put(String path, String body) {
        return send(request(path)
                .header("Authorization", "Bearer " + admin)
                .PUT(HttpRequest.BodyPublishers.ofString(body)));
    }

    HttpResponse<String> delete(String path) {
        return send(request(path).header("Authorization", "Bearer " + admin).DELETE());
    }

    static Json.Obj object(HttpResponse<String> response) {
        return read(response.body());
    }

    static List<Json.Obj> array(HttpResponse<String> response) {
        return read("{\"items\":" + response.body() + "}").array("items").objects();
    }

    static List<Json.Obj> lines(HttpResponse<String> response) {
        return response.body().lines().map(ApiServer::read).toList();
    }

    static Json.Obj read(String text) {
        try {
            return io.guardian.core.text.JsonReader.readObject(text);
        } catch (io.guardian.core.text.JsonSyntaxException bad) {
            throw new AssertionError("not a JSON object: " + text, bad);
        }
    }

    @Override
    public void close() throws IOException {
        server.stop();
        jobs.close();
        history.close();
        meta.close();
        client.close();
    }
}
