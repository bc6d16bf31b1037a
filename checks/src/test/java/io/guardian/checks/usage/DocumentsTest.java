package io.guardian.checks.usage;

import static org.assertj.core.api.Assertions.assertThat;

import io.guardian.checks.fixture.Checkout;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What the documents point at is there. */
class DocumentsTest {
    private static final Pattern LINK = Pattern.compile("\\]\\(([^)#\\s]+)(#[^)]*)?\\)");
    private static final Pattern TEST_NAME = Pattern.compile("(?:-Dtest=|`)([A-Z]\\w+Test)\\b");
    private static final Pattern BENCH = Pattern.compile("guardian bench ([a-z-]+)");
    private static final Pattern DECISION_TITLE = Pattern.compile("# (\\d{4}) (.+)");

    private static List<Path> files(Path folder, String ending) throws IOException {
        try (var all = Files.walk(folder)) {
            return all.filter(path -> path.toString().endsWith(ending))
                    .filter(path -> !path.toString().contains("/target/"))
                    .sorted()
                    .toList();
        }
    }

    private static List<Path> documents() throws IOException {
        var all = new ArrayList<Path>();
        try (var top = Files.newDirectoryStream(Checkout.root(), "*.md")) {
            top.forEach(all::add);
        }
        all.addAll(files(Checkout.root().resolve("docs"), ".md"));
        all.addAll(files(Checkout.root().resolve("deploy"), ".md"));
        assertThat(all).hasSizeGreaterThan(20);
        return all;
    }

    @Test
    void every_link_to_a_file_leads_to_one() throws IOException {
        var broken = new ArrayList<String>();
        for (Path document : documents()) {
            var links = LINK.matcher(Files.readString(document));
            while (links.find()) {
                String target = links.group(1);
                if (!target.contains("://") && !Files.exists(document.resolveSibling(target))) {
                    broken.add(Checkout.root().relativize(document) + ": " + target);
                }
            }
        }
        assertThat(broken).isEmpty();
    }

    @Test
    void every_decision_is_in_the_index_under_its_title() throws IOException {
        Path folder = Checkout.root().resolve("docs/decisions");
        String index = Files.readString(folder.resolve("README.md"));
        var missing = new ArrayList<String>();
        for (Path decision : files(folder, ".md")) {
            String name = decision.getFileName().toString();
            if (name.equals("README.md")) {
                continue;
            }
            var title = DECISION_TITLE.matcher(Files.readAllLines(decision).getFirst());
            boolean numbered = title.matches() && name.startsWith(title.group(1) + "-");
            assertThat(numbered).as("%s begins with `# NNNN Title`", name).isTrue();
            String line = "- [" + title.group(1) + "](" + name + ") " + title.group(2) + "\n";
            if (!index.contains(line)) {
                missing.add(line.strip());
            }
        }
        assertThat(missing).as("lines that docs/decisions/README.md lacks").isEmpty();
    }

    @Test
    void every_test_that_is_named_exists() throws IOException {
        Set<String> tests = files(Checkout.root(), "Test.java").stream()
                .map(path -> path.getFileName().toString().replace(".java", ""))
                .collect(Collectors.toSet());
        assertThat(named(TEST_NAME)).isNotEmpty().allMatch(tests::contains);
    }

    @Test
    void every_benchmark_that_is_named_exists() throws IOException {
        String script = Files.readString(Checkout.root().resolve("scripts/bench.sh"));
        assertThat(named(BENCH)).isNotEmpty().allMatch(name -> script.contains("\n  " + name + ")"));
    }

    private static List<String> named(Pattern pattern) throws IOException {
        var names = new ArrayList<String>();
        for (Path document : documents()) {
            var found = pattern.matcher(Files.readString(document));
            while (found.find()) {
                names.add(found.group(1));
            }
        }
        return names;
    }
}
