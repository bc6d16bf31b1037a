package io.guardian.backend.live;

import static org.assertj.core.api.Assertions.assertThat;

import io.guardian.backend.ingest.Replay;
import io.guardian.backend.ingest.Sender;
import io.guardian.backend.store.DuckHistory;
import io.guardian.backend.store.HistoryLimits;
import io.guardian.backend.store.Row;
import io.guardian.core.document.Documents;
import io.guardian.core.text.Json;
import io.guardian.core.text.JsonReader;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FingerprintsTest {
    private static final Instant START = Instant.ofEpochSecond(1_790_000_000);
    private static final String CONTAINER = """
            {"id":"cont:M:1:abc","schema":"model_container::1.0.0","time":1790000000,"version":1,"status":"active",
            "valid_from":1790000000,"container_id":"abcdef0123456789","container_name":"db","muid":"mach:M",
            "image":"docker.io/library/mongo:latest","image_id":"sha256:1c","fingerprint_uid":"fprint:a"}""";

    @TempDir
    private Path directory;

    private DuckHistory history;
    private Fingerprints fingerprints;
    private Instant now = START;

    @BeforeEach
    void open() throws Exception {
        history = DuckHistory.open(directory, HistoryLimits.DEFAULT, Clock.fixed(START, ZoneOffset.UTC));
        fingerprints = fresh();
    }

    @AfterEach
    void close() throws Exception {
        history.close();
    }

    private Fingerprints fresh() {
        return new Fingerprints(
                (_, _) -> new Machines.Names("node-a", "node-a"),
                new Restoring(history, () -> List.of("org"), Clock.fixed(START, ZoneOffset.UTC)));
    }

    @Test
    void a_container_becomes_a_document_that_can_be_read_back() throws Exception {
        take(CONTAINER);
        take(process("p1", "mongod", "/usr/bin/mongod", "mongo", "L1", "", true));
        take(process("p2", "sh", "/usr/bin/dash", "mongo", "L2", "L1", false));
        take(connection("L1", "inbound", "192.168.0.229", 40_000, 27_017, ""));
        take(connection("L2", "outbound", "10.9.0.1", 443, 50_000, "api.example.net"));

        var found = flush().getFirst();
        assertThat(found.text("id")).isEqualTo("fprint:a");
        assertThat(found.object("metadata").text("type")).isEqualTo("container");
        assertThat(found.object("spec").toText()).isEqualTo("""
                        {"containerSelector":{"image":"docker.io/library/mongo:latest","imageID":"sha256:1c"},\
                        "processPolicy":[{"name":"mongod","exe":["/usr/bin/mongod"],"id":"mongod_0","euser":["mongo"],\
                        "children":[{"name":"sh","exe":["/usr/bin/dash"],"id":"sh_0"}]}],\
                        "networkPolicy":{"egress":[{"to":[{"dnsSelector":["api.example.net"]}],"processes":["sh_0"],\
                        "ports":[{"protocol":"TCP","port":443}]}],"ingress":[{"from":[{"ipBlock":{"cidr":"192.168.0.229/32"}}],\
                        "processes":["mongod_0"],"ports":[{"protocol":"TCP","port":27017}]}]}}""");
        assertThat(Documents.parse(document(found)).errors()).isEmpty();
    }

    @Test
    void a_service_is_named_by_its_unit_and_ends_with_its_last_process() throws Exception {
        String open = process("p1", "nginx", "/usr/sbin/nginx", "root", "L1", "", true)
                .replace("\"container_uid\":\"cont:M:1:abc\"", "\"service_cgroup\":\"/system.slice/nginx.service\"");
        take(open);
        var first = flush().getFirst();
        assertThat(first.text("service_name")).isEqualTo("nginx.service");
        assertThat(first.object("spec").object("serviceSelector").text("cgroup"))
                .isEqualTo("systemd:/system.slice/nginx.service");
        assertThat(first.object("spec").object("machineSelector").text("hostname"))
                .isEqualTo("node-a");
        assertThat(first.text("status")).isEqualTo("active");

        take(open.replace("\"version\":1", "\"version\":2,\"valid_to\":1790000003"));
        later(Duration.ofSeconds(5));
        var last = flush().getFirst();
        assertThat(last.text("status")).isEqualTo("closed");
        assertThat(last.number("valid_to").map(Json.Num::asLong)).contains(1_790_000_003L);
    }

    @Test
    void a_change_is_stored_at_most_every_five_seconds_and_life_every_fifteen_minutes() throws Exception {
        take(CONTAINER);
        assertThat(flush()).hasSize(1);
        take(process("p1", "mongod", "/usr/bin/mongod", "mongo", "L1", "", true));
        later(Duration.ofSeconds(1));
        assertThat(flush()).isEmpty();
        later(Duration.ofSeconds(4));
        assertThat(flush()).hasSize(1);
        later(Duration.ofMinutes(14));
        assertThat(flush()).isEmpty();
        later(Duration.ofMinutes(1));
        assertThat(flush()).hasSize(1);
    }

    @Test
    void the_order_of_records_makes_no_difference() throws Exception {
        var records = List.of(
                CONTAINER,
                process("p1", "mongod", "/usr/bin/mongod", "mongo", "L1", "", true),
                process("p2", "sh", "/usr/bin/dash", "mongo", "L2", "L1", false),
                process("p3", "date", "/usr/bin/date", "mongo", "L3", "L2", false),
                connection("L3", "outbound", "10.9.0.1", 443, 50_000, ""));
        for (String each : records) {
            take(each);
        }
        var forward = flush().getFirst().object("spec");
        fingerprints = fresh();
        for (String each : records.reversed()) {
            take(each);
        }
        assertThat(flush().getFirst().object("spec")).isEqualTo(forward);
    }

    @Test
    void an_image_whose_parent_never_comes_is_uncertain() throws Exception {
        take(CONTAINER);
        take(process("p2", "sh", "/usr/bin/dash", "mongo", "L2", "L1", false));
        assertThat(flush().getFirst().object("metadata").bool("uncertain")).isEmpty();
        later(Duration.ofMinutes(1));
        var found = flush().getFirst();
        assertThat(found.object("metadata").bool("uncertain")).contains(true);
        assertThat(found.object("spec").array("processPolicy").items()).hasSize(1);
    }

    @Test
    void after_a_restart_the_whole_behaviour_is_there_again() throws Exception {
        take(CONTAINER);
        take(process("p1", "mongod", "/usr/bin/mongod", "mongo", "L1", "", true));
        take(process("p2", "sh", "/usr/bin/dash", "mongo", "L2", "L1", false)
                .replace("\"status\":\"active\"", "\"status\":\"closed\",\"valid_to\":1790000001"));
        var before = flush().getFirst().object("spec");

        fingerprints = fresh();
        fingerprints.restore();
        later(Duration.ofSeconds(6));
        assertThat(flush().getFirst().object("spec")).isEqualTo(before);
    }

    @Test
    void each_connection_counts_once_whether_it_is_first_heard_of_open_or_closed() throws Exception {
        takeCrowd();
        // Beginning and end in two batches, and in one: then the end has the number of the first version.
        take(client(300, 1, 0));
        take(client(300, 2, 1_790_000_001));
        take(client(301, 1, 1_790_000_001));
        assertThat(overflow()).isEqualTo(302);
        fingerprints = fresh();
        fingerprints.restore();
        later(Duration.ofSeconds(6));
        assertThat(overflow()).as("after a restart").isEqualTo(302);
    }

    @Test
    void what_is_taken_again_after_a_failed_commit_counts_once() throws Exception {
        takeCrowd();
        String client = client(300, 1, 1_790_000_001);
        give(client);
        fingerprints.abandoned();
        take(client);
        assertThat(overflow()).isEqualTo(301);
    }

    private void takeCrowd() throws Exception {
        take(CONTAINER);
        take(process("p1", "mongod", "/usr/bin/mongod", "mongo", "L1", "", true));
        for (int i = 0; i < 300; i++) {
            take(client(i, 1, 0));
        }
        fingerprints.committed();
    }

    private long overflow() throws Exception {
        return flush().getFirst()
                .object("metadata")
                .number("overflow")
                .map(Json.Num::asLong)
                .orElse(0L);
    }

    /** @param end in seconds, 0 while it is open */
    private static String client(int number, int version, long end) {
        String open = connection(
                        "L1", "inbound", "10.1.%d.%d".formatted(number / 256, number % 256), 40_000, 27_017, "")
                .replace("conn:L1:inbound", "conn:" + number);
        return (end == 0
                        ? open
                        : open.replace(
                                "\"time\":1790000000,\"version\":1,\"status\":\"active\",",
                                "\"time\":%d,\"version\":1,\"status\":\"closed\",\"valid_to\":%d,".formatted(end, end)))
                .replace(
                        "\"version\":1,", "\"version\":%d,".formatted(version == 1 ? 1 : 1_790_000_000_000L + version));
    }

    private void take(String text) throws Exception {
        give(text);
        history.commit(List.of(Row.of("org", JsonReader.readObject(text.replace("\n", "")))), history.applied() + 1);
    }

    private void give(String text) throws Exception {
        var entry = JsonReader.readObject(text.replace("\n", ""));
        fingerprints.take(new Replay.Item(Sender.server("org"), 0, entry, text));
    }

    private List<Json.Obj> flush() throws Exception {
        var rows = new ArrayList<Row>();
        fingerprints.flush(now, rows::add);
        var found = new ArrayList<Json.Obj>();
        for (Row row : rows) {
            found.add(JsonReader.readObject(row.text()));
        }
        return found;
    }

    private void later(Duration time) {
        now = now.plus(time);
    }

    private static Json.Obj document(Json.Obj found) {
        var out = Json.object();
        for (String key : List.of("apiVersion", "kind", "metadata", "spec")) {
            found.get(key).ifPresent(value -> out.put(key, value));
        }
        return out.build();
    }

    private static String process(
            String id, String name, String exe, String euser, String lineage, String parent, boolean root) {
        return """
                {"id":"%s","schema":"model_process::1.2.0","time":1790000000,"version":1,"status":"active",\
                "valid_from":1790000000,"muid":"mach:M","container_uid":"cont:M:1:abc","fingerprint_uid":"fprint:a",\
                "name":"%s","exe":"%s","euser":"%s","pid":1,"ppid":0,"lineage":"%s","parent_lineage":"%s","workload_root":%s}""".formatted(id, name, exe, euser, lineage, parent, root);
    }

    private static String connection(
            String lineage, String direction, String remote, int remotePort, int localPort, String dns) {
        return """
                {"id":"conn:%s:%s","schema":"model_connection::1.1.0","time":1790000000,"version":1,"status":"active",\
                "valid_from":1790000000,"muid":"mach:M","container_uid":"cont:M:1:abc","fingerprint_uid":"fprint:a",\
                "direction":"%s","protocol":"TCP","local_ip":"10.0.0.2","local_port":%d,"remote_ip":"%s","remote_port":%d,\
                "lineage":"%s","dns_names":[%s]}""".formatted(
                        lineage,
                        direction,
                        direction,
                        localPort,
                        remote,
                        remotePort,
                        lineage,
                        dns.isEmpty() ? "" : "\"" + dns + "\"");
    }
}
