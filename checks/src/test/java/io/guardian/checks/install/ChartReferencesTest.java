package io.guardian.checks.install;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.guardian.checks.install.Manifests.Container;
import io.guardian.checks.install.Manifests.Manifest;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What an API server or the kubelet would find out: that objects which name each other fit together. */
final class ChartReferencesTest {

    static List<String> valueSets() {
        return Chart.valueSets();
    }

    @ParameterizedTest
    @MethodSource("valueSets")
    void selectors_find_the_pods_that_are_meant(String valueSet) {
        var manifests = Chart.render(valueSet);
        for (Manifest workload : manifests.workloads()) {
            assertThat(podLabels(workload).entrySet())
                    .as("%s", workload)
                    .containsAll(workload.at("spec.selector.matchLabels")
                            .getAsJsonObject()
                            .entrySet());
        }
        List<JsonObject> selectors = new ArrayList<>();
        manifests
                .kind("Service")
                .forEach(service -> selectors.add(service.at("spec.selector").getAsJsonObject()));
        manifests
                .kind("PodDisruptionBudget")
                .forEach(budget ->
                        selectors.add(budget.at("spec.selector.matchLabels").getAsJsonObject()));
        manifests
                .kind("NetworkPolicy")
                .forEach(policy ->
                        selectors.add(policy.at("spec.podSelector.matchLabels").getAsJsonObject()));
        assertThat(selectors)
                .allSatisfy(selector -> assertThat(manifests.workloads().stream()
                                .filter(workload ->
                                        podLabels(workload).entrySet().containsAll(selector.entrySet())))
                        .as("%s", selector)
                        .hasSize(1));
    }

    @ParameterizedTest
    @MethodSource("valueSets")
    void mounts_probes_and_accounts_name_what_is_there(String valueSet) {
        var manifests = Chart.render(valueSet);
        var accounts =
                manifests.kind("ServiceAccount").stream().map(Manifest::name).toList();
        for (Manifest workload : manifests.workloads()) {
            assertThat(accounts)
                    .contains(workload.podSpec().get("serviceAccountName").getAsString());
        }
        for (Container container : manifests.containers()) {
            var volumes = Stream.concat(
                            Manifests.objects(container.workload().podSpec().getAsJsonArray("volumes"))
                                    .map(volume -> volume.get("name")),
                            claims(container.workload()))
                    .map(JsonElement::getAsString)
                    .toList();
            var mounted = Manifests.objects(container.json().getAsJsonArray("volumeMounts"))
                    .map(mount -> mount.get("name").getAsString())
                    .toList();
            assertThat(volumes)
                    .as("%s", container)
                    .doesNotHaveDuplicates()
                    .containsExactlyInAnyOrderElementsOf(mounted);
            var ports = Manifests.objects(container.json().getAsJsonArray("ports"))
                    .map(port -> port.get("name"))
                    .toList();
            for (String probe : List.of("startupProbe", "readinessProbe", "livenessProbe")) {
                var json = container.json().getAsJsonObject(probe);
                if (json != null && json.has("httpGet")) {
                    assertThat(ports).contains(json.getAsJsonObject("httpGet").get("port"));
                }
            }
            assertThat(container.json().has("readinessProbe"))
                    .as("%s", container)
                    .isTrue();
        }
    }

    /** A volume's own folder is root's, and a program that is not root can't make it private. */
    @ParameterizedTest
    @MethodSource("valueSets")
    void data_folders_of_programs_that_are_not_root_are_below_their_volumes(String valueSet) {
        var containers = Chart.render(valueSet).containers().stream()
                .filter(container -> !container.workload().component().equals("node-agent"))
                .toList();
        assertThat(containers).isNotEmpty().allSatisfy(container -> {
            String data = container.args().stream()
                    .filter(argument -> argument.startsWith("--data="))
                    .map(argument -> argument.substring("--data=".length()))
                    .findFirst()
                    .orElseThrow();
            assertThat(Manifests.objects(container.json().getAsJsonArray("volumeMounts"))
                            .map(mount -> mount.get("mountPath").getAsString()))
                    .anyMatch(path -> data.startsWith(path + "/"))
                    .doesNotContain(data);
        });
    }

    @ParameterizedTest
    @MethodSource("valueSets")
    void bindings_bind_roles_and_accounts_that_are_there(String valueSet) {
        var manifests = Chart.render(valueSet);
        var known = manifests.all().stream()
                .map(manifest -> manifest.kind() + "/" + manifest.name())
                .collect(Collectors.toSet());
        for (String kind : List.of("RoleBinding", "ClusterRoleBinding")) {
            for (Manifest binding : manifests.kind(kind)) {
                assertThat(known)
                        .contains(binding.at("roleRef.kind").getAsString() + "/"
                                + binding.at("roleRef.name").getAsString());
                assertThat(Manifests.objects(binding.json().getAsJsonArray("subjects")))
                        .isNotEmpty()
                        .allSatisfy(subject -> assertThat(known)
                                .contains(subject.get("kind").getAsString() + "/"
                                        + subject.get("name").getAsString()));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("valueSets")
    void names_are_unique_and_allowed_and_so_are_labels(String valueSet) {
        Set<String> seen = new HashSet<>();
        for (Manifest manifest : Chart.render(valueSet).all()) {
            assertThat(seen.add(manifest.kind() + "/" + manifest.namespace() + "/" + manifest.name()))
                    .as("%s is there once", manifest)
                    .isTrue();
            // RBAC alone allows more than DNS labels.
            String name = manifest.name().replace(':', '-');
            assertThat(name).matches("[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?");
            assertThat(manifest.at("metadata.labels").getAsJsonObject().entrySet())
                    .isNotEmpty()
                    .allSatisfy(label -> assertThat(label.getValue().getAsString())
                            .matches("([A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)?"));
        }
    }

    private static Stream<JsonElement> claims(Manifest workload) {
        return Manifests.objects(workload.json().getAsJsonObject("spec").getAsJsonArray("volumeClaimTemplates"))
                .map(claim -> claim.getAsJsonObject("metadata").get("name"));
    }

    private static JsonObject podLabels(Manifest workload) {
        return workload.at("spec.template.metadata.labels").getAsJsonObject();
    }
}
