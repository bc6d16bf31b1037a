package io.guardian.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Policies of clusters and their rulesets, made from what runs. */
class CreateClusterPolicyTest extends AgainstApi {
    private static final String CLUSTERS =
            "[{\"uid\":\"clus:a\",\"name\":\"demo-cluster\"},{\"uid\":\"clus:b\",\"name\":\"blue\"}]";

    @BeforeEach
    void routes() {
        server.on("GET", "/org/{o}/cluster/", CLUSTERS);
    }

    private void containers(String... lines) {
        server.on("POST", "/source/query/", String.join("\n", lines) + "\n");
    }

    private static String container(String namespace, String image, String more) {
        return "{\"id\":\"cont:" + namespace + image.hashCode() + "\",\"pod_name\":\"p\",\"pod_namespace\":\""
                + namespace + "\",\"image\":\"" + image + "\"" + more + "}";
    }

    @Test
    void a_cluster_policy_is_made_of_what_runs_in_each_namespace() {
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

    @Test
    void rules_of_named_namespaces_leave_out_others_and_say_that_they_are_denied() {
        containers(
                container("dev", "docker.io/library/mongo:6", ""),
                container("dev", "docker.io/library/busybox:1", ",\"container_kind\":\"init\""),
                container("dev", "docker.io/library/curl:8", ",\"container_kind\":\"ephemeral\""),
                container("dev", "registry.k8s.io/pause:3.9", ",\"sandbox\":true"),
                container("prod", "docker.io/library/mongo:5", ""));

        var result = spyctl().run("create", "cluster-policy", "-C", "clus:a", "--namespace", "dev", "-n", "p");

        assertThat(result.err()).isEqualTo("""
                Validating cluster(s) exist within the system.
                Creating ruleset for cluster demo-cluster
                Generating container rules...
                Warning: the policy will deny every container of the cluster's other namespaces, since no rule reaches them
                Cluster(s) validated... creating policy.
                """);
        assertThat(result.out()).contains("""
                    values:
                      - docker.io/library/busybox:1
                      - docker.io/library/curl:8
                      - docker.io/library/mongo:6
                """.replaceFirst("    ", "      ")).doesNotContain("pause", "mongo:5");
    }

    @Test
    void without_namespaces_one_rule_holds_everywhere() {
        containers(
                container("dev", "docker.io/library/mongo:6", ""), container("prod", "docker.io/library/redis:7", ""));

        assertThat(spyctl().run("create", "cluster-policy", "-C", "demo-cluster", "-n", "p")
                        .out())
                .contains("""
                        rules:
                            - verb: allow
                              target: container::image
                              values:
                              - docker.io/library/mongo:6
                              - docker.io/library/redis:7
                        """);
    }

    @Test
    void several_clusters_get_a_ruleset_each_whose_rules_name_their_cluster() {
        containers(container("dev", "docker.io/library/mongo:6", ""));

        var out = spyctl().run("create", "cluster-policy", "-C", "demo-cluster,blue", "--namespace", "-n", "p")
                .out();

        assertThat(out).contains("""
                    - clusterSelector:
                        matchFields:
                          name: blue
                      namespaceSelector:
                """).contains("""
                    clusterSelector:
                      matchFieldsExpressions:
                      - {key: name, operator: In, values: [demo-cluster, blue]}
                    rulesets:
                    - demo-cluster_ruleset
                    - blue_ruleset
                """);
    }

    @Test
    void an_unknown_cluster_is_an_error() {
        var result = spyctl().run("create", "cluster-policy", "-C", "x", "-n", "p");
        assertThat(result.code()).isEqualTo(1);
        assertThat(result.err()).endsWith("Error: cluster `x` does not exist\n");
        assertThat(result.out()).isEmpty();
    }

    /** A context with these filters, as YAML. */
    private SpyctlRun inContext(String filters) throws java.io.IOException {
        java.nio.file.Files.createDirectories(directory.resolve("home/.spyctl/.secrets"));
        java.nio.file.Files.writeString(
                directory.resolve("home/.spyctl/.secrets/secrets"), """
                - apiVersion: spyderbat/v1
                  kind: APISecret
                  metadata: {name: key}
                  stringData: {apikey: %s, apiurl: '%s'}
                """.formatted(ApiFixture.KEY, server.url()));
        java.nio.file.Files.writeString(directory.resolve("home/.spyctl/config"), """
                apiVersion: spyderbat/v1
                kind: Config
                contexts:
                - name: filtered
                  secret: key
                  context: {organization: acme, %s}
                current-context: filtered
                """.formatted(filters));
        return new SpyctlRun(directory);
    }

    @Test
    void filters_of_the_context_limit_what_is_looked_at() throws Exception {
        containers(
                container("dev", "docker.io/library/mongo:6", ",\"muid\":\"mach:a\",\"container_name\":\"db\""),
                container("dev", "docker.io/library/redis:7", ",\"muid\":\"mach:b\",\"container_name\":\"db\""),
                container("dev", "docker.io/library/nginx:1", ",\"muid\":\"mach:a\",\"container_name\":\"web\""),
                container("prod", "docker.io/library/mysql:8", ",\"muid\":\"mach:a\",\"container_name\":\"db\""));

        var result = inContext("namespace: dev, machines: 'mach:a', containerName: ['d*']")
                .run("create", "cluster-policy", "-C", "demo-cluster", "-n", "p");

        assertThat(result.out()).contains("mongo:6").doesNotContain("redis", "nginx", "mysql");
    }

    @Test
    void the_option_of_namespaces_replaces_the_contexts_filter() throws Exception {
        containers(
                container("dev", "docker.io/library/mongo:6", ""), container("prod", "docker.io/library/mysql:8", ""));

        assertThat(inContext("namespace: dev")
                        .run("create", "cluster-policy", "-C", "demo-cluster", "--namespace", "prod", "-n", "p")
                        .out())
                .contains("mysql:8")
                .doesNotContain("mongo");
        assertThat(inContext("namespace: dev")
                        .run("create", "cluster-policy", "-C", "demo-cluster", "-n", "p", "--namespace")
                        .out())
                .contains("mysql:8", "mongo:6");
    }

    @Test
    void the_contexts_clusters_are_meant_where_none_is_named() throws Exception {
        containers(container("dev", "docker.io/library/mongo:6", ""));

        assertThat(inContext("cluster: ['demo-*']")
                        .run("create", "cluster-policy", "-n", "p")
                        .out())
                .contains("name: demo-cluster_ruleset")
                .doesNotContain("blue");
        assertThat(inContext("cluster: blue")
                        .run("create", "cluster-policy", "-n", "p", "-C", "demo-cluster")
                        .out())
                .contains("name: demo-cluster_ruleset")
                .doesNotContain("blue");
        assertThat(inContext("namespace: dev")
                        .run("create", "cluster-policy", "-n", "p")
                        .err())
                .contains("Error: no cluster is named, give one with `-C`");
    }

    @Test
    void a_filter_that_containers_have_no_field_for_is_named() throws Exception {
        containers(container("dev", "docker.io/library/mongo:6", ""));

        assertThat(inContext("cgroup: '/system.slice/*'")
                        .run("create", "cluster-ruleset", "-C", "blue", "-g")
                        .err())
                .contains("Note: --cgroup of the context has no counterpart here and is ignored");
    }
}
