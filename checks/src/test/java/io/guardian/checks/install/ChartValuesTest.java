package io.guardian.checks.install;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** Values: what is refused, and that what there is, is described. */
final class ChartValuesTest {
    private static final JsonObject SCHEMA =
            JsonParser.parseString(Chart.file("values.schema.json")).getAsJsonObject();

    @Test
    void the_chart_passes_helms_own_checks() {
        var result = new com.marcnuri.helm.Helm(Chart.FOLDER).lint().call();
        // The default values lack the cluster's name on purpose, which is all that Helm may complain of.
        assertThat(result.getMessages())
                .allSatisfy(message ->
                        assertThat(message).containsAnyOf("clusterName must be given", "icon is recommended"));
    }

    @Test
    void the_clusters_name_must_be_given() {
        assertThatThrownBy(() -> Chart.command("default").set("clusterName", "").call())
                .hasMessageContaining("clusterName must be given");
    }

    @Test
    void a_server_elsewhere_needs_its_address() {
        assertThatThrownBy(() ->
                        Chart.command("default").set("server.enabled", false).call())
                .hasMessageContaining("server.url must be given when server.enabled is false");
    }

    static List<String> closedSections() {
        List<String> sections = new ArrayList<>();
        collectSections("", SCHEMA, sections);
        assertThat(sections).hasSizeGreaterThan(20);
        return sections;
    }

    @ParameterizedTest
    @MethodSource("closedSections")
    void a_key_that_is_not_known_is_refused_by_name(String section) {
        assertThatThrownBy(() ->
                        Chart.command("default").set(section + "nonsense", "1").call())
                .hasMessageContaining("nonsense");
    }

    @ParameterizedTest
    @CsvSource({
        "readOnly, sometimes",
        "server.image.tag, latest",
        "server.image.digest, sha256:abc",
        "server.port, 80",
        "server.url, http://guardian.example.net",
        "nodeAgent.runtime, docker",
        "nodeAgent.ringMebibytes, 3",
        "nodeAgent.dataFolder, relative/path",
        "nodeAgent.pin, a/b",
        "clusterMonitor.replicas, 0",
        "networkPolicy.apiServerPorts, 443",
        "registration.existingSecret, No_Name",
    })
    void a_value_that_cannot_be_is_refused_by_name(String key, String value) {
        assertThatThrownBy(() -> Chart.command("default").set(key, value).call())
                .hasMessageContaining(key.substring(key.lastIndexOf('.') + 1));
    }

    @Test
    void schema_and_default_values_have_the_same_keys() {
        var inSchema = new ArrayList<String>();
        collectKeys("", SCHEMA, inSchema);
        var inValues = new ArrayList<String>();
        collectKeys("", defaults(), inValues);
        // What Helm itself hands to charts inside others.
        inSchema.remove("global");
        assertThat(inSchema).containsAll(inValues);
        inSchema.removeAll(inValues);
        // Keys that only stand for themselves when given, in sections whose default is empty or shorter.
        assertThat(inSchema)
                .allMatch(key -> key.matches(
                        ".*Profile\\.localhostProfile|.*\\.resources\\.(requests|limits)\\.ephemeral-storage"));
    }

    @Test
    void every_value_is_described() {
        var keys = new ArrayList<String>();
        collectKeys("", defaults(), keys);
        String readme = Chart.file("README.md");
        assertThat(keys)
                .hasSizeGreaterThan(60)
                .allSatisfy(key -> assertThat(readme).contains("| `" + readmeKey(key) + "` |"));
    }

    /** What all components share is described once. */
    private static String readmeKey(String key) {
        return key.replaceFirst(
                "^(server|nodeAgent|clusterMonitor)\\.(image|resources|priorityClassName|nodeSelector|tolerations|affinity)\\b.*",
                "COMPONENT.$2");
    }

    private static void collectSections(String prefix, JsonObject schema, List<String> into) {
        if (!schema.has("properties")) {
            return;
        }
        into.add(prefix);
        var properties = schema.getAsJsonObject("properties");
        for (String name : properties.keySet()) {
            // A dot in a name would need escaping, and there is none.
            collectSections(prefix + name + ".", properties.getAsJsonObject(name), into);
        }
    }

    private static void collectKeys(String prefix, JsonObject schema, List<String> into) {
        if (!schema.has("properties") || isFree(prefix)) {
            into.add(prefix.substring(0, prefix.length() - 1));
            return;
        }
        var properties = schema.getAsJsonObject("properties");
        for (String name : properties.keySet()) {
            collectKeys(prefix + name + ".", properties.getAsJsonObject(name), into);
        }
    }

    private static void collectKeys(String prefix, Object value, List<String> into) {
        if (value instanceof Map<?, ?> map && !map.isEmpty() && !isFree(prefix)) {
            map.forEach((name, inner) -> collectKeys(prefix + name + ".", inner, into));
        } else {
            into.add(prefix.substring(0, prefix.length() - 1));
        }
    }

    /** Sections whose keys are the operator's own, and those that are empty by default. */
    private static boolean isFree(String prefix) {
        return prefix.matches(".*\\.(nodeSelector|dnsNamespaceLabels|affinity|seLinuxOptions)\\.");
    }

    private static Object defaults() {
        return new Load(LoadSettings.builder().build()).loadFromString(Chart.file("values.yaml"));
    }
}
