package io.guardian.backend.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Kills a real server again and again while records are delivered. {@code -Dkills=N} sets how often (3 unless said),
 * {@code -Dseed=N} repeats the moments.
 */
@Tag("slow")
class KilledServerTest {
    private static final int RECORDS_PER_BATCH = 50;

    @TempDir
    private Path data;

    @Test
    void no_acknowledged_record_is_missing_and_none_is_there_twice() throws Exception {
        int kills = Integer.getInteger("kills", 3);
        var random = new Random(Long.getLong("seed", 1));
        int port = ServerProcess.freePort();
        var stop = new AtomicBoolean();
        var acknowledged = new AtomicInteger();
        var server = ServerProcess.start(data, port);
        String code = server.registrationCode();
        var sending = CompletableFuture.runAsync(() -> sendUntil(stop, port, code, acknowledged));
        for (int i = 0; i < kills; i++) {
            TimeUnit.MILLISECONDS.sleep(random.nextInt(1_500)); // the moment is what is tried, not waited for
            server.kill();
            // Only what is acknowledged from here on proves that the batch under way at the kill was sent again.
            int before = acknowledged.get();
            server = ServerProcess.start(data, port);
            awaitMore(acknowledged, before, sending);
        }
        stop.set(true);
        sending.get(120, TimeUnit.SECONDS);
        server.stop();
        server = ServerProcess.start(data, port);
        long expected = (long) acknowledged.get() * RECORDS_PER_BATCH;
        try (var client = HttpClient.newHttpClient()) {
            ServerProcess.awaitApplied(client, port);
        }
        server.stop();
        long stored = ServerProcess.stored(data, "count(*)");
        long distinct = ServerProcess.stored(data, "count(DISTINCT id)");
        assertThat(stored + " stored, " + distinct + " distinct")
                .isEqualTo(expected + " stored, " + expected + " distinct");
        System.out.println(kills + " kills, " + expected + " records acknowledged, all there once");
    }

    /** Sends each batch until it is acknowledged, as an agent does. */
    private static void sendUntil(AtomicBoolean stop, int port, String code, AtomicInteger acknowledged) {
        try (var client = HttpClient.newHttpClient()) {
            String token = "";
            for (int batch = 0; !stop.get(); ) {
                try {
                    token = token.isEmpty() ? ServerProcess.register(client, port, code) : token;
                    var reply = ServerProcess.post(
                            client, port, "/api/v1/agent/ingest", token, "epoch-" + batch, body(batch));
                    if (reply.status() == 200) {
                        batch = acknowledged.incrementAndGet();
                    } else {
                        token = reply.status() == 401 ? "" : token;
                    }
                } catch (IOException down) {
                    TimeUnit.MILLISECONDS.sleep(20); // the server is being started again
                }
            }
        } catch (Exception failed) {
            throw new IllegalStateException(failed);
        }
    }

    private static byte[] body(int batch) {
        var lines = new StringBuilder();
        for (int i = 0; i < RECORDS_PER_BATCH; i++) {
            lines.append(
                    "{\"id\":\"proc:%d:%d\",\"schema\":\"model_process::1.2.0\",\"time\":1790000000,\"version\":1}%n"
                            .formatted(batch, i));
        }
        return lines.toString().getBytes(StandardCharsets.UTF_8);
    }

    private static void awaitMore(AtomicInteger acknowledged, int before, CompletableFuture<Void> sending)
            throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (acknowledged.get() <= before) {
            assertThat(sending.isDone()).as("the sender ended early").isFalse();
            assertThat(System.nanoTime()).as("nothing was acknowledged in time").isLessThan(deadline);
            TimeUnit.MILLISECONDS.sleep(10);
        }
    }
}
