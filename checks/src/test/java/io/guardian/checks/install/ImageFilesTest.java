package io.guardian.checks.install;

import static org.assertj.core.api.Assertions.assertThat;

import io.guardian.checks.fixture.Checkout;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The build files of the images; scripts/container-images.sh builds them, which takes too long for every check. */
final class ImageFilesTest {
    private static final String VERSION = "0.1.0";

    private static String text(String path) {
        try {
            return Files.readString(Checkout.root().resolve(path));
        } catch (IOException failure) {
            throw new java.io.UncheckedIOException(failure);
        }
    }

    /** Instructions with their continued lines joined, comments left out. */
    private static List<String> instructions(String image) {
        String joined = text("deploy/images/" + image + ".Dockerfile")
                .lines()
                .filter(line -> !line.strip().startsWith("#"))
                .reduce("", (all, line) -> all + line + "\n")
                .replaceAll("\\\\\\n\\s*", "");
        return joined.lines().filter(line -> !line.isBlank()).toList();
    }

    private static Stream<String> instructions(String image, String name) {
        return instructions(image).stream()
                .filter(line -> line.startsWith(name + " "))
                .map(line -> line.substring(name.length() + 1));
    }

    @ParameterizedTest
    @ValueSource(strings = {"server", "node-agent", "cluster-monitor"})
    void bases_are_named_with_a_version_and_can_be_replaced(String image) {
        assertThat(instructions(image, "FROM")).containsExactly("${JDK_IMAGE} AS runtime", "${BASE_IMAGE}");
        assertThat(instructions(image, "ARG").filter(argument -> argument.contains("_IMAGE=")))
                .hasSize(2)
                .allSatisfy(argument -> assertThat(argument)
                        .matches("(JDK|BASE)_IMAGE=docker\\.io/library/[a-z-]+:[a-z0-9.-]+")
                        .doesNotContain(":latest"));
        assertThat(instructions(image, "LABEL"))
                .singleElement()
                .asString()
                .contains(
                        "image.title=", "image.version=\"${VERSION}\"", "image.licenses=\"Apache-2.0\"", "base.name=");
    }

    @ParameterizedTest
    @ValueSource(strings = {"server", "node-agent", "cluster-monitor"})
    void nothing_comes_from_elsewhere_than_the_checkout_and_debian(String image) {
        assertThat(instructions(image, "ADD")).isEmpty();
        assertThat(instructions(image, "RUN"))
                .noneMatch(Pattern.compile("\\b(curl|wget|git)\\b").asPredicate());
        var allowed = text(".dockerignore")
                .lines()
                .filter(line -> line.startsWith("!"))
                .toList();
        assertThat(instructions(image, "COPY").filter(copy -> !copy.startsWith("--from=runtime")))
                .hasSize(3)
                .allSatisfy(
                        copy -> assertThat(allowed).contains("!" + copy.split(" ", -1)[0].replace("${VERSION}", "*")));
    }

    @Test
    void both_kinds_of_builders_leave_out_the_same_files() {
        assertThat(text(".containerignore")).isEqualTo(text(".dockerignore"));
    }

    @ParameterizedTest
    @CsvSource({"server, StatefulSet", "cluster-monitor, Deployment", "node-agent, DaemonSet"})
    void images_run_as_the_user_that_the_chart_names(String image, String kind) {
        var pod = Chart.render("default")
                .one(kind, image)
                .at("spec.template.spec.securityContext")
                .getAsJsonObject();
        assertThat(instructions(image, "USER"))
                .containsExactly(pod.get("runAsUser").getAsString() + ":"
                        + pod.get("runAsGroup").getAsString());
    }

    @ParameterizedTest
    @CsvSource({
        "server, backend, io.guardian.backend.Main",
        "node-agent, agent, io.guardian.agent.Main",
        "cluster-monitor, cluster, io.guardian.cluster.Main",
    })
    void images_start_the_program(String image, String module, String main) throws ClassNotFoundException {
        assertThat(instructions(image, "ENTRYPOINT")).singleElement().asString().endsWith("\"" + main + "\"]");
        assertThat(Class.forName(main)).hasDeclaredMethods("main");
        assertThat(text(module + "/pom.xml")).contains("<artifactId>guardian-" + module + "</artifactId>");
    }

    /** What keeps the agent small is known to the launcher, and must not differ from what the image does. */
    @Test
    void the_agents_image_has_the_flags_of_the_launcher() {
        String start = instructions("node-agent", "ENTRYPOINT").findFirst().orElseThrow();
        assertThat(launcherWords("AGENT_FLAGS"))
                .hasSizeGreaterThan(5)
                .allSatisfy(flag -> assertThat(start).contains("\"" + flag + "\""));
        assertThat(instructions("node-agent", "ENV")).containsExactlyElementsOf(launcherWords("AGENT_ENVIRONMENT"));
    }

    private static List<String> launcherWords(String array) {
        var words = Pattern.compile("(?s)\\n" + array + "=\\((.*?)\\)").matcher(text("scripts/run.sh"));
        assertThat(words.find()).isTrue();
        return List.of(words.group(1).strip().split("\\s+"));
    }

    @Test
    void chart_images_and_programs_have_one_version() throws IOException {
        assertThat(text("pom.xml")).contains("<artifactId>guardian</artifactId>\n  <version>" + VERSION + "</version>");
        assertThat(Chart.file("Chart.yaml"))
                .contains("\nversion: " + VERSION + "\n", "\nappVersion: " + VERSION + "\n");
        try (Stream<Path> files = Files.list(Checkout.root().resolve("deploy/images"))) {
            assertThat(files.map(file -> file.getFileName().toString().replace(".Dockerfile", "")))
                    .hasSize(3)
                    .allSatisfy(image -> assertThat(instructions(image, "ARG")).contains("VERSION=" + VERSION));
        }
    }
}
