package io.guardian.checks.install;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import io.guardian.checks.install.Manifests.Manifest;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

final class ChartSchemaTest {

    static Stream<Arguments> renderings() {
        return Chart.valueSets().stream()
                .flatMap(set -> Chart.KUBERNETES.stream().map(version -> Arguments.of(set, version)));
    }

    @ParameterizedTest
    @MethodSource("renderings")
    void every_object_is_one_of_the_kubernetes_api(String valueSet, String kubernetes) {
        var manifests = Chart.render(valueSet, kubernetes);
        assertThat(manifests.all()).hasSizeGreaterThan(8);
        assertThat(manifests.all())
                .allSatisfy(manifest -> assertThat(KubernetesSchema.problem(manifest))
                        .as("%s", manifest)
                        .isEmpty());
    }

    @Test
    void an_unknown_field_deep_inside_is_noticed() {
        assertNoticed(
                "capabilites",
                agent -> container(agent).getAsJsonObject("securityContext").add("capabilites", new JsonObject()));
    }

    @Test
    void a_missing_required_field_is_noticed() {
        assertNoticed("selector", agent -> agent.json().getAsJsonObject("spec").remove("selector"));
    }

    @Test
    void a_value_of_another_type_is_noticed() {
        assertNoticed("yes", agent -> agent.podSpec().add("hostPID", new JsonPrimitive("yes")));
        assertNoticed("soon", agent -> agent.podSpec().add("terminationGracePeriodSeconds", new JsonPrimitive("soon")));
    }

    @Test
    void an_unknown_kind_and_version_are_noticed() {
        assertNoticed("DaemonSets", agent -> agent.json().addProperty("kind", "DaemonSets"));
        assertNoticed("apps/v1beta1", agent -> agent.json().addProperty("apiVersion", "apps/v1beta1"));
    }

    private static JsonObject container(Manifest workload) {
        return workload.podSpec().getAsJsonArray("containers").get(0).getAsJsonObject();
    }

    private static void assertNoticed(String message, Consumer<Manifest> damage) {
        var agent = Chart.render("default").one("DaemonSet", "node-agent");
        assertThat(KubernetesSchema.problem(agent)).isEmpty();
        damage.accept(agent);
        assertThat(KubernetesSchema.problem(agent))
                .hasValueSatisfying(problem -> assertThat(problem).contains(message));
    }
}
