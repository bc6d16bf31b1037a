package io.guardian.cluster.run;

import io.guardian.agent.send.Sender;
import io.guardian.agent.send.Spool;
import io.guardian.cluster.act.ActionPoll;
import io.guardian.cluster.model.Kind;
import io.guardian.cluster.send.RecordOutbox;
import io.guardian.cluster.state.ClusterState;
import io.guardian.cluster.watch.WatchCounts;
import io.guardian.cluster.watch.Watching;
import io.guardian.core.event.Seconds;
import io.guardian.core.text.Json;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;

/**
 * How the monitor is, for heartbeats: the same shape as a node agent's.
 *
 * @param startedMicros when this run began
 */
record MonitorStatus(
        String version,
        ClusterState state,
        Watching watching,
        WatchCounts watchCounts,
        RecordOutbox outbox,
        Spool spool,
        Sender sender,
        ActionPoll actions,
        LongSupplier nowMicros,
        long startedMicros) {

    Json.Obj heartbeat() {
        long now = nowMicros.getAsLong();
        long lost = lost();
        return Json.object()
                .put("time", Seconds.json(now))
                .put("status", health())
                .put("uptime", Seconds.json(now - startedMicros))
                .put("agent_version", version)
                .put("policy_revision", 0)
                .put("policy_errors", Json.Arr.EMPTY)
                .put(
                        "queue",
                        Json.object()
                                .put("batches", spool.batches())
                                .put("bytes", spool.bytes())
                                .build())
                .put(
                        "dropped",
                        Json.object()
                                .put("events", lost)
                                .put("bytes", spool.droppedBytes())
                                .put("since", Seconds.json(startedMicros))
                                .build())
                .put(
                        "mem_bytes",
                        Runtime.getRuntime().totalMemory()
                                - Runtime.getRuntime().freeMemory())
                .put("bats", modules())
                .put("actions_running", 0)
                .put("counters", counters())
                .build();
    }

    private long lost() {
        return spool.droppedEvents() + outbox.tooLong() + outbox.lost() + sender.rejectedEvents();
    }

    String health() {
        boolean whole = watching.notRead().isEmpty() && state.overLimit() == 0 && outbox.tooLong() == 0;
        return whole ? "Normal" : "Warning";
    }

    private Json.Obj modules() {
        var blind = watching.notRead().stream().map(Kind::kubernetesName).collect(Collectors.joining(", "));
        return Json.object()
                .put("watch", module(blind.isEmpty() ? "Normal" : "not read yet: " + blind))
                .put("sender", module(spool.batches() > 1 ? spool.batches() + " batches wait" : "Normal"))
                .build();
    }

    private static Json.Obj module(String status) {
        return Json.object().put("running", true).put("status", status).build();
    }

    private Json.Obj counters() {
        var out = Json.object();
        for (var kind : Kind.values()) {
            out.put("objects." + kind.uidType(), state.count(kind));
        }
        watchCounts.all().forEach((what, count) -> out.put("watch.failed." + what, count));
        return out.put("objects.over-limit", state.overLimit())
                .put("objects.malformed", state.malformed())
                .put("records.written", outbox.written())
                .put("records.too-long", outbox.tooLong())
                .put("records.sent", sender.sentEvents())
                .put("records.rejected", sender.rejectedEvents())
                .put("actions", actions.actions())
                .build();
    }
}
