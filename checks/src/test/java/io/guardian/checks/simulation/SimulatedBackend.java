package io.guardian.checks.simulation;

import io.guardian.backend.apply.Applier;
import io.guardian.backend.apply.Projection;
import io.guardian.backend.ingest.Ingest;
import io.guardian.backend.ingest.IngestLimits;
import io.guardian.backend.ingest.Receipt;
import io.guardian.backend.ingest.Refused;
import io.guardian.backend.ingest.Replay;
import io.guardian.backend.ingest.Sender;
import io.guardian.backend.live.Fingerprints;
import io.guardian.backend.live.Machines;
import io.guardian.backend.live.Restoring;
import io.guardian.backend.log.BatchId;
import io.guardian.backend.log.LogLimits;
import io.guardian.backend.log.SegmentLog;
import io.guardian.backend.store.DuckHistory;
import io.guardian.backend.store.HistoryLimits;
import io.guardian.backend.store.HistoryQuery;
import io.guardian.backend.store.HistoryWriter;
import io.guardian.backend.store.Window;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;

/** One run of the server's path of records: ingest, log, applier, history and fingerprints. */
final class SimulatedBackend implements AutoCloseable {
    static final String ORG = "org:simulated";
    static final String AGENT = "agent:simulated";
    private static final LogLimits LOG = new LogLimits(1 << 20, 64 << 20, 256);

    private final SegmentLog log;
    private final Ingest ingest;
    private final Applier applier;
    private final Optional<DuckHistory> history;
    private final Optional<Fingerprints> fingerprints;

    /**
     * @param folder of the history's database; without one what is applied goes to the ledger
     * @param ledger takes what is applied if there is no database
     */
    static SimulatedBackend open(SimulatedDisk disk, Clock clock, Optional<Path> folder, Ledger ledger)
            throws IOException {
        var log = SegmentLog.open(disk.path("/server/log"), LOG);
        try {
            var replay = new Replay(IngestLimits.DEFAULT);
            if (folder.isEmpty()) {
                return new SimulatedBackend(
                        log, clock, replay, ledger, ledger.applied(), Optional.empty(), Optional.empty());
            }
            var history = DuckHistory.open(folder.get(), HistoryLimits.DEFAULT, clock);
            var fingerprints = new Fingerprints(
                    (org, muid) -> new Machines.Names("simulated", ""),
                    new Restoring(history, () -> List.of(ORG), clock));
            fingerprints.restore();
            return new SimulatedBackend(
                    log, clock, replay, history, history.applied(), Optional.of(history), Optional.of(fingerprints));
        } catch (IOException | RuntimeException failed) {
            log.close();
            throw failed;
        }
    }

    private SimulatedBackend(
            SegmentLog log,
            Clock clock,
            Replay replay,
            HistoryWriter writer,
            long applied,
            Optional<DuckHistory> history,
            Optional<Fingerprints> fingerprints) {
        List<Projection> projections =
                fingerprints.<List<Projection>>map(List::of).orElse(List.of());
        this.log = log;
        this.history = history;
        this.fingerprints = fingerprints;
        applier = new Applier(log, writer, replay, projections, clock, applied);
        ingest = new Ingest(log, applier::applied, clock, IngestLimits.DEFAULT);
    }

    Receipt take(BatchId batch, byte[] body) throws Refused {
        return ingest.take(new Sender(ORG, AGENT, SimulatedMachine.MUID), Optional.of(batch), true, body);
    }

    /** Brings the history nearer to the log. */
    void apply() throws IOException {
        try {
            applier.turn();
        } catch (InterruptedException stopping) {
            throw new IllegalStateException(stopping);
        }
    }

    boolean isBehind() {
        return applier.applied() < log.end();
    }

    /** Reads all of the history. */
    void scan(Ledger into) {
        history.ifPresent(duck -> duck.scan(HistoryQuery.of(ORG, "", Window.ALL).withAllVersions(), record -> {
            into.add(record);
            return true;
        }));
    }

    /** Workloads whose fingerprints are kept in memory. */
    int fingerprints() {
        return fingerprints.map(Fingerprints::size).orElse(0);
    }

    /** Lets go of everything without another word, as a kill does. */
    @Override
    public void close() {
        try {
            log.close();
        } catch (IOException dead) {
            // Its disk was taken away.
        }
        try {
            if (history.isPresent()) {
                history.get().close();
            }
        } catch (IOException failed) {
            throw new IllegalStateException(failed);
        }
    }
}
