package io.guardian.backend.server;

import io.guardian.backend.agents.ActionExpiry;
import io.guardian.backend.agents.AgentEndpoints;
import io.guardian.backend.agents.AgentHealth;
import io.guardian.backend.agents.Bundles;
import io.guardian.backend.api.ApiEndpoints;
import io.guardian.backend.apply.Applier;
import io.guardian.backend.cluster.ClusterJudging;
import io.guardian.backend.cluster.NamespaceLabels;
import io.guardian.backend.cluster.Pods;
import io.guardian.backend.cluster.TellingAgents;
import io.guardian.backend.http.Dispatcher;
import io.guardian.backend.http.Endpoint;
import io.guardian.backend.http.ServerConventions;
import io.guardian.backend.ingest.Ingest;
import io.guardian.backend.ingest.IngestLimits;
import io.guardian.backend.ingest.Replay;
import io.guardian.backend.live.Fingerprints;
import io.guardian.backend.live.RegisteredMachines;
import io.guardian.backend.live.Restoring;
import io.guardian.backend.log.LogLimits;
import io.guardian.backend.log.SegmentLog;
import io.guardian.backend.meta.MetaStore;
import io.guardian.backend.meta.Mint;
import io.guardian.backend.meta.Organisation;
import io.guardian.backend.meta.SqliteMeta;
import io.guardian.backend.query.search.SearchJobs;
import io.guardian.backend.respond.Consequences;
import io.guardian.backend.respond.ContainerConsequences;
import io.guardian.backend.respond.Effects;
import io.guardian.backend.respond.Exceptions;
import io.guardian.backend.respond.PodKills;
import io.guardian.backend.respond.PolicyLibrary;
import io.guardian.backend.respond.Rejudging;
import io.guardian.backend.store.DuckHistory;
import io.guardian.backend.store.HistoryLimits;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.http1.Http1Config;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A whole server in one process, put together by hand. Parts start in the order of the data's path and stop in the
 * opposite one.
 */
public final class Server implements AutoCloseable {
    private static final int MAX_CONNECTIONS = 2_000;
    private static final int MAX_HEADER_BYTES = 64 << 10;
    private static final Duration GRACE = Duration.ofSeconds(5);
    private static final Duration PRUNING = Duration.ofMinutes(10);

    private final List<AutoCloseable> parts = new ArrayList<>();
    private final ServerOptions options;
    private final Clock clock;
    private Optional<WebServer> web = Optional.empty();
    private boolean tls;

    private Server(ServerOptions options, Clock clock) {
        this.options = options;
        this.clock = clock;
    }

    /** The server can't start; the message is for the operator. */
    public static final class CannotStart extends Exception {
        CannotStart(String message, Throwable cause) {
            super(message, cause);
        }
    }

    /** @param chosenKey the first admin key, if the operator chose one */
    public static Server start(ServerOptions options, Optional<String> chosenKey, Clock clock) throws CannotStart {
        var server = new Server(options, clock);
        try {
            server.assemble(chosenKey);
            return server;
        } catch (DataDirectory.Unusable | Certificates.Unusable unusable) {
            server.close();
            throw new CannotStart(String.valueOf(unusable.getMessage()), unusable);
        } catch (IOException | RuntimeException failed) {
            server.close();
            throw new CannotStart(server.reason(failed), failed);
        }
    }

    private String reason(Exception failed) {
        for (Throwable cause = failed; cause != null; cause = cause.getCause()) {
            if (cause instanceof BindException) {
                return "port " + options.port() + " of `" + options.listen()
                        + "` is taken: stop what listens there or give another `--port`";
            }
        }
        return "the server can't start: " + failed.getMessage();
    }

    private void assemble(Optional<String> chosenKey)
            throws IOException, DataDirectory.Unusable, Certificates.Unusable {
        var data = opened(DataDirectory.open(options.data()));
        data.clearTemporary();
        var identity = identity(data);
        tls = identity.isPresent();
        var pin = identity.flatMap(Certificates.Identity::sha256);
        if (pin.isPresent()) {
            data.writeSecret("certificate-sha256", pin.get());
        }
        MetaStore meta = opened(SqliteMeta.open(data.path("meta.db"), clock, new SecureRandom()));
        FirstStart.complete(data, meta, chosenKey, pin, clock.instant());
        var log = opened(SegmentLog.open(data.path("log"), LogLimits.DEFAULT));
        var history = opened(DuckHistory.open(data.path("history"), HistoryLimits.DEFAULT, clock));
        var replay = new Replay(IngestLimits.DEFAULT);
        var machines = new RegisteredMachines(meta.sources(), clock);
        var fingerprints = new Fingerprints(machines, new Restoring(history, () -> organisations(meta), clock));
        fingerprints.restore();
        var rejudging = new Rejudging();
        var pods = new Pods(history);
        var kills = new PodKills(meta, options.kills(), pods, clock);
        var consequences = new Consequences(
                new PolicyLibrary(meta.policies()), history, machines, rejudging, new Effects(meta, kills));
        consequences.restore(organisations(meta), clock.instant());
        var labels = new NamespaceLabels(new TellingAgents(meta));
        var denials = new ContainerConsequences(history, kills);
        var clusters = new ClusterJudging(meta, history, machines, pods, denials, labels, clock);
        clusters.restore(organisations(meta));
        var exceptions = new Exceptions(meta.policies(), history, machines);
        var projections = List.of(fingerprints, consequences, clusters, exceptions);
        var applier = opened(new Applier(log, history, replay, projections, clock, history.applied()));
        var ingest = new Ingest(log, applier::applied, clock, IngestLimits.DEFAULT);
        var bundles = new Bundles(meta, labels, options.kills());
        var health = new AgentHealth(meta, ingest, clock);
        applier.start();
        var chores = opened(new Housekeeping());
        chores.every(Duration.ofSeconds(15), "the check for silent agents", health::check);
        chores.every(
                Duration.ofSeconds(5), "the check for expired actions", new ActionExpiry(meta, ingest, clock)::check);

        chores.every(PRUNING, "dropping old history", () -> history.prune(options.retention()));

        var metrics = new Metrics(log, applier, ingest, fingerprints, consequences, rejudging, history);
        metrics.watch(new ClusterMetrics(clusters, denials, kills, meta.changes()));
        var endpoints = new ArrayList<Endpoint>();
        endpoints.addAll(new ServiceEndpoints(() -> true, metrics::text, options.remoteMetrics()).all());
        endpoints.addAll(AgentEndpoints.all(meta, ingest, bundles, health, history, clock));
        var mint = new Mint(new SecureRandom());
        var searches = opened(new SearchJobs(history, mint, clock));
        endpoints.addAll(ApiEndpoints.all(
                meta,
                history,
                searches,
                mint,
                clusters.verdicts()::unresolved,
                options.kills().protectedNamespaces()));
        var dispatcher = new Dispatcher(endpoints, meta, clock);
        metrics.countAnswers(dispatcher);
        listen(dispatcher, identity);
    }

    private static List<String> organisations(MetaStore meta) {
        return meta.organisations().list().stream().map(Organisation::uid).toList();
    }

    private <T extends AutoCloseable> T opened(T part) {
        parts.addFirst(part);
        return part;
    }

    /** Who the server says it is; empty for plain HTTP, which off loopback must be asked for. */
    private Optional<Certificates.Identity> identity(DataDirectory data) throws IOException, Certificates.Unusable {
        if (options.tlsCert().isPresent() && options.tlsKey().isPresent()) {
            return Optional.of(Certificates.fromPem(
                    options.tlsCert().get(), options.tlsKey().get()));
        }
        boolean local = InetAddress.getByName(options.listen()).isLoopbackAddress();
        return local || options.insecureHttp()
                ? Optional.empty()
                : Optional.of(Certificates.selfSigned(data, options.listen()));
    }

    private void listen(Dispatcher dispatcher, Optional<Certificates.Identity> identity) throws IOException {
        requireFreePort();
        var builder = ServerConventions.apply(WebServer.builder(), clock)
                .host(options.listen())
                .port(options.port())
                .shutdownHook(false)
                .shutdownGracePeriod(GRACE)
                .maxTcpConnections(MAX_CONNECTIONS)
                .idleConnectionTimeout(Duration.ofMinutes(5))
                .addProtocol(Http1Config.builder()
                        .maxHeadersSize(MAX_HEADER_BYTES)
                        .maxPrologueLength(MAX_HEADER_BYTES)
                        .build())
                .routing(routing -> routing.any(dispatcher));
        identity.ifPresent(known -> builder.tls(known.tls()));
        var built = builder.build();
        parts.addFirst(built::stop);
        web = Optional.of(built.start());
        if (!built.isRunning()) {
            throw new IOException("the web server did not start; the log says why");
        }
    }

    /** The web server only logs when it can't bind; so the question is asked before. */
    private void requireFreePort() throws IOException {
        try (var probe = new ServerSocket()) {
            probe.setReuseAddress(true);
            probe.bind(new InetSocketAddress(options.listen(), options.port()));
        }
    }

    /** Where it can be reached, such as {@code http://127.0.0.1:8480}. */
    public String url() {
        String host = options.listen().indexOf(':') >= 0 ? "[" + options.listen() + "]" : options.listen();
        int port = web.map(WebServer::port).orElse(options.port());
        return (tls ? "https://" : "http://") + host + ":" + port;
    }

    @Override
    public void close() {
        for (AutoCloseable part : parts) {
            try {
                part.close();
            } catch (Exception failed) {
                System.getLogger(Server.class.getName())
                        .log(System.Logger.Level.WARNING, "a part of the server did not stop cleanly", failed);
            }
        }
        parts.clear();
    }
}
