package io.guardian.cli.line;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * Writes manual pages in the man macros (man 7 groff_man) from the same data as the help.
 *
 * <p>A page tells of one command and of all below it. Options that are made from the search schema are told of in one
 * sentence, since they are hundreds.
 */
public final class ManPage {
    private static final String GENERATED = "Only where ";

    private final StringBuilder text = new StringBuilder();

    private ManPage() {}

    /**
     * A section that no command tells of.
     *
     * @param entries each a term and what it means
     */
    public record Section(String title, List<Entry> entries) {
        public Section {
            entries = List.copyOf(entries);
        }
    }

    /** A word or name, and what it means. */
    public record Entry(String term, String meaning) {}

    /** The page of the root: what it is for, and which commands there are. */
    public static <A> String ofRoot(Command<A> root, List<Option> globals, List<Section> sections) {
        var page = new ManPage();
        var body = root.body().get();
        page.head(List.of(root));
        page.description(root, body);
        page.section("COMMANDS");
        for (var child : shown(body.children())) {
            page.entry(child.name(), child.summary());
        }
        page.section("OPTIONS OF EVERY COMMAND");
        page.options(globals);
        page.examples(body.examples(), "SH");
        for (var section : sections) {
            page.section(section.title());
            section.entries().forEach(entry -> page.entry(entry.term(), entry.meaning()));
        }
        page.section("SEE ALSO");
        page.line(shown(body.children()).stream()
                .map(child -> bold(root.name() + "-" + child.name()) + "(1)")
                .collect(Collectors.joining(", ")));
        return page.text.toString();
    }

    /** @param path from the root to the command of the page */
    public static <A> String of(List<Command<A>> path) {
        var page = new ManPage();
        var command = path.getLast();
        var body = command.body().get();
        page.head(path);
        page.description(command, body);
        if (!body.options().isEmpty() || body.words().most() > 0) {
            page.section("OPTIONS");
            page.words(body.words());
            page.options(body.options());
        }
        page.examples(body.examples(), "SH");
        if (!body.children().isEmpty()) {
            page.section("COMMANDS");
            for (var child : shown(body.children())) {
                page.below(path, child);
            }
        }
        page.section("SEE ALSO");
        page.line(bold(path.getFirst().name()) + "(1), which has the options of every command and the exit codes");
        return page.text.toString();
    }

    /** An empty summary keeps a command out. */
    private static <A> List<Command<A>> shown(List<Command<A>> commands) {
        return commands.stream().filter(each -> !each.summary().isEmpty()).toList();
    }

    private <A> void head(List<Command<A>> path) {
        String name = path.stream().map(Command::name).collect(Collectors.joining("-"));
        macro("TH", quoted(name.toUpperCase(Locale.ROOT)), "1", "\"\"", "Guardian", quoted("User commands"));
        section("NAME");
        line(escaped(name) + " \\- " + escaped(path.getLast().summary()));
        section("SYNOPSIS");
        line(bold(HelpPage.usage(path).replaceFirst("Usage: ", "")));
        section("DESCRIPTION");
    }

    private <A> void below(List<Command<A>> above, Command<A> command) {
        var path = new ArrayList<>(above);
        path.add(command);
        var body = command.body().get();
        macro("SS", quoted(path.stream().map(Command::name).collect(Collectors.joining(" "))));
        line(bold(HelpPage.usage(path).replaceFirst("Usage: ", "")));
        macro("PP");
        description(command, body);
        words(body.words());
        options(body.options());
        examples(body.examples(), "PP");
        shown(body.children()).forEach(child -> below(path, child));
    }

    private <A> void description(Command<A> command, Command.Body<A> body) {
        String between = "";
        for (String paragraph :
                (body.description().isEmpty() ? command.summary() : body.description()).split("\n\n", -1)) {
            text.append(between);
            line(escaped(paragraph.replace('\n', ' ')));
            between = ".PP\n";
        }
        if (!command.otherNames().isEmpty()) {
            macro("PP");
            line("Also: " + escaped(String.join(", ", command.otherNames())) + ".");
        }
    }

    private void words(Positional words) {
        if (words.most() > 0) {
            entry(words.label(), words.help());
        }
    }

    /** @param heading the macro that begins them: a section of their own, or a paragraph */
    private void examples(List<Command.Example> examples, String heading) {
        if (examples.isEmpty()) {
            return;
        }
        if (heading.equals("SH")) {
            section("EXAMPLES");
        } else {
            macro("PP");
            line("Examples:");
        }
        for (var example : examples) {
            macro("TP");
            line(escaped(example.meaning()) + ":");
            line(bold(example.line()));
        }
    }

    private void section(String title) {
        macro("SH", quoted(title));
    }

    private void entry(String term, String meaning) {
        macro("TP");
        line(bold(term));
        line(escaped(meaning));
    }

    private void options(List<Option> options) {
        boolean generated = false;
        for (var option : options) {
            if (option.help().startsWith(GENERATED)) {
                generated = true;
            } else if (!option.hidden()) {
                entry(HelpPage.label(option), option.help());
            }
        }
        if (generated) {
            macro("PP");
            line("Every field of the record can be tested by options made from the search schema, such as "
                    + "\\fB\\-\\-FIELD\\-contains\\fR; \\fB\\-\\-help\\fR lists them.");
        }
    }

    private void macro(String... words) {
        text.append('.').append(String.join(" ", words)).append('\n');
    }

    private void line(String words) {
        text.append(words.startsWith(".") || words.startsWith("'") ? "\\&" : "")
                .append(words)
                .append('\n');
    }

    private static String bold(String words) {
        return "\\fB" + escaped(words) + "\\fR";
    }

    private static String quoted(String words) {
        return "\"" + words.replace("\"", "\"\"") + "\"";
    }

    private static String escaped(String words) {
        return words.replace("\\", "\\e").replace("-", "\\-");
    }
}
