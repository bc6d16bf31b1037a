package io.guardian.backend.agents;

import io.guardian.backend.ingest.Ingest;
import io.guardian.backend.ingest.Micros;
import io.guardian.backend.ingest.Refused;
import io.guardian.backend.meta.AgentRecord;
import io.guardian.backend.meta.MetaStore;
import io.guardian.backend.meta.Organisation;
import io.guardian.core.event.Seconds;
import io.guardian.core.id.Uids;
import io.guardian.core.text.Json;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * How agents are: what they say, and that they fell silent. A change becomes an {@code event_agent_health} record,
 * going offline also an ops flag.
 */
public final class AgentHealth {
    private static final System.Logger LOG = System.getLogger(AgentHealth.class.getName());
    private static final String OFFLINE = "Offline";
    private static final Set<String> SAID =
            Set.of("Normal", "Warning", "Critical", "Error", "Starting", "Restarting", "Started", "Restarted");
    /** Three heartbeats missed. */
    private static final Duration SILENCE = Duration.ofSeconds(3L * Registering.HEARTBEAT_SECONDS);

    private final MetaStore meta;
    private final Ingest ingest;
    private final Clock clock;

    public AgentHealth(MetaStore meta, Ingest ingest, Clock clock) {
        this.meta = meta;
        this.ingest = ingest;
        this.clock = clock;
    }

    void heartbeat(AgentRecord agent, Json.Obj heartbeat) {
        String said = heartbeat.text("status");
        String status = SAID.contains(said) ? said : "Warning";
        long dropped = number(heartbeat.object("dropped"), "events");
        boolean newlyDropped =
                dropped > 0 && dropped != number(agent.heartbeat().object("dropped"), "events");
        meta.agents().seen(agent.uid(), clock.instant(), status, heartbeat);
        if (newlyDropped) {
            record(agent.orgUid(), List.of(event(agent, status, "the agent dropped " + dropped + " events")));
        } else if (!status.equals(agent.status())) {
            record(agent.orgUid(), List.of(event(agent, status, "health is " + status + ", was " + agent.status())));
        }
    }

    private static long number(Json.Obj object, String key) {
        return object.number(key).map(Json.Num::asLong).orElse(0L);
    }

    /** Looks for agents that fell silent. */
    public void check() {
        var limit = clock.instant().minus(SILENCE);
        for (Organisation org : meta.organisations().list()) {
            for (AgentRecord agent : meta.agents().list(org.uid())) {
                boolean over = agent.status().equals(OFFLINE) || agent.isDeregistered();
                if (!over && agent.lastSeen().isBefore(limit)) {
                    offline(agent);
                }
            }
        }
    }

    private void offline(AgentRecord agent) {
        meta.agents().seen(agent.uid(), agent.lastSeen(), OFFLINE, agent.heartbeat());
        record(agent.orgUid(), List.of(event(agent, OFFLINE, "no heartbeat since " + agent.lastSeen()), flag(agent)));
    }

    private Json.Obj event(AgentRecord agent, String status, String message) {
        long now = Micros.now(clock);
        return Json.object()
                .put("id", "event_agent_health:" + Uids.bare(agent.uid()) + ":" + now)
                .put("schema", "event_agent_health::1.0.0")
                .put("time", Seconds.json(now))
                .put("version", 1)
                .put("ref", agent.uid())
                .put("muid", agent.muid())
                .put("hostname", agent.hostname())
                .put("status", status)
                .put("message", message)
                .build();
    }

    private Json.Obj flag(AgentRecord agent) {
        long now = Micros.now(clock);
        var parts = List.of("opsflag", "agent", "guardian", "medium_severity", "health", "offline");
        return Json.object()
                .put(
                        "id",
                        "event_alert:" + Uids.bare(agent.muid()) + ":"
                                + agent.lastSeen().getEpochSecond() + ":agent_offline")
                .put("schema", "event_opsflag:agent_offline:1.0.0")
                .put("time", Seconds.json(now))
                .put("version", 1)
                .put("severity", "medium")
                .put("short_name", "agent_offline")
                .put("flag_class", String.join("/", parts))
                .put("class", Json.strings(parts))
                .put("description", "Agent on \"" + agent.hostname() + "\" is offline since " + agent.lastSeen() + ".")
                .put("ref", agent.uid())
                .put("muid", agent.muid())
                .put("hostname", agent.hostname())
                .put("agent_type", agent.agentType())
                .put("ephemeral", false)
                .put("traces", Json.strings(new ArrayList<>()))
                .build();
    }

    private void record(String org, List<Json.Obj> records) {
        try {
            ingest.record(org, records);
        } catch (Refused refused) {
            LOG.log(System.Logger.Level.WARNING, "agent health can't be recorded: " + refused.getMessage());
        }
    }
}
