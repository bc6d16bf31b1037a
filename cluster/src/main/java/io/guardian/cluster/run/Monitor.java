package io.guardian.cluster.run;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.guardian.agent.control.ActionChannel;
import io.guardian.agent.control.Heartbeat;
import io.guardian.agent.log.Log;
import io.guardian.agent.send.Backoff;
import io.guardian.agent.send.Credential;
import io.guardian.agent.send.Sender;
import io.guardian.agent.send.Spool;
import io.guardian.agent.state.DataFolder;
import io.guardian.cluster.act.ActionPoll;
import io.guardian.cluster.act.KillGuards;
import io.guardian.cluster.act.PodKiller;
import io.guardian.cluster.lead.Leadership;
import io.guardian.cluster.model.ClusterIdentity;
import io.guardian.cluster.model.Drafts;
import io.guardian.cluster.model.RuntimeClasses;
import io.guardian.cluster.send.RecordOutbox;
import io.guardian.cluster.setup.MonitorOptions;
import io.guardian.cluster.state.ClusterState;
import io.guardian.cluster.state.StateLimits;
import io.guardian.cluster.watch.WatchCounts;
import io.guardian.cluster.watch.Watching;
import java.io.IOException;
import java.io.PrintStream;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.function.BooleanSupplier;

/**
 * One run of the monitor. It follows the cluster from the start; what it found it tells only while it leads, so that a
 * replica that takes over has everything at hand. A replica that loses the lease ends, and whoever started it starts it
 * again: a fresh process has no half-done work.
 */
public final class Monitor {
    private static final int FAILED = 1;
    private static final long READ_PATIENCE_MILLIS = 15_000;
    private static final long STOP_MILLIS = 10_000;

    private final MonitorOptions options;
    private final String version;
    private final Log log;
    private final PrintStream out;
    private final SecureRandom random = new SecureRandom();
    private final CountDownLatch end = new CountDownLatch(1);
    private volatile boolean lost;
    private volatile BooleanSupplier isReady = () -> false;

    /** @param out where the line goes that says it runs */
    public Monitor(MonitorOptions options, String version, Log log, PrintStream out) {
        this.options = options;
        this.version = version;
        this.log = log;
        this.out = out;
    }

    /** Runs until the process is told to stop, or the lease is lost. */
    public int run() {
        System.setProperty("sun.net.http.retryPost", "false");
        try (var data = DataFolder.open(options.data());
                var client = KubernetesAccess.open(options.api());
                var health = health()) {
            stopWithProcess();
            health.start();
            follow(data, client);
            return lost ? FAILED : 0;
        } catch (IOException refused) {
            log.error("monitor", String.valueOf(refused.getMessage()));
            return FAILED;
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            return 0;
        }
    }

    private void follow(DataFolder data, KubernetesClient client) throws IOException, InterruptedException {
        var root = KubernetesAccess.root(client, new Backoff(random), log);
        String kubernetesUid = root.getMetadata().getUid();
        var enrolment = new Enrolment(options, data, kubernetesUid, version, new Backoff(random), log);
        var enrolled = enrolment.get();
        var cluster = new ClusterIdentity(enrolled.clusterUid(), options.clusterName(), kubernetesUid);
        var spool = Spool.open(data.path("spool"), options.spoolBytes(), random);
        var outbox = new RecordOutbox(spool, log);
        var drafts = new Drafts(cluster, new RuntimeClasses(options.unobservable()));
        var state = new ClusterState(drafts, outbox, Monitor::nowMicros, StateLimits.USUAL);
        var counts = new WatchCounts();
        try (var watching = new Watching(client, state, counts, log);
                var leadership = leadership(client)) {
            isReady = watching::hasReadPods;
            watching.start(READ_PATIENCE_MILLIS);
            leadership.await();
            var credential =
                    new Credential(enrolled.token(), () -> enrolment.register().token());
            var server = new Leading(enrolment.client(), credential, spool, outbox, state, watching, counts);
            lead(server, client, cluster, Instant.parse(created(root)), leadership);
        }
    }

    private static String created(io.fabric8.kubernetes.api.model.Namespace root) {
        String created = root.getMetadata().getCreationTimestamp();
        return created == null || created.isEmpty() ? "1970-01-01T00:00:00Z" : created;
    }

    /** What the leader works with. */
    private record Leading(
            io.guardian.agent.send.ServerClient client,
            Credential credential,
            Spool spool,
            RecordOutbox outbox,
            ClusterState state,
            Watching watching,
            WatchCounts counts) {}

    private void lead(
            Leading with, KubernetesClient client, ClusterIdentity cluster, Instant created, Leadership leadership)
            throws InterruptedException {
        var sender = new Sender(with.spool, with.client, with.credential, new Backoff(random), log);
        var guards = new KillGuards(
                new KillGuards.Rules(
                        options.kills().readOnly(),
                        cluster.uid(),
                        options.kills().protectedNamespaces(),
                        options.kills().ownPod(),
                        options.kills().perMinute()),
                request -> with.state.isStaticPod(request.namespace(), request.pod(), request.podUid()));
        var killer = new PodKiller(client, guards, options.kills().graceSeconds(), Monitor::nowMicros, log);
        var actions = new ActionPoll(
                new ActionChannel(with.client, with.credential, Monitor::nowMicros, new Backoff(random), log),
                killer,
                leadership::isLeading,
                log);
        var status = new MonitorStatus(
                version,
                with.state,
                with.watching,
                with.counts,
                with.outbox,
                with.spool,
                sender,
                actions,
                Monitor::nowMicros,
                nowMicros());
        var threads = new ArrayList<>(List.of(
                thread("outbox", with.outbox),
                thread("sender", sender),
                thread("actions", actions),
                thread("heartbeat", new Heartbeat(with.client, with.credential, status::heartbeat, log))));
        with.outbox.publish(List.of(
                Drafts.cluster(cluster, created.toEpochMilli() * 1000).record(nowMicros() / 1000, nowMicros())));
        threads.forEach(Thread::start);
        with.watching.awaitReadAll(READ_PATIENCE_MILLIS);
        with.state.startPublishing();
        var upkeep = thread(
                "upkeep",
                new Upkeep(with.state, with.watching, with.outbox, with.spool, with.client, with.credential, log));
        upkeep.start();
        threads.add(upkeep);
        out.println("ready cluster=" + cluster.uid() + " name=" + cluster.name());
        out.flush();
        end.await();
        drain(with.outbox);
        threads.forEach(Thread::interrupt);
        log.info("monitor", "stopped", "status", status.heartbeat().toText());
    }

    private static void drain(RecordOutbox outbox) throws InterruptedException {
        for (int waited = 0; waited < 100 && !outbox.isEmpty(); waited++) {
            Thread.sleep(20);
        }
    }

    /** Open from the start, since a server that is slow to answer is no reason to be started again. */
    private HealthPort health() throws IOException {
        return options.healthPort().isPresent()
                ? HealthPort.open(options.healthPort().get(), () -> isReady.getAsBoolean())
                : HealthPort.NONE;
    }

    private Leadership leadership(KubernetesClient client) {
        return options.election()
                .map(election -> Leadership.stand(client, election, this::loseLease, log))
                .orElseGet(Leadership::alone);
    }

    private void loseLease() {
        if (end.getCount() > 0) {
            log.warn("lead", "lost the lease, so this replica ends");
            lost = true;
            end.countDown();
        }
    }

    private static Thread thread(String name, Runnable work) {
        return Thread.ofPlatform().daemon().name(name).unstarted(work);
    }

    /** On SIGTERM what was found is written to disk, and the lease is given back. */
    private void stopWithProcess() {
        var main = Thread.currentThread();
        Runtime.getRuntime()
                .addShutdownHook(new Thread(
                        () -> {
                            end.countDown();
                            main.interrupt();
                            try {
                                main.join(STOP_MILLIS);
                            } catch (InterruptedException hurry) {
                                Thread.currentThread().interrupt();
                            }
                        },
                        "stop"));
    }

    private static long nowMicros() {
        var now = Clock.systemUTC().instant();
        return now.getEpochSecond() * 1_000_000L + now.getNano() / 1000;
    }
}
