package io.guardian.backend.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What an agent has kept while its server was away, delivered as fast as the server takes it. {@code -Drecords=N} sets
 * how many; an hour of a busy machine is 720000.
 */
@Tag("slow")
class ManyRecordsTest {
    private static final int RECORDS_PER_BATCH = 5_000;

    @TempDir
    private Path data;

    @Test
    void all_records_of_a_long_absence_are_there_once() throws Exception {
        int batches = Integer.getInteger("records", 20_000) / RECORDS_PER_BATCH;
        int port = ServerProcess.freePort();
        var server = ServerProcess.start(data, port);
        try (var client = HttpClient.newHttpClient()) {
            String token = ServerProcess.register(client, port, server.registrationCode());
            long began = System.nanoTime();
            for (int batch = 0; batch < batches; ) {
                var reply =
                        ServerProcess.post(client, port, "/api/v1/agent/ingest", token, "epoch-" + batch, body(batch));
                if (reply.status() == 429) {
                    TimeUnit.SECONDS.sleep(1); // told to wait
                } else {
                    assertThat(reply.status()).as(reply.body()).isEqualTo(200);
                    batch++;
                }
            }
            long acknowledged = System.nanoTime();
            ServerProcess.awaitApplied(client, port);
            System.out.printf(
                    "%d records: acknowledged after %.1f s, all visible after %.1f s%n",
                    batches * RECORDS_PER_BATCH, (acknowledged - began) / 1e9, (System.nanoTime() - began) / 1e9);
        } finally {
            server.stop();
        }
        long expected = (long) batches * RECORDS_PER_BATCH;
        assertThat(ServerProcess.stored(data, "count(*)")).isEqualTo(expected);
        assertThat(ServerProcess.stored(data, "count(DISTINCT id)")).isEqualTo(expected);
    }

    private static byte[] body(int batch) throws IOException {
        var lines = new StringBuilder();
        for (int i = 0; i < RECORDS_PER_BATCH; i++) {
            lines.append("{\"id\":\"proc:AAAAAAAAAAA:arE7gA:")
                    .append(batch)
                    .append('.')
                    .append(i)
                    .append("\",\"schema\":\"model_process::1.2.0\",\"time\":1790000000.25,\"version\":1790000000250,")
                    .append(
                            "\"status\":\"active\",\"valid_from\":1790000000.25,\"name\":\"true\",\"exe\":\"/usr/bin/true\",")
                    .append("\"args\":[\"/usr/bin/true\",\"--number\",\"")
                    .append(i)
                    .append("\"],\"pid\":")
                    .append(i)
                    .append(",\"ppid\":1,\"euser\":\"mongo\",\"lineage\":\"1c42ddc0285b9c25135be3bf345e6a04\",")
                    .append("\"parent_lineage\":\"\",\"workload_root\":true,\"fingerprint_uid\":\"fprint:x\",")
                    .append(
                            "\"container_uid\":\"cont:WhfD6bTSCB8:AAZb_topsJA:4be91c07a2d3\",\"cgroup\":\"/machine/x\"}\n");
        }
        var packed = new ByteArrayOutputStream();
        try (var zip = new GZIPOutputStream(packed)) {
            zip.write(lines.toString().getBytes(StandardCharsets.UTF_8));
        }
        return packed.toByteArray();
    }
}
