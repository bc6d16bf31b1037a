package io.guardian.cli.get;

import static io.guardian.cli.get.DataResource.by;
import static io.guardian.cli.get.DataResource.orderBy;
import static io.guardian.cli.get.DataResource.text;

import io.guardian.cli.output.Moments;
import io.guardian.core.event.ExeIdentity;
import io.guardian.core.text.Json;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/** What runs on machines, and what was noticed there. */
final class RuntimeResources {
    private static final Map<String, Integer> SEVERITY_RANK =
            Map.of("critical", 0, "high", 1, "medium", 2, "low", 3, "info", 4);

    private RuntimeResources() {}

    static DataResource machines() {
        return new DataResource(
                "machines",
                "model_machine",
                List.of("hostname"),
                "",
                DataResource::each,
                List.of(
                        text("HOSTNAME", "hostname"),
                        text("UID", "id"),
                        text("OS", "os_name"),
                        text("CLOUD_TYPE", "cloud_type"),
                        Column.text("AGE", RuntimeResources::age),
                        text("CLUSTER", "cluster_name")),
                orderBy("hostname"));
    }

    /** Time between a record's beginning and its last sign, which for what lives is about now. */
    private static String age(Records row) {
        return Moments.age(
                Records.instant(row.first(), "valid_from"),
                Records.instant(row.last(), "time").orElse(java.time.Instant.EPOCH));
    }

    static DataResource containers() {
        return new DataResource(
                "containers",
                "model_container",
                List.of("image", "image_id", "container_name", "container_id"),
                "",
                by("image", "image_id", "pod_namespace", "clustername"),
                List.of(
                        text("IMAGE", "image"),
                        Column.text("IMAGE_ID", row -> FingerprintTable.shortId(row.text("image_id"))),
                        Column.text("LATEST_TIMESTAMP", Records::latest),
                        Column.number("COUNT", Records::count),
                        text("NAMESPACE", "pod_namespace"),
                        text("CLUSTER", "clustername")),
                orderBy("clustername", "pod_namespace", "image"));
    }

    static DataResource processes() {
        return new DataResource(
                "processes",
                "model_process",
                List.of("name", "exe"),
                "",
                process -> List.of(process.text("name"), ExeIdentity.of(process)),
                List.of(
                        text("NAME", "name"),
                        Column.text("FIRST_UID", row -> row.first().text("id")),
                        Column.text("EXE", row -> ExeIdentity.of(row.first())),
                        Column.text("DURATION", Records::duration),
                        Column.text("STATUS", RuntimeResources::status),
                        Column.text("ROOT_EXECUTION", row -> row.any(RuntimeResources::isRoot) ? "yes" : "no"),
                        Column.number("PID", row -> row.text("pid")),
                        Column.text("LATEST_EXECUTED", RuntimeResources::latestStart),
                        Column.number("COUNT", Records::count)),
                orderBy("name", "exe"));
    }

    private static boolean isRoot(Json.Obj process) {
        return process.text("euser").equals("root")
                || process.number("euid").filter(uid -> uid.asLong() == 0).isPresent();
    }

    private static String status(Records row) {
        return row.any(record -> record.text("status").equals("active")) ? "active" : row.text("status");
    }

    private static String latestStart(Records row) {
        return Moments.text(row.all().stream()
                .max(Comparator.comparingDouble(Records::began))
                .flatMap(record -> Records.instant(record, "valid_from")));
    }

    static DataResource connections() {
        return new DataResource(
                "connections",
                "model_connection",
                List.of("proc_name", "remote_hostname"),
                "",
                record -> List.of(
                        record.text("direction"),
                        protocol(record),
                        record.text("proc_name"),
                        record.text("remote_ip"),
                        Records.text(
                                record, record.text("direction").equals("inbound") ? "local_port" : "remote_port")),
                List.of(
                        Column.text("START_TIME", row -> Moments.text(Records.instant(row.first(), "valid_from"))),
                        Column.text("FIRST_UID", row -> row.first().text("id")),
                        Column.text("DURATION", Records::duration),
                        Column.text("STATUS", RuntimeResources::status),
                        text("DIRECTION", "direction"),
                        Column.text("TYPE", row -> protocol(row.first())),
                        text("PROCESS_NAME", "proc_name"),
                        Column.number("COUNT", Records::count),
                        text("LOCAL_IP", "local_ip").wideOnly(),
                        Column.<Records>number("LOCAL_PORT", row -> row.text("local_port"))
                                .wideOnly(),
                        text("REMOTE_IP", "remote_ip").wideOnly(),
                        Column.<Records>number("REMOTE_PORT", row -> row.text("remote_port"))
                                .wideOnly()),
                Comparator.<Records>comparingDouble(row -> Records.began(row.first()))
                        .reversed());
    }

    private static String protocol(Json.Obj connection) {
        return connection.string("protocol").orElseGet(() -> Records.text(connection, "proto"));
    }

    static DataResource bundles() {
        return new DataResource(
                "connection-bundles",
                "model_bundled_connection",
                List.of("client_dns_name", "server_dns_name"),
                "",
                DataResource::each,
                List.of(
                        Column.text("SERVER", row -> side(row, "server")),
                        Column.text("CLIENT", row -> side(row, "client")),
                        Column.number("SERVER_PORT", row -> row.text("server_port")),
                        Column.number("CONNECTIONS", row -> row.text("num_connections")),
                        Column.text("LATEST_TIMESTAMP", Records::latest)),
                Comparator.<Records, String>comparing(row -> side(row, "server"))
                        .thenComparing(row -> side(row, "client"))
                        .thenComparingLong(row -> row.first()
                                .number("server_port")
                                .map(Json.Num::asLong)
                                .orElse(0L)));
    }

    private static String side(Records row, String side) {
        String name = row.first().text(side + "_dns_name");
        return name.isEmpty() ? row.text(side + "_ip") : name;
    }

    static DataResource bashCommands() {
        return new DataResource(
                "bash-cmds",
                "event_bash_cmd",
                List.of("cmd"),
                "",
                DataResource::each,
                List.of(
                        text("UID", "id"),
                        text("CMD", "cmd"),
                        text("EUSER", "euser"),
                        Column.text("TIMESTAMP", Records::latest),
                        text("PROCESS_UID", "puid"),
                        text("MACHINE_UID", "muid").wideOnly(),
                        text("CWD", "cwd").wideOnly()),
                Comparator.comparingDouble(row -> Records.seen(row.first())));
    }

    /** Red flags or ops flags. */
    static DataResource flags(String name, String schema) {
        return new DataResource(
                name,
                schema,
                List.of("short_name"),
                "",
                record -> List.of(flagClass(record), record.text("severity")),
                List.of(
                        Column.text("FLAG", row -> flagClass(row.first())),
                        text("SEVERITY", "severity"),
                        Column.number("COUNT", Records::count),
                        Column.text("LATEST_TIMESTAMP", Records::latest),
                        Column.text("REF_OBJ", row -> objectKind(row.last().text("ref")))),
                Comparator.<Records>comparingInt(
                                row -> SEVERITY_RANK.getOrDefault(row.first().text("severity"), 9))
                        .thenComparing(row -> flagClass(row.first())));
    }

    private static String flagClass(Json.Obj flag) {
        return flag.string("flag_class")
                .orElseGet(() -> String.join("/", flag.array("class").strings()));
    }

    private static String objectKind(String uid) {
        int colon = uid.indexOf(':');
        return colon < 0 ? Moments.UNKNOWN : uid.substring(0, colon);
    }

    static DataResource traces() {
        return new DataResource(
                "spydertraces",
                "model_spydertrace",
                List.of("trigger_short_name", "root_proc_name"),
                "",
                by("trigger_short_name", "root_proc_name"),
                List.of(
                        Column.text("HIGHEST_SCORING_UID", row -> highest(row).text("id")),
                        text("TRIGGER_NAME", "trigger_short_name"),
                        text("ROOT_PROCESS", "root_proc_name"),
                        Column.number("HIGHEST_SCORE", row -> Records.text(highest(row), "score")),
                        Column.number("COUNT", Records::count),
                        Column.text("LATEST_TIMESTAMP", Records::latest),
                        text("TRIGGER_ANCESTORS", "trigger_ancestors").wideOnly(),
                        text("TRIGGER_CLASS", "trigger_class").wideOnly()),
                Comparator.<Records>comparingDouble(row -> score(highest(row))).reversed());
    }

    private static Json.Obj highest(Records row) {
        return row.all().stream()
                .max(Comparator.comparingDouble(RuntimeResources::score))
                .orElse(Json.Obj.EMPTY);
    }

    private static double score(Json.Obj trace) {
        return trace.number("score").map(Json.Num::asDouble).orElse(0.0);
    }

    static DataResource linuxServices() {
        return new DataResource(
                "linux-services",
                "model_process",
                List.of("cgroup"),
                "cgroup ~= \"*/system.slice/*.service\"",
                by("cgroup", "muid"),
                List.of(
                        Column.text("SERVICE_NAME", row -> lastPart(row.text("cgroup"))),
                        text("CGROUP", "cgroup"),
                        text("HOSTNAME", "hostname"),
                        Column.text("LATEST_TIMESTAMP", Records::latest)),
                orderBy("cgroup", "hostname"));
    }

    private static String lastPart(String path) {
        return path.substring(path.lastIndexOf('/') + 1);
    }

    static List<DataListing> all() {
        return List.of(
                new DataListing(
                        "machines", List.of("machine", "mach"), "Machines with an agent.", RuntimeResources::machines),
                new DataListing(
                        "containers",
                        List.of("container", "cont", "c"),
                        "Containers, by image.",
                        RuntimeResources::containers),
                new DataListing(
                        "processes",
                        List.of("process", "proc", "procs"),
                        "Processes, by name and executable.",
                        RuntimeResources::processes),
                new DataListing(
                        "connections",
                        List.of("connection", "conn"),
                        "Network connections, the newest first.",
                        RuntimeResources::connections),
                new DataListing(
                        "connection-bundles",
                        List.of("connection-bundle", "connbun", "cb"),
                        "Connections summed up by client, server and port.",
                        RuntimeResources::bundles),
                new DataListing(
                        "bash-cmds",
                        List.of("bash-cmd"),
                        "Commands typed into shells.",
                        RuntimeResources::bashCommands),
                new DataListing(
                        "spydertraces",
                        List.of("spydertrace", "spyder", "trace", "traces"),
                        "Causal traces of what was flagged, by trigger and root process.",
                        RuntimeResources::traces),
                new DataListing(
                        "linux-services",
                        List.of("linux-service", "linux-svc", "linux-svcs"),
                        "Services of machines.",
                        RuntimeResources::linuxServices),
                new DataListing(
                        "redflags",
                        List.of("redflag", "red-flag", "red-flags"),
                        "Security flags, by class.",
                        () -> flags("redflags", "event_redflag")),
                new DataListing(
                        "opsflags",
                        List.of("opsflag", "ops-flag", "ops-flags"),
                        "Operational flags, by class.",
                        () -> flags("opsflags", "event_opsflag")));
    }

    /** How flags that a policy explains are left out. */
    static final String WITHOUT_EXCEPTIONS = "not false_positive = true";
}
