package io.guardian.cli.line;

import java.util.List;
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

    /** @param path from the root to the command of the page */
    public static <A> String of(List<Command<A>> path, List<Option> globals) {
        var page = new ManPage();
        String name = path.stream().map(Command::name).collect(Collectors.joining("-"));
        page.macro(
                "TH",
                quoted(name.toUpperCase(java.util.Locale.ROOT)),
                "1",
                "\"\"",
                "Guardian",
                quoted("User commands"));
        page.macro("SH", "NAME");
        page.line(escaped(name) + " \\- " + escaped(path.getLast().summary()));
        page.macro("SH", "SYNOPSIS");
        page.line(bold(HelpPage.usage(path).replaceFirst("Usage: ", "")));
        page.macro("SH", "DESCRIPTION");
        page.command(path, true);
        if (path.size() == 1) {
            page.macro("SH", quoted("OPTIONS OF EVERY COMMAND"));
            page.options(globals);
            page.macro("SH", quoted("EXIT STATUS"));
            page.line("0 done; 1 failed, refused or not found; 2 wrong usage; 130 interrupted.");
        }
        return page.text.toString();
    }

    private <A> void command(List<Command<A>> path, boolean top) {
        var command = path.getLast();
        var body = command.body().get();
        if (!top) {
            macro("SS", quoted(path.stream().map(Command::name).collect(Collectors.joining(" "))));
            line(bold(HelpPage.usage(path).replaceFirst("Usage: ", "")));
            macro("PP");
        }
        for (String paragraph :
                (body.description().isEmpty() ? command.summary() : body.description()).split("\n\n", -1)) {
            line(escaped(paragraph.replace('\n', ' ')));
            macro("PP");
        }
        if (!command.aliases().isEmpty()) {
            line("Also: " + escaped(String.join(", ", command.aliases())) + ".");
        }
        options(body.options());
        for (var example : body.examples()) {
            macro("PP");
            line(escaped(example.meaning()) + ":");
            macro("PP");
            line(bold(example.line()));
        }
        boolean descends = path.size() > 1;
        for (var child : body.children()) {
            if (child.summary().isEmpty()) {
                continue;
            }
            if (descends) {
                var below = new java.util.ArrayList<>(path);
                below.add(child);
                command(below, false);
            } else {
                macro("TP");
                line(bold(child.name()));
                line(escaped(child.summary()));
            }
        }
    }

    private void options(List<Option> options) {
        boolean generated = false;
        for (var option : options) {
            if (option.help().startsWith(GENERATED)) {
                generated = true;
            } else if (!option.hidden()) {
                macro("TP");
                line(bold(HelpPage.label(option)));
                line(escaped(option.help()));
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
