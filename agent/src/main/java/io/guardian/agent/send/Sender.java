package io.guardian.agent.send;

import io.guardian.agent.log.Log;
import io.guardian.core.text.Json;
import io.guardian.core.text.JsonReader;
import io.guardian.core.text.JsonSyntaxException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.zip.GZIPInputStream;

/** Posts batches until the server has them. Runs on a thread of its own. */
public final class Sender implements Runnable {
    private static final String PATH = "/api/v1/agent/ingest";
    private static final int READ_MILLIS = 60_000;
    private static final long IDLE_MILLIS = 1000;

    private final Spool spool;
    private final ServerCalls client;
    private final Credential credential;
    private final Backoff backoff;
    private final Log log;
    private final AtomicLong sentEvents = new AtomicLong();
    private final AtomicLong sentBytes = new AtomicLong();
    private final AtomicLong rejectedEvents = new AtomicLong();

    public Sender(Spool spool, ServerCalls client, Credential credential, Backoff backoff, Log log) {
        this.spool = spool;
        this.client = client;
        this.credential = credential;
        this.backoff = backoff;
        this.log = log;
    }

    @Override
    public void run() {
        try {
            while (!Thread.currentThread().isInterrupted()) {
                long pauseMillis = turn(IDLE_MILLIS);
                if (pauseMillis > 0) {
                    Thread.sleep(pauseMillis);
                }
            }
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }

    /**
     * Sends one batch, if there is one.
     *
     * @param waitMillis how long to wait for one
     * @return how long to wait before the next turn, in milliseconds
     */
    public long turn(long waitMillis) throws InterruptedException {
        try {
            var parcel = spool.next(waitMillis);
            spool.sync();
            return parcel.isPresent() ? send(parcel.get()) : 0;
        } catch (ClosedByInterruptException stop) {
            Thread.currentThread().interrupt();
            return 0;
        } catch (IOException broken) {
            log.warnLimited("spool", "the spool can't be read or written", "error", broken.getMessage());
            return backoff.afterFailureMillis(-1);
        }
    }

    private long send(Parcel parcel) throws InterruptedException, IOException {
        String token = credential.token();
        ServerClient.Answer answer;
        try {
            answer = client.post(
                    PATH,
                    token,
                    Map.of(
                            "Content-Type", "application/x-ndjson",
                            "Content-Encoding", "gzip",
                            "X-Batch-Id", parcel.batchId()),
                    parcel.body(),
                    READ_MILLIS);
        } catch (IOException away) {
            log.warnLimited("send", "no answer from the server", "error", String.valueOf(away.getMessage()));
            return backoff.afterFailureMillis(-1);
        }
        return switch (answer.status()) {
            case 200 -> taken(parcel, answer);
            case 401 -> {
                log.warnLimited("send", "the server refused the token, registering again");
                credential.refused(token);
                yield 0;
            }
            case 413 -> {
                split(parcel);
                yield 0;
            }
            case 400, 415 -> {
                log.error(
                        "send",
                        "the server can't read a batch, so it is dropped",
                        "batch",
                        parcel.batchId(),
                        "msg",
                        message(answer));
                rejectedEvents.addAndGet(parcel.events());
                spool.sent(parcel);
                yield 0;
            }
            default -> {
                log.warnLimited(
                        "send", "the server can't take a batch now", "status", answer.status(), "msg", message(answer));
                yield backoff.afterFailureMillis(answer.retryAfterSeconds());
            }
        };
    }

    private long taken(Parcel parcel, ServerClient.Answer answer) throws IOException {
        spool.sent(parcel);
        backoff.succeeded();
        sentBytes.addAndGet(parcel.body().length);
        var said = object(answer);
        var rejected = said.array("rejected").objects();
        for (var line : rejected) {
            log.warnLimited("send", "the server rejected a record", "id", line.text("id"), "msg", line.text("msg"));
        }
        rejectedEvents.addAndGet(rejected.size());
        sentEvents.addAndGet(parcel.events() - rejected.size());
        long throttleMillis = said.number("throttle_ms").map(Json.Num::asLong).orElse(0L);
        return Math.clamp(throttleMillis, 0, IDLE_MILLIS);
    }

    /** Puts two halves at the end of the spool; a crash before the whole one is dropped sends some records twice. */
    private void split(Parcel parcel) throws IOException {
        List<String> lines;
        try (var in = new GZIPInputStream(new ByteArrayInputStream(parcel.body()))) {
            lines = new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .toList();
        }
        if (lines.size() < 2) {
            log.error("send", "a record is too large for the server, so it is dropped", "bytes", parcel.body().length);
            rejectedEvents.addAndGet(lines.size());
        } else {
            int middle = lines.size() / 2;
            for (var half : List.of(lines.subList(0, middle), lines.subList(middle, lines.size()))) {
                spool.append(parcel.lane(), Gzip.lines(half), half.size());
            }
        }
        spool.sent(parcel);
    }

    private static String message(ServerClient.Answer answer) {
        return object(answer).text("msg");
    }

    private static Json.Obj object(ServerClient.Answer answer) {
        try {
            return JsonReader.readObject(answer.text());
        } catch (JsonSyntaxException notJson) {
            return Json.Obj.EMPTY;
        }
    }

    /** Events the server has, since the start. */
    public long sentEvents() {
        return sentEvents.get();
    }

    public long sentBytes() {
        return sentBytes.get();
    }

    /** Events the server refused for what they hold. */
    public long rejectedEvents() {
        return rejectedEvents.get();
    }
}
