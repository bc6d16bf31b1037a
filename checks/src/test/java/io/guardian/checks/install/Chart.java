package io.guardian.checks.install;

import com.marcnuri.helm.Helm;
import com.marcnuri.helm.TemplateCommand;
import io.guardian.checks.fixture.Checkout;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The chart, rendered by Helm. */
final class Chart {
    static final Path FOLDER = Checkout.root().resolve("deploy/helm/guardian");
    static final String RELEASE = "guardian";
    static final String NAMESPACE = "guardian";

    /** Before the AppArmor field of 1.30, and after it. */
    static final List<String> KUBERNETES = List.of("1.25.0", "1.33.0");

    private static final Path VALUE_SETS = Checkout.root().resolve("checks/src/test/resources/install");

    private Chart() {}

    /** The value sets that the checks go through, by name. */
    static List<String> valueSets() {
        try (Stream<Path> files = Files.list(VALUE_SETS)) {
            return files.map(file -> file.getFileName().toString().replace(".yaml", ""))
                    .sorted()
                    .toList();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    static Manifests render(String valueSet) {
        return Manifests.parse(text(valueSet, KUBERNETES.getLast()));
    }

    static Manifests render(String valueSet, String kubernetes) {
        return Manifests.parse(text(valueSet, kubernetes));
    }

    /** @throws RuntimeException with what Helm says, when it refuses the values */
    static String text(String valueSet, String kubernetes) {
        return command(valueSet).withKubeVersion(kubernetes).call();
    }

    /** For tests that set more values. */
    static TemplateCommand command(String valueSet) {
        return new Helm(FOLDER)
                .template()
                .withName(RELEASE)
                .withNamespace(NAMESPACE)
                .withKubeVersion(KUBERNETES.getLast())
                .withValuesFile(VALUE_SETS.resolve(valueSet + ".yaml"));
    }

    static String file(String name) {
        try {
            return Files.readString(FOLDER.resolve(name));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
