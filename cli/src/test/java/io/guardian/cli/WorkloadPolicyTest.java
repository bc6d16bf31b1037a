package io.guardian.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.guardian.core.text.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The way of a workload policy: made, edited, checked, applied, changed, deleted. */
class WorkloadPolicyTest {
    private static final String FINGERPRINTS = """
            apiVersion: spyderbat/v1
            kind: FingerprintGroup
            metadata:
              image: docker.io/library/mongo:latest
              imageID: sha256:68248f2793e077e818710fc5d6f6f93f1ae5739b694d541b7e0cd114e064fa11
              firstTimestamp: 1705430000
              latestTimestamp: 1705435213.327981
            data:
              fingerprints:
              - apiVersion: spyderbat/v1
                kind: SpyderbatFingerprint
                metadata:
                  name: docker.io/library/mongo:latest
                  type: container
                  id: fprint:k8s-container:WhfD6bTSCB8:arE7gA:4be91c07a2d3
                  firstTimestamp: 1705430000
                  latestTimestamp: 1705435213.327981
                spec:
                  containerSelector:
                    image: docker.io/library/mongo:latest
                    imageID: sha256:68248f2793e077e818710fc5d6f6f93f1ae5739b694d541b7e0cd114e064fa11
                  processPolicy:
                  - name: mongod
                    exe:
                    - /usr/bin/mongod
                    id: mongod_0
                    euser:
                    - mongo
                  networkPolicy:
                    egress: []
                    ingress:
                    - from:
                      - ipBlock:
                          cidr: 192.168.1.146/32
                      - ipBlock:
                          cidr: 192.168.0.229/32
                      processes:
                      - mongod_0
                      ports:
                      - protocol: TCP
                        port: 27017
              machines:
              - mach:WhfD6bTSCB8
              containerNames: []
              containerIDs: []
            """;

    private static final String POLICY = """
            apiVersion: spyderbat/v1
            kind: SpyderbatPolicy
            metadata:
              latestTimestamp: 1705435213.327981
              name: mongo-policy
              type: container
            spec:
              containerSelector:
                image: docker.io/library/mongo:latest
                imageID: sha256:68248f2793e077e818710fc5d6f6f93f1ae5739b694d541b7e0cd114e064fa11
              mode: audit
              processPolicy:
              - name: mongod
                exe:
                - /usr/bin/mongod
                id: mongod_0
                euser:
                - mongo
              networkPolicy:
                egress: []
                ingress:
                - from:
                  - ipBlock:
                      cidr: 192.168.0.229/32
                  - ipBlock:
                      cidr: 192.168.1.146/32
                  processes:
                  - mongod_0
                  ports:
                  - protocol: TCP
                    port: 27017
              response:
                default:
                - makeRedFlag:
                    severity: high
                actions: []
            """;

    @TempDir
    Path directory = Path.of("");

    private final ApiFixture server = new ApiFixture();

    @AfterEach
    void stop() {
        server.close();
    }

    private SpyctlRun spyctl() {
        return new SpyctlRun(directory).at(server);
    }

    private String editor(String script) throws IOException {
        var file = directory.resolve("editor.sh");
        Files.writeString(file, "#!/bin/sh\n" + script + "\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
        return file.toString();
    }

    @Test
    void a_policy_is_made_of_fingerprints_without_a_server() {
        var spyctl = new SpyctlRun(directory);
        spyctl.file("fprints.yaml", FINGERPRINTS);

        var result = spyctl.run(
                "create", "policy", "--from-file", "fprints.yaml", "--name", "mongo-policy", "--mode", "audit");

        assertThat(result.err()).isEmpty();
        assertThat(result.out()).isEqualTo(POLICY);
        assertThat(result.code()).isZero();
    }

    @Test
    void fingerprints_may_come_through_a_pipe() {
        var result = new SpyctlRun(directory)
                .stdin(FINGERPRINTS)
                .run("create", "policy", "-f", "-", "-n", "mongo-policy", "--omit-imageid", "-o", "json");

        assertThat(result.out()).contains("\"name\": \"mongo-policy\"").doesNotContain("imageID");
    }

    @Test
    void apply_posts_a_new_policy_and_says_its_uid() {
        server.on("GET", "/org/{o}/analyticspolicy/", "[]");
        server.on("POST", "/org/{o}/analyticspolicy/", "{\"uid\":\"pol:CB1fSLq4wpkFG5kWsQ2r\"}");
        var spyctl = spyctl();
        spyctl.file("policy.yaml", POLICY);

        var result = spyctl.run("apply", "-f", "policy.yaml");

        assertThat(result.out()).isEmpty();
        assertThat(result.err())
                .isEqualTo("Successfully applied new container guardian policy with uid: pol:CB1fSLq4wpkFG5kWsQ2r\n");
        var sent = server.requests("POST", "/org/{o}/analyticspolicy/").getFirst();
        assertThat(sent.json().object("policy").object("metadata").text("name")).isEqualTo("mongo-policy");
        assertThat(sent.headers()).containsKey("Idempotency-key");
    }

    @Test
    void apply_of_a_known_name_asks_and_without_anybody_adds_with_a_warning() {
        server.on("GET", "/org/{o}/analyticspolicy/", """
                [{"uid":"pol:one","policy":{"metadata":{"name":"mongo-policy","type":"container","uid":"pol:one"}}}]""");
        server.on("POST", "/org/{o}/analyticspolicy/", "{\"uid\":\"pol:two\"}");
        server.on("PUT", "/org/{o}/analyticspolicy/", "{\"uid\":\"pol:one\",\"version\":2}");
        var spyctl = spyctl();
        spyctl.file("policy.yaml", POLICY);

        assertThat(spyctl.run("apply", "-f", "policy.yaml").err())
                .contains("Warning: a container policy `mongo-policy` exists already (pol:one), a second one is added")
                .endsWith("with uid: pol:two\n");
        var asked = spyctl().typing("").run("apply", "-f", "policy.yaml");
        assertThat(asked.err())
                .isEqualTo(
                        "update pol:one instead of adding a second one? [Y/n] Successfully updated policy pol:one\n");
        assertThat(spyctl.run("apply", "-f", "policy.yaml", "--upsert", "-o", "json")
                        .out())
                .isEqualTo("""
                [
                  {
                    "kind": "SpyderbatPolicy",
                    "name": "mongo-policy",
                    "uid": "pol:one",
                    "version": 2,
                    "result": "updated"
                  }
                ]
                """);
        assertThat(server.requests("PUT", "/org/{o}/analyticspolicy/")
                        .getLast()
                        .json()
                        .object("policy")
                        .object("metadata")
                        .text("uid"))
                .isEqualTo("pol:one");
    }

    @Test
    void an_enforcing_policy_that_would_hit_something_needs_a_yes() {
        server.on("GET", "/org/{o}/analyticspolicy/", "[]");
        server.on(
                "POST",
                "/org/{o}/analyticspolicy/",
                request -> ApiFixture.Reply.ok(
                        request.query().contains("dry_run")
                                ? "{\"valid\":true,\"would_hit\":{\"agentKillProcess\":3},\"in_scope\":14}"
                                : "{\"uid\":\"pol:new\"}"));
        var spyctl = spyctl();
        spyctl.file("policy.yaml", POLICY.replace("mode: audit", "mode: enforce"));

        var refused = spyctl.run("apply", "-f", "policy.yaml");
        assertThat(refused.code()).isEqualTo(1);
        assertThat(refused.err())
                .contains("Enforcing policy `mongo-policy` would hit running objects: agentKillProcess 3\n")
                .contains("confirmation needed, use -y");

        assertThat(spyctl.run("apply", "-f", "policy.yaml", "-y").err()).endsWith("with uid: pol:new\n");
    }

    @Test
    void bad_documents_are_refused_with_place_and_remedy_before_anything_is_sent() {
        var spyctl = spyctl();
        spyctl.file("unknown.yaml", POLICY.replace("  mode: audit", "  moode: audit"));
        spyctl.file(
                "twice.yaml",
                POLICY.replace("      euser:\n    - mongo\n", "")
                        .replace(
                                "  networkPolicy:",
                                "  - name: sh\n    exe:\n    - /bin/sh\n    id: mongod_0\n    euser:\n    - root\n  networkPolicy:"));
        spyctl.file("hostbits.yaml", POLICY.replace("192.168.0.229/32", "192.168.0.229/16"));
        spyctl.file("broken.yaml", "a: [1,\nb: }");

        assertThat(spyctl.run("apply", "-f", "unknown.yaml").err())
                .startsWith("Error: unknown.yaml:11:3: spec.moode: ")
                .contains("did you mean `mode`");
        assertThat(spyctl.run("apply", "-f", "twice.yaml").err())
                .startsWith("Error: twice.yaml:")
                .contains("mongod_0");
        assertThat(spyctl.run("apply", "-f", "hostbits.yaml").err())
                .startsWith("Error: hostbits.yaml:")
                .contains("192.168.0.229/16");
        var broken = spyctl.run("apply", "-f", "broken.yaml");
        assertThat(broken.code()).isEqualTo(1);
        assertThat(broken.err().lines()).hasSize(1).first().asString().startsWith("Error: broken.yaml:2:");
        assertThat(server.requests()).isEmpty();
    }

    @Test
    void validate_names_each_document_and_fails_when_one_is_wrong() {
        var spyctl = new SpyctlRun(directory);
        spyctl.file("policy.yaml", POLICY);
        spyctl.file("bad.yaml", POLICY.replace("port: 27017", "port: 70000"));

        var good = spyctl.run("validate", "-f", "policy.yaml");
        assertThat(good.code()).isZero();
        assertThat(good.out()).isEqualTo("policy.yaml: SpyderbatPolicy `mongo-policy` valid\n");

        var bad = spyctl.run("validate", "-f", "bad.yaml");
        assertThat(bad.code()).isEqualTo(1);
        assertThat(bad.err())
                .startsWith("bad.yaml:31:")
                .contains("spec.networkPolicy.ingress[0].ports[0].port: `70000`");
    }

    @Test
    void a_missing_file_or_an_empty_glob_is_one_line() {
        assertThat(spyctl().run("apply", "-f", "none.yaml").err()).isEqualTo("Error: no such file `none.yaml`\n");
        assertThat(spyctl().run("apply", "-f", "*.yml").err()).isEqualTo("Error: no file matches `*.yml`\n");
    }

    @Test
    void a_uid_of_another_organisation_is_answered_like_an_unknown_one() {
        server.on(
                "PUT", "/org/{o}/analyticspolicy/", _ -> ApiFixture.Reply.of(404, "{\"msg\":\"no policy `pol:xyz`\"}"));
        var spyctl = spyctl();
        spyctl.file("policy.yaml", POLICY.replace("  name: mongo-policy", "  uid: pol:xyz\n  name: mongo-policy"));

        var result = spyctl.run("apply", "-f", "policy.yaml");

        assertThat(result.code()).isEqualTo(1);
        assertThat(result.err())
                .isEqualTo("Error: SpyderbatPolicy `mongo-policy`: 404 no policy `pol:xyz`\n context uid: c-7f01\n");
    }

    @Test
    void a_file_is_edited_in_place_and_never_sent() throws IOException {
        var spyctl = spyctl().env("EDITOR", editor("sed -i -e '/imageID/d' -e 's/mongo:latest/mongo:*/' \"$1\""));
        spyctl.file("policy.yaml", POLICY);

        var result = spyctl.run("edit", "policy.yaml");

        assertThat(result.err()).isEqualTo("Successfully edited resource file 'policy.yaml'\n");
        assertThat(spyctl.read("policy.yaml"))
                .contains("image: docker.io/library/mongo:*\n  mode: audit")
                .doesNotContain("#|");
        assertThat(server.requests()).isEmpty();
    }

    @Test
    void the_editor_opens_again_with_the_problems_until_the_text_is_right() throws IOException {
        var spyctl = spyctl().env("EDITOR", editor("""
                n=$(cat count 2>/dev/null || echo 0); n=$((n+1)); echo $n > count
                cp "$1" seen.$n
                if [ $n = 1 ]; then sed -i 's/mode: audit/mode: watch/' "$1"; else sed -i 's/mode: watch/mode: enforce/' "$1"; fi
                """.replace("count", directory + "/count")
                .replace("seen.", directory + "/seen.")));
        spyctl.file("policy.yaml", POLICY);

        var result = spyctl.run("edit", "policy.yaml");

        assertThat(result.code()).isZero();
        assertThat(spyctl.read("seen.2")).contains("#| ").contains("spec.mode").contains("watch");
        assertThat(spyctl.read("policy.yaml")).contains("mode: enforce");
    }

    @Test
    void an_unchanged_text_cancels() throws IOException {
        var spyctl = spyctl().env("EDITOR", editor("true"));
        spyctl.file("policy.yaml", POLICY);

        var result = spyctl.run("edit", "policy.yaml");

        assertThat(result.code()).isZero();
        assertThat(result.err()).isEqualTo("Edit cancelled, no changes made.\n");
        assertThat(spyctl.read("policy.yaml")).isEqualTo(POLICY);
    }

    private void store(String version) {
        server.on("GET", "/org/{o}/analyticspolicy/", """
                [{"uid":"pol:CB1fSLq4wpkFG5kWsQ2r","version":%1$s,"policy":{"apiVersion":"spyderbat/v1","kind":"SpyderbatPolicy",\
                "metadata":{"name":"mongo-policy","type":"container","uid":"pol:CB1fSLq4wpkFG5kWsQ2r","version":%1$s},\
                "spec":{"containerSelector":{"image":"docker.io/library/mongo:*"},"mode":"audit","processPolicy":[],\
                "networkPolicy":{"egress":[],"ingress":[]}}}}]""".formatted(version));
    }

    @Test
    void a_live_policy_is_edited_and_sent_with_the_version_it_was_read_at() throws IOException {
        store("3");
        server.on("PUT", "/org/{o}/analyticspolicy/", "{\"uid\":\"pol:CB1fSLq4wpkFG5kWsQ2r\",\"version\":4}");
        var spyctl = spyctl().env("VISUAL", editor("sed -i 's/mongo:\\*/mongo:7*/' \"$1\""));

        var result = spyctl.run("edit", "policy", "pol:CB1fSLq4wpkFG5kWsQ2r");

        assertThat(result.err()).isEqualTo("Successfully edited container-policy 'pol:CB1fSLq4wpkFG5kWsQ2r'\n");
        var sent = server.requests("PUT", "/org/{o}/analyticspolicy/").getFirst();
        assertThat(sent.headers().get("If-match")).containsExactly("\"3\"");
        assertThat(sent.json()
                        .object("policy")
                        .object("spec")
                        .object("containerSelector")
                        .text("image"))
                .isEqualTo("docker.io/library/mongo:7*");
    }

    @Test
    void somebody_elses_change_is_told_and_the_text_is_kept() throws IOException {
        store("3");
        server.on(
                "PUT",
                "/org/{o}/analyticspolicy/",
                _ -> ApiFixture.Reply.of(409, "{\"msg\":\"the policy is at version 4\"}"));
        var spyctl = spyctl().env("VISUAL", editor("sed -i 's/mongo:\\*/mongo:7*/' \"$1\""));

        var result = spyctl.run("edit", "policy", "mongo-policy");

        assertThat(result.code()).isEqualTo(1);
        assertThat(result.err())
                .startsWith("Error: somebody else changed it in the meantime: the policy is at version 4\n");
        String kept = result.err()
                .lines()
                .filter(line -> line.contains("kept in"))
                .findFirst()
                .orElseThrow();
        assertThat(Files.readString(Path.of(kept.substring(kept.indexOf('/'))))).contains("mongo:7*");
    }

    @Test
    void the_uid_can_not_be_edited() throws IOException {
        store("3");
        var spyctl = spyctl().env("EDITOR", editor("""
                if grep -q 'can.t be changed' "$1"; then : ; else sed -i 's/uid: pol:.*/uid: pol:other/' "$1"; fi"""));

        var result = spyctl.run("edit", "policy", "mongo-policy");

        assertThat(result.err()).isEqualTo("Edit cancelled, no changes made.\n");
        assertThat(server.requests("PUT", "/org/{o}/analyticspolicy/")).isEmpty();
    }

    @Test
    void delete_wants_the_exact_name_and_a_yes() {
        store("3");
        server.on("DELETE", "/org/{o}/analyticspolicy/pol:CB1fSLq4wpkFG5kWsQ2r", "{}");

        assertThat(spyctl().run("delete", "policy", "mongo").err()).isEqualTo("Error: no policy `mongo`\n");
        var unasked = spyctl().run("delete", "policy", "mongo-policy");
        assertThat(unasked.code()).isEqualTo(1);
        assertThat(unasked.err()).startsWith("Error: confirmation needed, use -y\n");
        var no = spyctl().typing("what", "n").run("delete", "policy", "mongo-policy");
        assertThat(no.err())
                .startsWith("Delete policy `mongo-policy` (pol:CB1fSLq4wpkFG5kWsQ2r, Auditing)? [y/N] Delete policy");
        assertThat(server.requests("DELETE", "/org/{o}/analyticspolicy/pol:CB1fSLq4wpkFG5kWsQ2r"))
                .isEmpty();
        assertThat(spyctl().run("delete", "policy", "-y", "CB1fSLq4wpkFG5kWsQ2r")
                        .err())
                .isEqualTo("Successfully deleted policy pol:CB1fSLq4wpkFG5kWsQ2r\n");
    }

    @Test
    void mode_enforce_shows_what_would_have_happened_and_asks() {
        store("3");
        server.on(
                "PUT",
                "/org/{o}/analyticspolicy/",
                "{\"valid\":true,\"would_hit\":{},\"deviations_24h\":{\"unique\":2,\"total\":33}}");
        server.on("POST", "/org/{o}/analyticspolicy/pol:CB1fSLq4wpkFG5kWsQ2r/mode", """
                {"uid":"pol:CB1fSLq4wpkFG5kWsQ2r","policy":{"metadata":{"version":4}}}""");

        var result = spyctl().typing("y").run("policy", "mode", "enforce", "mongo-policy");

        assertThat(result.err())
                .contains("in the last 24 hours: 2 distinct, 33 in all\n")
                .endsWith("Successfully set policy pol:CB1fSLq4wpkFG5kWsQ2r to enforce, now version 4\n");
        assertThat(server.requests().getLast().json().get("mode")).contains(Json.of("enforce"));
    }

    @Test
    void a_cluster_policy_is_made_of_what_runs_in_each_namespace() {
        server.on("GET", "/org/{o}/cluster/", "[{\"uid\":\"clus:a\",\"name\":\"demo-cluster\"}]");
        server.on("POST", "/source/query/", """
                {"id":"cont:1","image":"docker.io/library/mongo:latest","pod_namespace_labels":{"kubernetes.io/metadata.name":"dev"}}
                {"id":"cont:2","image":"docker.io/library/mongo:latest","pod_namespace":"prod"}
                {"id":"cont:3","image":"registry.k8s.io/pause:3","pod_namespace":"kube-system"}
                """);

        var result = spyctl().run(
                        "create", "cluster-policy", "-C", "demo-cluster", "--namespace", "-n", "demo-cluster-policy");

        assertThat(result.err()).isEqualTo("""
                Validating cluster(s) exist within the system.
                Creating ruleset for cluster demo-cluster
                Generating container rules...
                Cluster(s) validated... creating policy.
                """);
        assertThat(result.out()).isEqualTo("""
                apiVersion: spyderbat/v1
                items:
                - apiVersion: spyderbat/v1
                  kind: SpyderbatRuleset
                  metadata:
                    name: demo-cluster_ruleset
                    type: cluster
                  spec:
                    rules:
                    - namespaceSelector:
                        matchExpressions:
                        - {key: kubernetes.io/metadata.name, operator: In, values: [dev, prod]}
                      verb: allow
                      target: container::image
                      values:
                      - docker.io/library/mongo:latest
                    - namespaceSelector:
                        matchLabels:
                          kubernetes.io/metadata.name: kube-system
                      verb: allow
                      target: container::image
                      values:
                      - registry.k8s.io/pause:3
                - apiVersion: spyderbat/v1
                  kind: SpyderbatPolicy
                  metadata:
                    name: demo-cluster-policy
                    type: cluster
                  spec:
                    enabled: true
                    mode: audit
                    clusterSelector:
                      matchFields:
                        name: demo-cluster
                    rulesets:
                    - demo-cluster_ruleset
                    response:
                      default:
                      - makeRedFlag:
                          severity: high
                      actions: []
                """);
        assertThat(spyctl().run("create", "cluster-policy", "-C", "x", "-n", "p")
                        .err())
                .endsWith("Error: cluster `x` does not exist\n");
    }
}
