package io.guardian.cli.command;

import io.guardian.cli.session.Session;
import io.guardian.cli.shell.Editor;
import io.guardian.cli.shell.Failure;
import io.guardian.core.document.Document;
import io.guardian.core.document.Documents;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * One text in the editor until it is right, or left as it was.
 *
 * <p>Comment lines that begin with {@value #MARK} are ours: instructions and problems; they are taken out again.
 */
final class EditSession {
    private static final String MARK = "#| ";

    private final Session session;
    private final String what;

    /** @param what shown to the person on top of the text */
    EditSession(Session session, String what) {
        this.session = session;
        this.what = what;
    }

    /** A text that was changed and is right; it stays in a file until it is {@link #forget forgotten}. */
    record Edited(String text, Document document, Path keep) {
        void forget() {
            try {
                Files.deleteIfExists(keep);
            } catch (IOException _) {
                // A file left in the temporary directory does no harm.
            }
        }
    }

    /**
     * @param further finds what is wrong with a document beyond its own form
     * @return empty when nothing was changed
     */
    Optional<Edited> edit(String original, Function<Document, Optional<String>> further) {
        var file = temporary();
        List<String> problems = List.of();
        String start = withoutHeader(original);
        String text = start;
        try {
            while (true) {
                String shown = header(problems) + text;
                Files.writeString(file, shown);
                new Editor(session.world()).open(file);
                String saved = withoutHeader(Files.readString(file));
                boolean unchanged = saved.equals(text);
                if (saved.isBlank() || saved.equals(start) || unchanged && !problems.isEmpty()) {
                    Files.deleteIfExists(file);
                    return Optional.empty();
                }
                var parsed = Documents.parse("", saved);
                problems =
                        problems(parsed.errors().stream().map(Object::toString).toList(), parsed.documents(), further);
                if (problems.isEmpty()) {
                    parsed.notices().forEach(notice -> session.talk().warn(notice.toString()));
                    Files.writeString(file, saved);
                    return Optional.of(new Edited(saved, parsed.documents().getFirst(), file));
                }
                text = saved;
            }
        } catch (IOException failed) {
            throw Failure.because("cannot use the temporary file " + file + ": " + failed.getMessage());
        }
    }

    private static List<String> problems(
            List<String> errors, List<Document> documents, Function<Document, Optional<String>> further) {
        var problems = new ArrayList<>(errors);
        if (errors.isEmpty()) {
            documents.forEach(document -> further.apply(document).ifPresent(problems::add));
        }
        return problems;
    }

    private static Path temporary() {
        try {
            var ownerOnly = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
            return Files.createTempFile("spyctl-edit-", ".yaml", ownerOnly);
        } catch (IOException unwritable) {
            throw Failure.because("cannot make a temporary file: " + unwritable.getMessage());
        }
    }

    private String header(List<String> problems) {
        var lines = new ArrayList<String>();
        lines.add("Editing " + what + ". Lines like this one are taken out.");
        lines.add("Leave the text as it is, or empty, to cancel.");
        if (!problems.isEmpty()) {
            lines.add("");
            lines.add("This is not right yet (line:column are those of the text below these lines):");
            problems.forEach(problem -> lines.add("  " + problem));
        }
        return lines.stream().map(line -> (MARK + line).stripTrailing() + "\n").collect(Collectors.joining());
    }

    private static String withoutHeader(String text) {
        return text.lines()
                .filter(line -> !line.startsWith(MARK.strip()))
                .map(line -> line + "\n")
                .collect(Collectors.joining());
    }
}
