package io.guardian.backend.server;

import io.guardian.backend.apply.Applier;
import io.guardian.backend.http.Dispatcher;
import io.guardian.backend.ingest.Ingest;
import io.guardian.backend.live.Fingerprints;
import io.guardian.backend.log.EventLog;
import io.guardian.backend.respond.Consequences;
import io.guardian.backend.respond.Rejudging;
import io.guardian.backend.store.DuckHistory;
import java.util.Optional;
import java.util.TreeMap;

/** The server's counters, in the text format of Prometheus. */
final class Metrics {
    private final EventLog log;
    private final Applier applier;
    private final Ingest ingest;
    private final Fingerprints fingerprints;
    private final Consequences consequences;
    private final Rejudging rejudging;
    private final DuckHistory history;
    private Optional<ClusterMetrics> clusters = Optional.empty();
    private Optional<Dispatcher> dispatcher = Optional.empty();

    Metrics(
            EventLog log,
            Applier applier,
            Ingest ingest,
            Fingerprints fingerprints,
            Consequences consequences,
            Rejudging rejudging,
            DuckHistory history) {
        this.fingerprints = fingerprints;
        this.consequences = consequences;
        this.rejudging = rejudging;
        this.history = history;
        this.log = log;
        this.applier = applier;
        this.ingest = ingest;
    }

    void watch(ClusterMetrics source) {
        clusters = Optional.of(source);
    }

    void countAnswers(Dispatcher source) {
        dispatcher = Optional.of(source);
    }

    String text() {
        var out = new StringBuilder();
        var counts = ingest.counts();
        counter(
                out,
                "guardian_ingest_accepted_total",
                "records taken in",
                counts.accepted().sum());
        counter(
                out,
                "guardian_ingest_duplicates_total",
                "records of batches sent again",
                counts.duplicates().sum());
        counter(
                out,
                "guardian_ingest_rejected_total",
                "lines that are no records",
                counts.rejected().sum());
        counter(
                out,
                "guardian_ingest_clamped_total",
                "records dated too far ahead",
                counts.clamped().sum());
        counter(
                out,
                "guardian_ingest_refused_total",
                "batches not taken in",
                counts.refused().sum());
        gauge(out, "guardian_log_bytes", "size of the event log", log.sizeBytes());
        gauge(out, "guardian_log_unapplied_bytes", "log behind the history", log.end() - applier.applied());
        counter(out, "guardian_log_damaged_frames_total", "damaged frames skipped", log.damagedFrames());
        counter(out, "guardian_history_failures_total", "commits tried again", applier.failures());
        counter(out, "guardian_history_unusable_total", "records not understood", applier.unusable());
        counter(out, "guardian_history_pruned_rows_total", "rows dropped because they were old", history.pruned());
        gauge(out, "guardian_history_bytes", "size of the history", history.usedBytes());
        gauge(out, "guardian_history_lag_microseconds", "from taken in to visible", applier.lagMicros());
        gauge(out, "guardian_workloads", "workloads whose behaviour is collected", fingerprints.size());
        counter(out, "guardian_workloads_untracked_total", "records of too many workloads", fingerprints.untracked());
        counter(out, "guardian_deviations_unlisted_total", "deviations beyond the limit", consequences.beyondLimit());
        counter(
                out,
                "guardian_deviations_unknown_policy_total",
                "deviations of no policy",
                consequences.unknownPolicies());
        counter(out, "guardian_verdicts_checked_total", "verdicts of agents judged again", rejudging.judged());
        counter(out, "guardian_verdicts_different_total", "verdicts that differ", rejudging.different());
        clusters.ifPresent(source -> source.write(out));
        dispatcher.ifPresent(source -> answers(out, source));
        return out.toString();
    }

    private static void answers(StringBuilder out, Dispatcher source) {
        head(out, "guardian_http_answers_total", "answers by status", "counter");
        new TreeMap<>(source.answersByStatus())
                .forEach((status, count) -> out.append("guardian_http_answers_total{status=\"")
                        .append(status)
                        .append("\"} ")
                        .append(count)
                        .append('\n'));
    }

    static void counter(StringBuilder out, String name, String help, long value) {
        head(out, name, help, "counter");
        out.append(name).append(' ').append(value).append('\n');
    }

    static void gauge(StringBuilder out, String name, String help, long value) {
        head(out, name, help, "gauge");
        out.append(name).append(' ').append(value).append('\n');
    }

    private static void head(StringBuilder out, String name, String help, String type) {
        out.append("# HELP ").append(name).append(' ').append(help).append('\n');
        out.append("# TYPE ").append(name).append(' ').append(type).append('\n');
    }
}
