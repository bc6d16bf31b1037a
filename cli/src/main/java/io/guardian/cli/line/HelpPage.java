package io.guardian.cli.line;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Help for one command, as plain text of at most 100 columns. */
public final class HelpPage {
    private static final int WIDTH = 100;
    private static final int LABEL_WIDTH = 34;
    private static final int FEW = 3;

    private final StringBuilder text = new StringBuilder();

    private HelpPage() {}

    /**
     * The help of the last command of the path.
     *
     * @param globals shown for the root; other pages point there
     */
    public static <A> String of(List<Command<A>> path, List<Option> globals) {
        var page = new HelpPage();
        var command = path.getLast();
        var body = command.body().get();
        page.text.append(usage(path)).append("\n\n");
        page.paragraph(body.description().isEmpty() ? command.summary() : body.description());
        if (!command.otherNames().isEmpty()) {
            page.paragraph("Also: " + String.join(", ", command.otherNames()));
        }
        if (body.words().most() > 0) {
            page.section(
                    "Words", List.of(List.of(body.words().label(), body.words().help())));
        }
        page.section(
                "Commands",
                body.children().stream()
                        .filter(child -> !child.summary().isEmpty())
                        .map(child -> List.of(child.name(), child.summary()))
                        .toList());
        page.section("Options", rows(body.options()));
        if (path.size() == 1) {
            page.section("Options of every command", rows(globals));
        } else {
            page.paragraph("Options of every command: spyctl --help");
        }
        page.examples(body.examples());
        return page.text.toString();
    }

    /**
     * {@code Usage: spyctl get policies [OPTIONS] [NAME_OR_UID]}. A group may say what follows better than "COMMAND".
     */
    public static <A> String usage(List<Command<A>> path) {
        var body = path.getLast().body().get();
        boolean told = body.children().isEmpty() || body.words().most() > 0;
        String words = told ? body.words().usage() : choice(body);
        String names = path.stream().map(Command::name).collect(Collectors.joining(" "));
        return ("Usage: " + names + " [OPTIONS] " + words).stripTrailing();
    }

    /** {@code pod|process}, or {@code COMMAND} where there are many. */
    private static <A> String choice(Command.Body<A> body) {
        var names = body.children().stream()
                .filter(child -> !child.summary().isEmpty())
                .map(Command::name)
                .toList();
        return names.size() <= FEW ? String.join("|", names) : "COMMAND";
    }

    static List<List<String>> rows(List<Option> options) {
        var rows = new ArrayList<List<String>>();
        for (var option : options) {
            if (!option.hidden()) {
                rows.add(List.of(label(option), option.help()));
            }
        }
        return rows;
    }

    /** {@code -o, --output default|yaml|json}. */
    static String label(Option option) {
        String names = String.join(", ", option.names());
        return switch (option.arity()) {
            case NONE -> names;
            case ONE -> names + " " + option.label();
            case OPTIONAL -> names + " [" + option.label() + "]";
            case MANY -> names + " " + option.label() + "...";
        };
    }

    private void section(String title, List<List<String>> rows) {
        if (rows.isEmpty()) {
            return;
        }
        text.append(title).append(":\n");
        for (var row : rows) {
            String label = "  " + row.getFirst();
            boolean fits = label.length() < LABEL_WIDTH - 1;
            text.append(
                    fits ? label + " ".repeat(LABEL_WIDTH - label.length()) : label + "\n" + " ".repeat(LABEL_WIDTH));
            text.append(String.join("\n" + " ".repeat(LABEL_WIDTH), wrap(row.getLast(), WIDTH - LABEL_WIDTH)));
            text.append('\n');
        }
        text.append('\n');
    }

    private void paragraph(String words) {
        for (String part : words.split("\n\n", -1)) {
            text.append(String.join("\n", wrap(part.replace('\n', ' '), WIDTH))).append("\n\n");
        }
    }

    private void examples(List<Command.Example> examples) {
        if (examples.isEmpty()) {
            return;
        }
        text.append("Examples:\n");
        for (var example : examples) {
            text.append("  # ")
                    .append(example.meaning())
                    .append("\n  ")
                    .append(example.line())
                    .append("\n");
        }
    }

    private static List<String> wrap(String words, int width) {
        var lines = new ArrayList<String>();
        var line = new StringBuilder();
        for (String word : words.split(" ", -1)) {
            if (!line.isEmpty() && line.length() + 1 + word.length() > width) {
                lines.add(line.toString());
                line.setLength(0);
            }
            line.append(line.isEmpty() ? "" : " ").append(word);
        }
        lines.add(line.toString());
        return lines;
    }
}
