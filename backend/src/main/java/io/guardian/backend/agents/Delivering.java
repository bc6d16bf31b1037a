package io.guardian.backend.agents;

import io.guardian.backend.http.Access;
import io.guardian.backend.http.Answer;
import io.guardian.backend.http.Call;
import io.guardian.backend.http.Endpoint;
import io.guardian.backend.http.Refusal;
import io.guardian.backend.ingest.Ingest;
import io.guardian.backend.ingest.Receipt;
import io.guardian.backend.ingest.Refused;
import io.guardian.backend.ingest.Sender;
import io.guardian.backend.log.BatchId;
import io.guardian.backend.meta.MetaStore;
import io.guardian.backend.meta.Permission;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Takes records in, from agents and from forwarders of others. */
final class Delivering {
    private static final int RETRY_SECONDS = 2;
    /** How often the time of a source's newest data is written down. */
    private static final Duration TOUCH_EVERY = Duration.ofSeconds(10);

    private final MetaStore meta;
    private final Ingest ingest;
    private final Clock clock;
    private final ConcurrentHashMap<String, Instant> touched = new ConcurrentHashMap<>();

    Delivering(MetaStore meta, Ingest ingest, Clock clock) {
        this.meta = meta;
        this.ingest = ingest;
        this.clock = clock;
    }

    List<Endpoint> endpoints() {
        return List.of(
                Endpoint.ask(
                        "/api/v1/agent/ingest", Access.AGENT, "Takes a batch of an agent's records.", this::fromAgent),
                Endpoint.ask(
                        "/api/v1/org/{o}/source/{src}/data/{dataType}",
                        Access.key(Permission.IMPORT_DATA),
                        "Takes records of another system.",
                        this::fromForwarder));
    }

    private Answer fromAgent(Call call) {
        var agent = Registering.agentOf(call);
        var batch = BatchId.parse(call.header("X-Batch-Id").orElse(""))
                .orElseThrow(() -> Refusal.badRequest("header `X-Batch-Id` must be EPOCH-SEQ"));
        var receipt = take(call, new Sender(agent.orgUid(), agent.uid(), agent.muid()), Optional.of(batch));
        touch(agent.orgUid(), agent.sourceUid());
        if (!agent.clusterUid().isEmpty()) {
            touch(agent.orgUid(), agent.clusterUid());
        }
        return Answer.json(receipt.toJson());
    }

    private Answer fromForwarder(Call call) {
        String source = call.param("src");
        if (meta.sources().get(call.org(), source).isEmpty()) {
            throw Refusal.notFound("no source `" + source + "`");
        }
        var batch = BatchId.parse(call.header("X-Batch-Id").orElse(""));
        var receipt = take(call, new Sender(call.org(), source, ""), batch);
        touch(call.org(), source);
        return Answer.json(receipt.toJson());
    }

    private Receipt take(Call call, Sender sender, Optional<BatchId> batch) {
        boolean gzip = gzip(call.header("Content-Encoding").orElse(""));
        var limits = ingest.limits();
        byte[] body = call.raw(gzip ? limits.packedBytes() : limits.plainBytes());
        try {
            return ingest.take(sender, batch, gzip, body);
        } catch (Refused refused) {
            throw refusal(refused);
        }
    }

    private static boolean gzip(String encoding) {
        return switch (encoding.toLowerCase(Locale.ROOT)) {
            case "", "identity" -> false;
            case "gzip", "x-gzip" -> true;
            default -> throw Refusal.unsupported("content encoding `" + encoding + "` is not known, use gzip");
        };
    }

    static Refusal refusal(Refused refused) {
        String msg = String.valueOf(refused.getMessage());
        return switch (refused.reason()) {
            case UNREADABLE -> Refusal.badRequest(msg);
            case TOO_LARGE -> Refusal.tooLarge(msg);
            case BUSY -> Refusal.slowDown(msg, RETRY_SECONDS);
            case NO_ROOM -> Refusal.notReady(msg, RETRY_SECONDS * 5);
        };
    }

    private void touch(String org, String uid) {
        var now = clock.instant();
        var last = touched.getOrDefault(uid, Instant.EPOCH);
        if (last.plus(TOUCH_EVERY).isAfter(now)) {
            return;
        }
        touched.put(uid, now);
        if (uid.startsWith("clus:")) {
            meta.clusters().touch(org, uid, now);
        } else {
            meta.sources().touch(org, uid, now);
        }
    }
}
