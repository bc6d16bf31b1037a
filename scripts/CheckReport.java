import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import javax.xml.parsers.DocumentBuilderFactory;
import org.w3c.dom.Element;

/**
 * Says, suite by suite, what passed, what failed and what was skipped and why. Run as {@code CheckReport DIR run=a,b
 * reused=c failed= seconds=N}; exits with 1 when anything failed.
 */
final class CheckReport {
    /** Of a failure's message; the rest is in the report. */
    private static final int LINES_MAX = 4;

    private static final int CHARS_MAX = 400;

    record Test(String name, String problem) {}

    record Suite(String name, int passed, List<Test> failed, List<Test> skipped, double seconds) {}

    public static void main(String[] args) throws Exception {
        // The reports are our own, and a failure may quote much.
        System.setProperty("jdk.xml.maxGeneralEntitySizeLimit", "0");
        System.setProperty("jdk.xml.totalEntitySizeLimit", "0");
        var options = new TreeMap<String, String>();
        for (int i = 1; i < args.length; i++) {
            int equals = args[i].indexOf('=');
            options.put(args[i].substring(0, equals), args[i].substring(equals + 1));
        }
        System.exit(new CheckReport(Path.of(args[0]), options).print() ? 0 : 1);
    }

    private final Path results;
    private final Map<String, String> options;

    private CheckReport(Path results, Map<String, String> options) {
        this.results = results;
        this.options = options;
    }

    private List<String> names(String key) {
        String list = options.getOrDefault(key, "");
        return list.isEmpty() ? List.of() : List.of(list.split(","));
    }

    private boolean print() throws Exception {
        var run = new ArrayList<Suite>();
        for (String name : names("run")) {
            run.add(read(name));
        }
        var reused = new ArrayList<Suite>();
        for (String name : names("reused")) {
            reused.add(read(name));
        }
        System.out.println();
        System.out.printf("%-10s %8s %8s %8s %9s%n", "SUITE", "PASSED", "FAILED", "SKIPPED", "SECONDS");
        run.forEach(suite -> row(suite, ""));
        reused.forEach(suite -> row(suite, "  reused: passed before on the same inputs"));
        skipped(run);
        skipped(reused);
        run.forEach(CheckReport::failures);
        var broken = names("failed");
        for (String name : broken) {
            System.out.println("suite " + name + " failed");
        }
        int passed = run.stream().mapToInt(Suite::passed).sum();
        int failed = run.stream().mapToInt(suite -> suite.failed().size()).sum();
        int skipped = run.stream().mapToInt(suite -> suite.skipped().size()).sum();
        int before = reused.stream().mapToInt(Suite::passed).sum();
        System.out.printf("%nin %s s%s%n", options.get("seconds"), before == 0 ? "" : "; " + before + " more tests reused");
        System.out.printf("%d passed, %d failed, %d skipped%n", passed, Math.max(failed, broken.size()), skipped);
        return broken.isEmpty() && failed == 0;
    }

    private static void row(Suite suite, String note) {
        System.out.printf(
                "%-10s %8d %8d %8d %9.0f%s%n",
                suite.name(), suite.passed(), suite.failed().size(), suite.skipped().size(), suite.seconds(), note);
    }

    private static void skipped(List<Suite> suites) {
        for (var suite : suites) {
            for (var test : suite.skipped()) {
                System.out.println("skipped " + suite.name() + ": " + test.name() + ": " + test.problem());
            }
        }
    }

    private static void failures(Suite suite) {
        for (var test : suite.failed()) {
            System.out.println("FAILED " + suite.name() + ": " + test.name() + ": " + test.problem());
        }
    }

    private Suite read(String name) throws Exception {
        var failed = new ArrayList<Test>();
        var skipped = new ArrayList<Test>();
        int total = 0;
        for (Path report : reports(name)) {
            var document = DocumentBuilderFactory.newDefaultInstance().newDocumentBuilder().parse(report.toFile());
            var cases = document.getElementsByTagName("testcase");
            total += cases.getLength();
            for (int i = 0; i < cases.getLength(); i++) {
                sort((Element) cases.item(i), failed, skipped);
            }
        }
        return new Suite(name, total - failed.size() - skipped.size(), failed, skipped, seconds(name));
    }

    private static void sort(Element test, List<Test> failed, List<Test> skipped) {
        String name = test.getAttribute("classname").replaceAll(".*\\.", "") + "." + test.getAttribute("name");
        for (String kind : List.of("failure", "error", "skipped")) {
            var found = test.getElementsByTagName(kind);
            if (found.getLength() > 0) {
                (kind.equals("skipped") ? skipped : failed).add(new Test(name, reason((Element) found.item(0))));
                return;
            }
        }
    }

    /** In one line: the message, which is an attribute of some reports and the begin of the stack trace in others. */
    private static String reason(Element problem) {
        String message = problem.getAttribute("message");
        String text = message.isBlank() ? problem.getTextContent() : message;
        String line = text.lines()
                .map(String::strip)
                .takeWhile(part -> !part.startsWith("at "))
                .filter(part -> !part.isEmpty())
                .limit(LINES_MAX)
                .collect(Collectors.joining(" "))
                .replaceFirst("^[\\w.$]+(Exception|Error|Failure): ?", "");
        String part = line.length() > CHARS_MAX ? line.substring(0, CHARS_MAX) + "…" : line;
        return part.isEmpty() ? "no reason given" : part;
    }

    private List<Path> reports(String name) throws IOException {
        Path folder = results.resolve(name);
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (var files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(".xml")).sorted().toList();
        }
    }

    private double seconds(String name) throws IOException {
        Path file = results.resolve(name + ".seconds");
        return Files.exists(file) ? Double.parseDouble(Files.readString(file).strip()) : 0;
    }
}
