package io.guardian.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Policies of clusters and their rulesets: making, applying, merging and explaining them. */
class ClusterPolicyTest extends AgainstApi {
    private static final String CLUSTERS =
            "[{\"uid\":\"clus:a\",\"name\":\"demo-cluster\"},{\"uid\":\"clus:b\",\"name\":\"blue\"}]";
    private static final String RULESET = """
            {"apiVersion":"spyderbat/v1","kind":"SpyderbatRuleset","metadata":{"name":"demo-cluster_ruleset",\
            "type":"cluster","uid":"rs:r","version":4,"creationTimestamp":1795180000,"lastUpdatedTimestamp":1795186000},\
            "spec":{"rules":[{"namespaceSelector":{"matchLabels":{"kubernetes.io/metadata.name":"dev"}},\
            "verb":"allow","target":"container::image","values":["docker.io/library/mongo:6"]}]}}""";
    private static final String POLICY = """
            {"apiVersion":"spyderbat/v1","kind":"SpyderbatPolicy","metadata":{"name":"NAME","type":"cluster","uid":"pol:NAME",\
            "version":1},"spec":{"enabled":true,"mode":"audit","clusterSelector":{"matchFields":{"name":"demo-cluster"}},\
            "rulesets":["demo-cluster_ruleset"],"response":{"default":[{"makeRedFlag":{"severity":"high"}}],"actions":[]}}}""";
    private static final String DEVIATION = """
            {"id":"dev:1","time":1795188000,"checksum":"CHECKSUM","policy_uid":"pol:demo","policy_name":"demo","policy_mode":"audit",\
            "ref":"cont:a","description":"Container image \\"IMAGE\\" ns:\\"dev\\" deviated from policy \\"demo\\".",\
            "explanations":[{"target":"container::image","value":"IMAGE","pattern":"__DEFAULT_DENY__",\
            "text":"container::image `IMAGE` is denied by default: no rule reaches it"}],\
            "deviation":{"apiVersion":"spyderbat/v1","kind":"GuardianDeviation","metadata":{"type":"cluster",\
            "policy_uid":"pol:demo","uid":"dev:1","checksum":"CHECKSUM","scopes":{"clusterSelector":{"name":"demo-cluster","uid":"clus:a"},\
            "namespaceSelector":{"kubernetes.io/metadata.name":"NAMESPACE"},"podSelector":{"app":"db"},\
            "containerSelector":{"image":"IMAGE","imageID":"","containerName":"db","containerID":""}}},\
            "spec":{"rules":[{"target":"container::image","verb":"allow","values":["IMAGE"]}],\
            "matches":{"container::image":{"matchedPatterns":["__DEFAULT_DENY__"]}}}}}
            """;

    @BeforeEach
    void routes() {
        server.on("GET", "/org/{o}/cluster/", CLUSTERS);
        server.on("GET", "/org/{o}/analyticspolicy/", "[" + policy("demo") + "]");
        server.on("GET", "/org/{o}/analyticsruleset/", "[{\"uid\":\"rs:r\",\"ruleset\":" + RULESET + "}]");
        server.on(
                "POST",
                "/org/{o}/analyticspolicy/logs",
                deviation("c1", "dev", "docker.io/library/mongo:7")
                        + deviation("c1", "dev", "docker.io/library/mongo:7")
                        + deviation("c2", "dev", "docker.io/library/mongo:6"));
    }

    private static String policy(String name) {
        return "{\"uid\":\"pol:" + name + "\",\"policy\":" + POLICY.replace("NAME", name) + "}";
    }

    private static String deviation(String checksum, String namespace, String image) {
        return DEVIATION
                .replace("CHECKSUM", checksum)
                .replace("NAMESPACE", namespace)
                .replace("IMAGE", image);
    }

    private void containers(String... lines) {
        server.on("POST", "/source/query/", String.join("\n", lines) + "\n");
    }

    @Test
    void diff_shows_what_deviations_would_add_to_the_rulesets() {
        var result = spyctl().run("diff", "-p", "demo", "--exit-code");

        assertThat(result.code()).isEqualTo(1);
        assertThat(result.out()).contains("      - docker.io/library/mongo:6\n+     - docker.io/library/mongo:7\n");
        assertThat(spyctl().run("diff", "-p", "demo", "-o", "yaml").out())
                .contains("    - docker.io/library/mongo:7\n    diff: changed\n");
    }

    @Test
    void merge_of_an_applied_cluster_policy_updates_its_rulesets_and_names_others_that_use_them() {
        server.on("GET", "/org/{o}/analyticspolicy/", "[" + policy("demo") + "," + policy("other") + "]");
        server.on("PUT", "/org/{o}/analyticsruleset/", "{\"uid\":\"rs:r\",\"version\":5}");

        var result = spyctl().typing("n", "y").run("merge", "-p", "demo");

        assertThat(result.err())
                .isEqualTo("Review merge updates to 'demo - pol:demo'? [y/N] "
                        + "Warning: ruleset `demo-cluster_ruleset` changes for these policies too: `other` (pol:other)\n"
                        + "Apply merge changes to 'demo - pol:demo'? [y/N] Successfully updated ruleset rs:r\n");
        var sent = server.requests("PUT", "/org/{o}/analyticsruleset/").getFirst();
        assertThat(sent.headers().get("If-match")).containsExactly("\"4\"");
        assertThat(sent.json().object("ruleset").object("spec").array("rules").objects())
                .singleElement()
                .satisfies(rule -> assertThat(rule.array("values").strings())
                        .containsExactly("docker.io/library/mongo:6", "docker.io/library/mongo:7"));
        assertThat(server.requests("PUT", "/org/{o}/analyticspolicy/")).isEmpty();
    }

    @Test
    void latest_means_since_the_rulesets_last_changed() {
        var result = spyctl().run("diff", "-p", "demo", "--latest");

        assertThat(result.code()).isZero();
        assertThat(server.requests("POST", "/org/{o}/analyticspolicy/logs")
                        .getFirst()
                        .json()
                        .number("start_time")
                        .orElseThrow()
                        .asLong())
                .isEqualTo(1795186000);
    }

    @Test
    void nothing_is_merged_that_the_rules_allow_by_now() {
        server.on("POST", "/org/{o}/analyticspolicy/logs", deviation("c2", "dev", "docker.io/library/mongo:6"));

        assertThat(spyctl().run("merge", "-p", "demo", "-y").err())
                .isEqualTo("'demo - pol:demo' produced no updates to the 'spec' field, skipping\n");
    }

    @Test
    void a_file_of_a_policy_and_its_ruleset_is_merged_as_a_whole() {
        var file = "{\"apiVersion\":\"spyderbat/v1\",\"items\":["
                + RULESET.replace("\"uid\":\"rs:r\",\"version\":4,", "") + ","
                + POLICY.replace("\"uid\":\"pol:NAME\",", "").replace("NAME", "demo") + "]}";
        var spyctl = spyctl();
        spyctl.file("cluster-policy.yaml", file);

        var printed = spyctl.run("merge", "-f", "cluster-policy.yaml");
        assertThat(printed.err()).isEmpty();
        assertThat(printed.out())
                .startsWith("apiVersion: spyderbat/v1\nitems:\n- apiVersion: spyderbat/v1\n  kind: SpyderbatRuleset\n")
                .contains("      - docker.io/library/mongo:7\n")
                .contains("  kind: SpyderbatPolicy\n");

        assertThat(spyctl.run("merge", "-f", "cluster-policy.yaml", "-O").err())
                .isEqualTo("Merged into `cluster-policy.yaml`\n");
        assertThat(spyctl.read("cluster-policy.yaml")).isEqualTo(printed.out());
        assertThat(spyctl.run("validate", "-f", "cluster-policy.yaml").code()).isZero();
    }

    @Test
    void a_ruleset_in_a_file_takes_what_deviated_from_the_policy_that_uses_it() {
        var spyctl = spyctl();
        spyctl.file("ruleset.json", RULESET);

        assertThat(spyctl.run("merge", "-f", "ruleset.json").out())
                .startsWith("apiVersion: spyderbat/v1\nkind: SpyderbatRuleset\n")
                .contains("    - docker.io/library/mongo:7\n");
    }

    @Test
    void deviations_count_those_that_the_rules_would_still_deny_and_name_what_decided() {
        assertThat(spyctl().run("get", "deviations", "demo").out()).contains("1/2");
        assertThat(spyctl().run("get", "deviations", "demo", "--include-irrelevant")
                        .out())
                .contains("2/3");
        assertThat(spyctl().run("get", "deviations", "demo", "-o", "wide").out())
                .contains("DECIDED_BY")
                .contains("__DEFAULT_DENY__");
    }

    @Test
    void a_deviation_is_described_with_the_rule_that_decided() {
        server.on(
                "POST",
                "/org/{o}/objects",
                "{\"results\":[" + deviation("c1", "dev", "docker.io/library/mongo:7") + "]}");

        assertThat(spyctl().run("describe", "deviation", "dev:1").out()).isEqualTo("""
                Container image "docker.io/library/mongo:7" ns:"dev" deviated from policy "demo".
                Deviation: dev:1
                Policy: demo (pol:demo, audit)
                Object: cont:a
                Seen: 2026-11-20T15:20:00Z

                Decided by:
                  container::image `docker.io/library/mongo:7` is denied by default: no rule reaches it

                A merge would add:
                  rules:
                  - target: container::image
                    verb: allow
                    values:
                    - docker.io/library/mongo:7
                """);
    }

    @Test
    void a_cluster_policy_and_a_ruleset_are_described_in_words() {
        var policy = spyctl().run("describe", "policy", "demo").out();
        assertThat(policy)
                .startsWith("SpyderbatPolicy `demo` (pol:demo): auditing\n\nApplies to containers of:\n")
                .endsWith("""
                        Ruleset `demo-cluster_ruleset` (rs:r): 1 rule
                          1. allow container::image for namespaceSelector matchLabels kubernetes.io/metadata.name dev
                               docker.io/library/mongo:6
                        Note: every container outside namespace `dev` is denied by default, since no rule of target `container::image` allows any there
                        """);
        assertThat(spyctl().run("describe", "ruleset", "demo-cluster_ruleset").out())
                .contains("Ruleset `demo-cluster_ruleset` (rs:r): 1 rule")
                .isEqualTo(spyctl().run("describe", "crs", "rs:r").out());
        assertThat(spyctl().run("describe", "cluster-policy", "demo").out()).isEqualTo(policy);
    }

    @Test
    void apply_says_which_namespaces_no_rule_reaches_and_which_targets_deny_everything() {
        server.on("POST", "/org/{o}/analyticsruleset/", "{\"uid\":\"rs:new\"}");
        server.on("POST", "/org/{o}/analyticspolicy/", "{\"uid\":\"pol:new\"}");
        containers(
                "{\"id\":\"namespace:1\",\"metadata\":{\"name\":\"dev\",\"labels\":{}}}",
                "{\"id\":\"namespace:2\",\"metadata\":{\"name\":\"prod\",\"labels\":{}}}");
        var spyctl = spyctl();
        spyctl.file("p.yaml", """
                apiVersion: spyderbat/v1
                kind: SpyderbatRuleset
                metadata: {name: fresh, type: cluster}
                spec:
                  rules:
                  - namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: dev}}
                    verb: allow
                    target: container::image
                    values: [mongo]
                  - {verb: deny, target: 'container::containerName', values: [shell]}
                ---
                apiVersion: spyderbat/v1
                kind: SpyderbatPolicy
                metadata: {name: fresh-policy, type: cluster}
                spec:
                  mode: audit
                  clusterSelector: {matchFields: {name: demo-cluster}}
                  rulesets: [fresh]
                """);

        var result = spyctl.run("apply", "-f", "p.yaml");

        assertThat(result.err())
                .contains("image `mongo` names no registry; images are compared in full, such as"
                        + " `docker.io/library/mongo:latest`")
                .contains("Warning: policy `fresh-policy`: target `container::containerName` has only deny rules in all"
                        + " rulesets of the policy, so every container is denied by default; add an allow rule")
                .contains("Warning: policy `fresh-policy`: every container in namespace `prod` is denied by default,"
                        + " since no rule of target `container::image` allows any there\n")
                .endsWith("""
                        Successfully applied new cluster ruleset with uid: rs:new
                        Successfully applied new cluster guardian policy with uid: pol:new
                        """);
    }

    @Test
    void a_misspelt_selector_is_an_error_with_its_place_and_nothing_is_sent() {
        var spyctl = spyctl();
        spyctl.file("r.yaml", """
                apiVersion: spyderbat/v1
                kind: SpyderbatRuleset
                metadata: {name: r, type: cluster}
                spec:
                  rules:
                  - nameSpaceSelector: {matchLabels: {kubernetes.io/metadata.name: dev}}
                    verb: allow
                    target: container::image
                    values: [docker.io/library/mongo:6]
                """);

        var result = spyctl.run("apply", "-f", "r.yaml");

        assertThat(result.code()).isEqualTo(1);
        assertThat(result.err())
                .contains("r.yaml:6:5: spec.rules[0].nameSpaceSelector: ")
                .contains("did you mean `namespaceSelector`?");
        assertThat(server.requests("POST", "/org/{o}/analyticsruleset/")).isEmpty();
    }

    @Test
    void an_export_as_admission_policy_is_a_stream_for_kubectl_headed_by_what_it_can_not_express() {
        var result = spyctl().run("export", "policy", "demo", "--as", "validating-admission-policy");

        assertThat(result.code()).isZero();
        assertThat(result.out())
                .startsWith("# demo: it is for cluster `demo-cluster`; ")
                .contains("""

                        apiVersion: admissionregistration.k8s.io/v1
                        kind: ValidatingAdmissionPolicy
                        metadata:
                          name: demo
                        """)
                .contains("---\napiVersion: admissionregistration.k8s.io/v1\nkind: ValidatingAdmissionPolicyBinding\n")
                .contains("c.image == \"docker.io/library/mongo:6\"")
                .endsWith("  validationActions:\n  - Warn\n  - Audit\n");
        assertThat(result.err()).contains("Warning: demo: images are compared by the names that pods give");
        assertThat(spyctl().run("export", "policy", "demo", "--as", "validating-admission-policy", "-o", "json")
                        .out())
                .startsWith("{\n  \"apiVersion\": \"v1\",\n  \"kind\": \"List\"");
    }

    @Test
    void rulesets_of_clusters_are_a_table() {
        assertThat(spyctl().run("get", "cluster-ruleset").out())
                .isEqualTo(spyctl().run("get", "rulesets", "--type", "cluster").out())
                .isEqualTo("""
                        UID   NAME                  TYPE     VERSION  CREATE_TIME           LAST_UPDATED
                        rs:r  demo-cluster_ruleset  cluster        4  2026-11-20T13:06:40Z  2026-11-20T14:46:40Z
                        """);
        assertThat(server.requests("GET", "/org/{o}/analyticsruleset/")
                        .getFirst()
                        .query())
                .isEqualTo("from_archive=false&type=cluster");
    }
}
