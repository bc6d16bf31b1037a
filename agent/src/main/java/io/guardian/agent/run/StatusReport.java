package io.guardian.agent.run;

import io.guardian.agent.attribute.AgentIdentity;
import io.guardian.agent.control.MachineInfo;
import io.guardian.agent.control.PolicyFetch;
import io.guardian.agent.decode.RecordSource;
import io.guardian.agent.send.Sender;
import io.guardian.agent.send.Spool;
import io.guardian.core.event.AgentHealthEvent;
import io.guardian.core.event.AgentModel;
import io.guardian.core.event.Event;
import io.guardian.core.event.Life;
import io.guardian.core.event.MetricEvent;
import io.guardian.core.event.Seconds;
import io.guardian.core.event.Stamp;
import io.guardian.core.text.Json;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongSupplier;

/** How the agent is: for heartbeats, and as records once a minute and when something was lost. */
final class StatusReport {
    static final String SPOOL_FULL = "spool.full";
    private static final long MINUTE_MICROS = 60_000_000L;

    private final AgentIdentity identity;
    private final MachineInfo machine;
    private final String version;
    private final RecordSource source;
    private final Spool spool;
    private final Sender sender;
    private final Counters counters;
    private final Usage usage;
    private final LongSupplier nowMicros;
    private final long startedMicros;
    private final Map<String, Long> reported = new HashMap<>();
    private final Map<String, Long> before = new HashMap<>();
    private long lastMinuteMicros;
    private Duration lastCpu = Duration.ZERO;
    private long lastBytes;
    private volatile double cpuPercent;

    StatusReport(
            AgentIdentity identity,
            MachineInfo machine,
            String version,
            RecordSource source,
            Spool spool,
            Sender sender,
            Counters counters,
            Usage usage,
            LongSupplier nowMicros) {
        this.identity = identity;
        this.machine = machine;
        this.version = version;
        this.source = source;
        this.spool = spool;
        this.sender = sender;
        this.counters = counters;
        this.usage = usage;
        this.nowMicros = nowMicros;
        this.startedMicros = nowMicros.getAsLong();
    }

    /**
     * Counts up to now were reported before, by an earlier run. Those of the ring and the spool go on, others begin at
     * 0 again.
     */
    void resume(Map<String, Long> losses) {
        losses.forEach((what, count) -> {
            if (what.equals(SPOOL_FULL)) {
                resumeSpool(count);
                return;
            }
            reported.put(what, count);
            if (!what.startsWith("ring.")) {
                before.put(what, count);
            }
        });
    }

    /** As {@link #resume}, for what a spool that outlives the boot had to drop. */
    void resumeSpool(long dropped) {
        reported.put(SPOOL_FULL, Math.min(dropped, spool.droppedEvents()));
    }

    Map<String, Long> reportedLosses() {
        return Map.copyOf(reported);
    }

    /** The records to send now; called about once a second. */
    List<Event> records() {
        var events = new ArrayList<Event>();
        long now = nowMicros.getAsLong();
        var fresh = freshLosses();
        if (!fresh.isEmpty()) {
            long total = fresh.values().stream().mapToLong(Long::longValue).sum();
            events.add(new AgentHealthEvent(
                    new Stamp("health:" + identity.agentUid() + ":" + now, 1, now),
                    identity.agentUid(),
                    identity.muid(),
                    "Warning",
                    "lost " + total + " records",
                    fresh));
        }
        if (now - lastMinuteMicros >= MINUTE_MICROS) {
            events.addAll(minute(now));
        }
        return events;
    }

    private Map<String, Long> freshLosses() {
        var fresh = new TreeMap<String, Long>();
        losses().forEach((what, count) -> {
            long before = reported.getOrDefault(what, 0L);
            if (count > before) {
                fresh.put(what, count - before);
                reported.put(what, count);
            }
        });
        return fresh;
    }

    /** Everything that was lost anywhere, by where. */
    private Map<String, Long> losses() {
        var all = new TreeMap<>(before);
        source.losses().forEach((what, count) -> all.merge(what, count, Long::sum));
        putIfAny(all, SPOOL_FULL, spool.droppedEvents());
        putIfAny(all, "server.rejected", sender.rejectedEvents());
        return all;
    }

    private static void putIfAny(Map<String, Long> all, String what, long count) {
        if (count > 0) {
            all.merge(what, count, Long::sum);
        }
    }

    private List<Event> minute(long now) {
        var cpu = usage.cpuTime();
        // Starting costs what running never does, so it isn't counted as use.
        double seconds = lastMinuteMicros == 0 ? 0 : (now - lastMinuteMicros) / 1e6;
        cpuPercent = seconds <= 0 ? 0 : 100.0 * cpu.minus(lastCpu).toNanos() / 1e9 / seconds;
        long bytes = sender.sentBytes();
        long rate = seconds <= 0 ? 0 : (long) ((bytes - lastBytes) / seconds);
        lastMinuteMicros = now;
        lastCpu = cpu;
        lastBytes = bytes;
        var metric = new MetricEvent(
                new Stamp("metric:" + identity.agentUid() + ":" + now, 1, now),
                identity.agentUid(),
                identity.muid(),
                identity.hostname(),
                machine.cores(),
                machine.memoryBytes(),
                Math.round(cpuPercent * 100) / 100.0,
                usage.residentBytes(),
                rate);
        var agent = new AgentModel(
                new Life(identity.agentUid(), now / 1000, now, startedMicros, Life.OPEN),
                identity.muid(),
                identity.hostname(),
                version,
                machine.arch(),
                "node",
                machine.os().prettyName(),
                health(),
                modules());
        return List.of(metric, agent);
    }

    private String health() {
        return source.kind().equals("ebpf") && source.limits().isEmpty() ? "Normal" : "Warning";
    }

    private Json.Obj modules() {
        String limits = String.join("; ", source.limits());
        return Json.object()
                .put("sensor", module(limits.isEmpty() ? source.kind() : source.kind() + ": " + limits))
                .put("sender", module(spool.batches() > 1 ? spool.batches() + " batches wait" : "Normal"))
                .build();
    }

    private static Json.Obj module(String status) {
        return Json.object().put("running", true).put("status", status).build();
    }

    /** The body of a heartbeat. */
    Json.Obj heartbeat(PolicyFetch policies) {
        var errors = new ArrayList<Json>();
        policies.errors()
                .forEach((uid, message) -> errors.add(
                        Json.object().put("uid", uid).put("msg", message).build()));
        var losses = losses();
        var lossesJson = Json.object();
        losses.forEach(lossesJson::put);
        var countersJson = Json.object();
        counters.all().forEach(countersJson::put);
        long now = nowMicros.getAsLong();
        return Json.object()
                .put("time", Seconds.json(now))
                .put("status", health())
                .put("uptime", Seconds.json(now - startedMicros))
                .put("agent_version", version)
                .put("policy_revision", policies.revision())
                .put("policy_errors", new Json.Arr(errors))
                .put(
                        "queue",
                        Json.object()
                                .put("batches", spool.batches())
                                .put("bytes", spool.bytes())
                                .build())
                .put(
                        "dropped",
                        Json.object()
                                .put(
                                        "events",
                                        losses.values().stream()
                                                .mapToLong(Long::longValue)
                                                .sum())
                                .put("bytes", spool.droppedBytes())
                                .put("since", Seconds.json(startedMicros))
                                .put("by", lossesJson.build())
                                .build())
                .put("cpu_1min", Math.round(cpuPercent * 100) / 100.0)
                .put("mem_bytes", usage.residentBytes())
                .put("bats", modules())
                .put("actions_running", 0)
                .put("source", source.kind())
                .put("limits", Json.strings(source.limits()))
                .put("sensor", SensorReport.of(source))
                .put("counters", countersJson.build())
                .build();
    }
}
