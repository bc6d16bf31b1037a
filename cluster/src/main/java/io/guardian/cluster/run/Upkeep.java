package io.guardian.cluster.run;

import io.guardian.agent.log.Log;
import io.guardian.agent.send.Credential;
import io.guardian.agent.send.ServerClient;
import io.guardian.agent.send.Spool;
import io.guardian.cluster.send.RecordOutbox;
import io.guardian.cluster.state.ClusterState;
import io.guardian.cluster.watch.Watching;
import java.io.IOException;

/**
 * Looks every second whether something was lost between the state and the server, and makes it good. Runs on a thread
 * of its own.
 */
final class Upkeep implements Runnable {
    private static final long PAUSE_MILLIS = 1000;

    private final ClusterState state;
    private final Watching watching;
    private final RecordOutbox outbox;
    private final Spool spool;
    private final Vanished vanished;
    private final Log log;
    private long lostBefore;
    private boolean compared;
    private boolean told;

    Upkeep(
            ClusterState state,
            Watching watching,
            RecordOutbox outbox,
            Spool spool,
            ServerClient client,
            Credential credential,
            Log log) {
        this.state = state;
        this.watching = watching;
        this.outbox = outbox;
        this.spool = spool;
        this.vanished = new Vanished(client, credential, log);
        this.log = log;
    }

    @Override
    public void run() {
        try {
            while (!Thread.currentThread().isInterrupted()) {
                Thread.sleep(PAUSE_MILLIS);
                step();
            }
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean isSent() {
        try {
            return spool.isEmpty();
        } catch (IOException unreadable) {
            return false;
        }
    }

    private void step() throws InterruptedException {
        long lost = outbox.lost() + spool.droppedEvents();
        if (lost > lostBefore && outbox.isEmpty()) {
            lostBefore = lost;
            log.warn("upkeep", "records were lost on this side, so all are sent again", "lost", lost);
            state.publishAll();
        }
        if (!told && watching.hasReadAll() && outbox.isEmpty() && isSent()) {
            told = true;
            log.info("upkeep", "the server has the whole state", "records", outbox.written());
        }
        if (told && !compared && watching.hasReadAll()) {
            compared = vanished.close(state, outbox);
        }
    }
}
