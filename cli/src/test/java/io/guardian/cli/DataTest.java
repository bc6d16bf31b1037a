package io.guardian.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Lists that a search answers. */
class DataTest extends AgainstApi {
    @Test
    void processes_are_grouped_by_name_and_executable() {
        found(
                "{\"id\":\"proc:m:a:1\",\"name\":\"mongod\",\"exe\":\"/usr/bin/mongod\",\"euser\":\"mongo\",\"pid\":11,\"status\":\"active\",\"valid_from\":1795180000.0,\"time\":1795188000,\"duration\":8000}",
                "{\"id\":\"proc:m:a:2\",\"name\":\"sh\",\"exe\":\"/bin/dash\",\"euser\":\"root\",\"pid\":12,\"status\":\"closed\",\"valid_from\":1795187000.0,\"time\":1795187001,\"duration\":0.25}",
                "{\"id\":\"proc:m:a:3\",\"name\":\"sh\",\"exe\":\"/bin/dash\",\"euser\":\"www\",\"pid\":13,\"status\":\"closed\",\"valid_from\":1795187500.0,\"time\":1795187501,\"duration\":1}");

        var result = spyctl().run("get", "processes", "sh");

        assertThat(result.out()).isEqualTo("""
                NAME    FIRST_UID   EXE              DURATION  STATUS  ROOT_EXECUTION           PID  LATEST_EXECUTED       COUNT
                mongod  proc:m:a:1  /usr/bin/mongod  2h13m     active  no                        11  2026-11-20T13:06:40Z      1
                sh      proc:m:a:2  /bin/dash        0.3s      closed  yes             MULTIPLE (2)  2026-11-20T15:11:40Z      2
                """);
        assertThat(result.err()).isEqualTo("Getting processes from 2026-11-19T15:22:51Z to 2026-11-20T15:22:51Z\n");
        var sent = server.requests("POST", "/org/{o}/search/").getFirst().json();
        assertThat(sent.text("schema")).isEqualTo("model_process");
        assertThat(sent.text("query")).isEqualTo("(name ~= \"*sh*\" or exe ~= \"*sh*\" or id ~= \"*sh*\")");
        assertThat(sent.array("output_fields").strings()).containsExactly("full_json");
    }

    @Test
    void options_of_fields_and_context_become_one_query() {
        found();
        server.on(
                "GET",
                "/org/{o}/source/",
                "[{\"uid\":\"mach:one\",\"name\":\"web-1\",\"runtime_details\":{\"hostname\":\"web-1\"}}]");

        var result = spyctl().run(
                        "get",
                        "processes",
                        "--machines",
                        "web-1",
                        "--namespace",
                        "dev,prod",
                        "--exe-not-contains",
                        "/lib",
                        "--exe-not-contains",
                        "a\"b",
                        "--pid-gt",
                        "100",
                        "--is-interactive",
                        "true",
                        "--args-any-item-equals",
                        "-c");

        assertThat(result.code()).isZero();
        assertThat(server.requests("POST", "/org/{o}/search/").getFirst().json().text("query"))
                .isEqualTo(
                        "(container.pod_namespace = \"dev\" or container.pod_namespace = \"prod\") and muid = \"mach:one\""
                                + " and args[*] = \"-c\" and (not exe ~= \"*/lib*\" and not exe ~= \"*a\\\"b*\")"
                                + " and interactive = true and pid > 100");
    }

    @Test
    void a_number_option_wants_a_number() {
        var result = spyctl().run("get", "processes", "--pid-gt", "many");

        assertThat(result.code()).isEqualTo(2);
        assertThat(result.err()).contains("Error: invalid value `many` for `--pid-gt`: give a number\n");
    }

    @Test
    void flags_come_by_severity_and_without_what_policies_explain() {
        found(
                "{\"id\":\"event_alert:1\",\"flag_class\":\"redflag/proc/a\",\"severity\":\"low\",\"time\":1795188000,\"ref\":\"proc:m\"}",
                "{\"id\":\"event_alert:2\",\"flag_class\":\"redflag/proc/b\",\"severity\":\"critical\",\"time\":1795188000,\"ref\":\"cont:m\"}");

        var result = spyctl().run("get", "redflags");

        assertThat(result.out()).isEqualTo("""
                FLAG            SEVERITY  COUNT  LATEST_TIMESTAMP      REF_OBJ
                redflag/proc/b  critical      1  2026-11-20T15:20:00Z  cont
                redflag/proc/a  low           1  2026-11-20T15:20:00Z  proc
                """);
        assertThat(server.requests("POST", "/org/{o}/search/").getFirst().json().text("query"))
                .isEqualTo("not false_positive = true");
    }

    @Test
    void pages_are_followed_and_a_running_job_is_waited_for() {
        var polls = new AtomicInteger();
        server.on("POST", "/org/{o}/search/", "{\"id\":\"s-2\"}");
        server.on(
                "POST",
                "/org/{o}/search/s-2",
                _ -> ApiFixture.Reply.ok(
                        switch (polls.getAndIncrement()) {
                            case 0 -> "{\"status\":\"running\"}";
                            case 1 ->
                                "{\"results\":[{\"full_json\":\"{\\\"id\\\":\\\"a\\\",\\\"time\\\":1}\"}],\"token\":\"t\"}";
                            default ->
                                "{\"results\":[{\"full_json\":\"{\\\"id\\\":\\\"b\\\",\\\"time\\\":2}\"}],\"token\":null}";
                        }));
        var spyctl = spyctl();

        var result = spyctl.run("get", "machines", "-o", "ndjson");

        assertThat(result.out()).isEqualTo("{\"id\":\"a\",\"time\":1}\n{\"id\":\"b\",\"time\":2}\n");
        assertThat(spyctl.pauses()).hasSize(1);
        assertThat(server.requests().getLast().json().text("token")).isEqualTo("t");
    }

    @Test
    void a_mistake_in_the_query_is_the_servers_text() {
        server.on("POST", "/org/{o}/search/", "{\"error\":\"column 9: unknown field `imge` in model_container\"}");

        var result = spyctl().run("get", "containers");

        assertThat(result.code()).isEqualTo(1);
        assertThat(result.err()).endsWith("Error: column 9: unknown field `imge` in model_container\n");
    }

    @Test
    void a_limit_is_named_when_it_cuts() {
        found("{\"id\":\"a\",\"time\":1}", "{\"id\":\"b\",\"time\":2}");

        var result = spyctl().run("get", "machines", "--limit", "1");

        assertThat(result.out().lines()).hasSize(2);
        assertThat(result.err()).contains("Warning: only the first 1 machines are shown, see --limit\n");
    }

    @Test
    void rows_can_be_sorted_by_any_column() {
        found(
                "{\"id\":\"a\",\"hostname\":\"x\",\"os_name\":\"Debian\",\"time\":1}",
                "{\"id\":\"b\",\"hostname\":\"y\",\"os_name\":\"Alpine\",\"time\":2}");

        assertThat(spyctl().run("get", "machines", "--sort-by", "os")
                        .out()
                        .lines()
                        .skip(1)
                        .findFirst())
                .hasValueSatisfying(line -> assertThat(line).startsWith("y"));
        assertThat(spyctl().run("get", "machines", "--sort-by", "size").err())
                .startsWith("Getting machines")
                .contains("Error: no column `size` to sort by: choose HOSTNAME, UID, OS");
    }

    @Test
    void sources_without_fresh_data_are_hidden() {
        server.on("GET", "/org/{o}/source/", """
                [{"uid":"global:o","name":"all"},{"uid":"mach:a","name":"a","description":"","last_data":"2026-11-20T15:00:00Z",\
                "valid_from":"2026-11-01T00:00:00Z","runtime_details":{"hostname":"web"}},\
                {"uid":"mach:b","name":"b","description":"old","last_data":"2026-11-01T15:00:00Z","valid_from":"2026-10-01T00:00:00Z"}]""");

        assertThat(spyctl().run("get", "sources").out()).isEqualTo("""
                NAME  UID     REGISTRATION_DATE     LAST_DATA
                web   mach:a  2026-11-01T00:00:00Z  2026-11-20T15:00:00Z
                """);
        assertThat(spyctl().run("get", "sources", "--include-expired").out()).contains("old   mach:b");
    }

    @Test
    void deviations_are_counted_per_policy_and_forgotten_once_allowed() {
        server.on("GET", "/org/{o}/analyticspolicy/", """
                [{"uid":"pol:p","policy":{"apiVersion":"spyderbat/v1","kind":"SpyderbatPolicy","metadata":{"name":"web",\
                "type":"container","uid":"pol:p","version":2,"creationTimestamp":1795188171},"spec":{"containerSelector":{"image":"web:*"},\
                "mode":"audit","processPolicy":[{"name":"web","exe":["/web"],"id":"web_0","euser":["www"]}],\
                "networkPolicy":{"egress":[],"ingress":[]}}}}]""");
        server.on(
                "POST",
                "/org/{o}/analyticspolicy/logs",
                deviation("dev:1", "c1", "sh") + deviation("dev:2", "c1", "sh") + deviation("dev:3", "c2", "web"));

        assertThat(spyctl().run("get", "deviations").out()).isEqualTo("""
                UID    NAME  STATUS    TYPE       VERSION  CREATE_TIME           DEVIATIONS_(UNIQ/TOT)
                pol:p  web   Auditing  container        2  2026-11-20T15:22:51Z                    1/2
                """);
        assertThat(spyctl().run("get", "deviations", "--include-irrelevant").out())
                .contains("2/3");
        assertThat(spyctl().run("get", "deviations", "-o", "yaml", "web").out())
                .startsWith("apiVersion: spyderbat/v1\nkind: GuardianDeviation\n")
                .contains("name: sh");
        assertThat(spyctl().run("get", "policies", "--get-deviations").out()).contains("1/2");
    }

    @Test
    void a_record_that_stands_for_many_deviations_is_counted_as_many() {
        server.on("GET", "/org/{o}/analyticspolicy/", """
                [{"uid":"pol:p","policy":{"apiVersion":"spyderbat/v1","kind":"SpyderbatPolicy","metadata":{"name":"web",\
                "type":"container","uid":"pol:p","version":2,"creationTimestamp":1795188171},"spec":{"containerSelector":{"image":"web:*"},\
                "mode":"audit","processPolicy":[{"name":"web","exe":["/web"],"id":"web_0","euser":["www"]}],\
                "networkPolicy":{"egress":[],"ingress":[]}}}}]""");
        String flood = deviation("dev:1", "c1", "sh").replace("\"time\"", "\"count\":599901,\"time\"");
        // Its own behaviour is allowed by now, but nobody knows what the others were.
        String others = deviation("dev:3", "c2", "web").replace("\"time\"", "\"count\":40,\"others\":39,\"time\"");
        server.on("POST", "/org/{o}/analyticspolicy/logs", flood + deviation("dev:2", "c1", "sh") + others);

        assertThat(spyctl().run("get", "deviations").out()).contains("2/599942");
        assertThat(spyctl().run("get", "deviations", "-o", "wide").out())
                .contains("1/599902")
                .contains("1/40")
                .contains("Process \"web\" (and 39 others like it)");
        assertThat(spyctl().run("get", "policies", "--get-deviations").out()).contains("2/599942");
    }

    private static String deviation(String id, String checksum, String name) {
        String exe = name.equals("web") ? "/web" : "/bin/sh";
        return """
                {"id":"%1$s","time":1795188000,"checksum":"%2$s","policy_uid":"pol:p","description":"Process \\"%3$s\\"","deviation":\
                {"apiVersion":"spyderbat/v1","kind":"GuardianDeviation","metadata":{"type":"process","policy_uid":"pol:p","uid":"%1$s",\
                "checksum":"%2$s"},"spec":{"processPolicy":[{"name":"%3$s","exe":["%4$s"],"id":"%3$s_0","euser":["www"]}]}}}
                """.formatted(id, checksum, name, exe);
    }

    @Test
    void the_sickest_agents_come_first() {
        server.on("GET", "/org/{o}/agent/", """
                [{"uid":"agent:a","description":"a","status":"Normal","agent_version":"0.1","archived":false,"runtime_details":{"hostname":"web-1"},\
                "heartbeat":{"bats":{"sensor":{"running":true},"runtimes":{"running":false}}}},\
                {"uid":"agent:b","description":"b","status":"Offline","agent_version":"0.1","archived":false,"runtime_details":{"hostname":"web-2"}}]""");

        assertThat(spyctl().run("get", "agents").out()).isEqualTo("""
                NAME   ID       HEALTH   ACTIVE_BATS  AGENT_VERSION
                web-2  agent:b  Offline  0/0          0.1
                web-1  agent:a  Normal   1/2          0.1
                """);
    }
}
