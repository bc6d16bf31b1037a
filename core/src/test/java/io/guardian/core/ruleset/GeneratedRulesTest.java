package io.guardian.core.ruleset;

import static org.assertj.core.api.Assertions.assertThat;

import io.guardian.core.document.Ruleset;
import io.guardian.core.ruleset.GeneratedRules.Scoping;
import io.guardian.core.selector.Selectors;
import io.guardian.core.testing.Seeds;
import io.guardian.core.text.Json;
import io.guardian.core.text.YamlWriter;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class GeneratedRulesTest {
    static LongStream seeds() {
        return Seeds.of(100);
    }

    private static Json.Obj container(String namespace, String image) {
        return Json.object()
                .put("image", image)
                .put("pod_name", "p")
                .put("pod_namespace", namespace)
                .build();
    }

    private static final List<Json.Obj> TUTORIAL = List.of(
            container("rsvp-svc-prod", "docker.io/library/mongo:latest"),
            container("kube-system", "registry.k8s.io/sig-storage/livenessprobe:v2.12.0"),
            container("rsvp-svc-dev", "docker.io/library/mongo:latest"),
            container("rsvp-svc-prod", "docker.io/guyduchatelet/spyderbat-demo:1"),
            container("rsvp-svc-dev", "docker.io/guyduchatelet/spyderbat-demo:1"),
            container("kube-system", "registry.k8s.io/csi-secrets-store/driver:v1.4.2"));

    private static String yaml(GeneratedRules generated) {
        return YamlWriter.write(new Ruleset("", 0, "r", "cluster", generated.rules()).toJson());
    }

    @Test
    void images_of_one_set_of_namespaces_share_a_rule_and_such_of_several_come_first() {
        assertThat(yaml(GeneratedRules.of(TUTORIAL, new Scoping.EachNamespace(), Selectors.NONE)))
                .endsWith("""
                  rules:
                  - namespaceSelector:
                      matchExpressions:
                      - {key: kubernetes.io/metadata.name, operator: In, values: [rsvp-svc-dev, rsvp-svc-prod]}
                    verb: allow
                    target: container::image
                    values:
                    - docker.io/guyduchatelet/spyderbat-demo:1
                    - docker.io/library/mongo:latest
                  - namespaceSelector:
                      matchLabels:
                        kubernetes.io/metadata.name: kube-system
                    verb: allow
                    target: container::image
                    values:
                    - registry.k8s.io/csi-secrets-store/driver:v1.4.2
                    - registry.k8s.io/sig-storage/livenessprobe:v2.12.0
                """);
    }

    @Test
    void without_namespaces_one_rule_holds_everywhere() {
        var generated = GeneratedRules.of(TUTORIAL, new Scoping.Everywhere(), Selectors.NONE);
        assertThat(generated.rules()).singleElement().satisfies(rule -> {
            assertThat(rule.selectors().isEmpty()).isTrue();
            assertThat(rule.values()).hasSize(4).isSorted();
        });
        assertThat(generated.notices()).isEmpty();
    }

    @Test
    void named_namespaces_are_looked_at_alone_and_the_denial_of_others_is_told() {
        var generated = GeneratedRules.of(TUTORIAL, new Scoping.Only(Set.of("kube-system", "empty")), Selectors.NONE);
        assertThat(generated.rules()).hasSize(1);
        assertThat(generated.notices())
                .containsExactly(
                        "no container ran in namespace `empty`, so no rule allows any there",
                        "the policy will deny every container of the cluster's other namespaces, since no rule reaches"
                                + " them");
    }

    @Test
    void sandboxes_images_like_patterns_and_containers_without_namespace_are_left_out() {
        var containers = List.of(
                container("shop", "registry.k8s.io/pause:3.9").with("sandbox", Json.of(true)),
                container("shop", "evil/*"),
                container("", "docker.io/library/redis:7"),
                container("shop", "docker.io/library/mongo:6"));
        var generated = GeneratedRules.of(containers, new Scoping.EachNamespace(), Selectors.NONE);
        assertThat(generated.rules())
                .singleElement()
                .satisfies(rule -> assertThat(rule.values()).containsExactly("docker.io/library/mongo:6"));
        assertThat(generated.notices())
                .containsExactly(
                        "image `evil/*` is left out: as a value of a rule it would be a pattern and allow others too",
                        "containers without a namespace are left out; their images: docker.io/library/redis:7");
    }

    @Test
    void rules_of_one_of_several_clusters_name_it() {
        var generated = GeneratedRules.of(TUTORIAL, new Scoping.Everywhere(), GeneratedRules.ofCluster("blue"));
        assertThat(yaml(generated)).contains("""
                  - clusterSelector:
                      matchFields:
                        name: blue
                    verb: allow
                """);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void generated_rules_allow_what_ran_where_it_ran_and_nothing_else_in_any_order(long seed) {
        var random = new Random(seed);
        var containers = new ArrayList<Json.Obj>();
        for (int i = random.nextInt(30); i >= 0; i--) {
            containers.add(container("ns" + random.nextInt(4), "example.net/app:" + random.nextInt(8)));
        }
        var generated = GeneratedRules.of(containers, new Scoping.EachNamespace(), Selectors.NONE);
        Collections.shuffle(containers, random);
        assertThat(GeneratedRules.of(containers, new Scoping.EachNamespace(), Selectors.NONE))
                .isEqualTo(generated);
        var rules = CompiledRules.compile(List.of(new Ruleset("", 0, "r", "cluster", generated.rules())));
        for (int namespace = 0; namespace < 5; namespace++) {
            for (int app = 0; app < 9; app++) {
                var one = container("ns" + namespace, "example.net/app:" + app);
                assertThat(rules.decide(ContainerObject.ofRecord(one).orElseThrow())
                                .isDenied())
                        .isNotEqualTo(containers.contains(one));
            }
        }
    }
}
