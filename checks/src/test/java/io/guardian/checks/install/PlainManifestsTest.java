package io.guardian.checks.install;

import static org.assertj.core.api.Assertions.assertThat;

import io.guardian.checks.fixture.Checkout;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The manifests for those who don't use Helm are the chart's. scripts/manifests.sh writes them through this class. */
final class PlainManifestsTest {
    private static final Path FOLDER = Checkout.root().resolve("deploy/kubernetes");
    private static final boolean WRITE = Boolean.getBoolean("guardian.write.manifests");

    private static final String HEAD = """
            # Made from deploy/helm/guardian by scripts/manifests.sh: change the chart, not this file.
            # Before applying it, replace demo-cluster by your cluster's name, and make the namespace with namespace.yaml.
            """;

    @ParameterizedTest
    @CsvSource({"default, guardian.yaml", "read-only, guardian-read-only.yaml"})
    void the_plain_manifests_are_what_the_chart_renders(String valueSet, String file) throws IOException {
        String expected = HEAD + withoutHelm(Chart.text(valueSet, Chart.KUBERNETES.getLast()));
        if (WRITE) {
            Files.writeString(FOLDER.resolve(file), expected);
        }
        assertThat(Files.readString(FOLDER.resolve(file)))
                .as("run scripts/manifests.sh")
                .isEqualTo(expected);
    }

    @Test
    void every_plain_manifest_is_one_of_the_kubernetes_api() throws IOException {
        try (var files = Files.newDirectoryStream(FOLDER, "*.yaml")) {
            int seen = 0;
            for (Path file : files) {
                seen++;
                assertThat(Manifests.parse(Files.readString(file)).all())
                        .isNotEmpty()
                        .allSatisfy(manifest -> assertThat(KubernetesSchema.problem(manifest))
                                .as("%s of %s", manifest, file)
                                .isEmpty());
            }
            assertThat(seen).isEqualTo(3);
        }
    }

    /** Nobody manages these by Helm, and they should not say so. */
    private static String withoutHelm(String rendered) {
        return rendered.lines()
                .filter(line -> !line.strip().startsWith("helm.sh/chart:"))
                .filter(line -> !line.strip().startsWith("app.kubernetes.io/managed-by:"))
                .filter(line -> !line.startsWith("# Source: "))
                .collect(Collectors.joining("\n", "", "\n"));
    }
}
