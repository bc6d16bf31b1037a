package io.guardian.cluster.lead;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.extended.leaderelection.LeaderCallbacks;
import io.fabric8.kubernetes.client.extended.leaderelection.LeaderElectionConfigBuilder;
import io.fabric8.kubernetes.client.extended.leaderelection.resourcelock.LeaseLock;
import io.guardian.agent.log.Log;
import io.guardian.cluster.setup.MonitorOptions;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;

/**
 * This replica's part in the election. A leader that can't renew its lease for ten seconds gives up, five seconds
 * before another one may take over; what it was about to delete is deleted at most once all the same, since every
 * deletion is bound to a pod's uid.
 */
public final class Leadership implements AutoCloseable {
    private static final Duration LEASE = Duration.ofSeconds(15);
    private static final Duration RENEW_DEADLINE = Duration.ofSeconds(10);
    private static final Duration RETRY = Duration.ofSeconds(2);

    private final CountDownLatch won = new CountDownLatch(1);
    private volatile CompletableFuture<?> election = CompletableFuture.completedFuture(true);
    private volatile boolean leading;

    private Leadership() {}

    /** The only replica, which leads from the start. */
    public static Leadership alone() {
        var leadership = new Leadership();
        leadership.start();
        return leadership;
    }

    /**
     * Takes part in an election.
     *
     * @param whenLost called once when a lease that was held is lost
     */
    public static Leadership stand(
            KubernetesClient client, MonitorOptions.Election election, Runnable whenLost, Log log) {
        var self = new Leadership();
        var lock = new LeaseLock(election.namespace(), election.lease(), election.identity());
        var callbacks = new LeaderCallbacks(
                self::start,
                () -> self.lose(whenLost),
                leader -> log.info("lead", "a replica leads", "leader", leader, "self", election.identity()));
        self.election = client.leaderElector()
                .withConfig(new LeaderElectionConfigBuilder()
                        .withName(election.lease())
                        .withLock(lock)
                        .withLeaseDuration(LEASE)
                        .withRenewDeadline(RENEW_DEADLINE)
                        .withRetryPeriod(RETRY)
                        .withReleaseOnCancel(true)
                        .withLeaderCallbacks(callbacks)
                        .build())
                .build()
                .start();
        return self;
    }

    private void start() {
        leading = true;
        won.countDown();
    }

    private void lose(Runnable whenLost) {
        if (leading) {
            leading = false;
            whenLost.run();
        }
    }

    /** Waits until this replica leads. */
    public void await() throws InterruptedException {
        won.await();
    }

    public boolean isLeading() {
        return leading;
    }

    /** Gives the lease back, so that another replica need not wait for its end. */
    @Override
    public void close() {
        leading = false;
        election.cancel(true);
    }
}
