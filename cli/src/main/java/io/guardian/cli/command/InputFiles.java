package io.guardian.cli.command;

import io.guardian.cli.session.Session;
import io.guardian.cli.shell.Failure;
import io.guardian.core.document.Document;
import io.guardian.core.document.Documents;
import io.guardian.core.document.Parsed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The files a command was given: read, parsed and checked, all of them before anything is done. */
final class InputFiles {
    private static final int MAX_BYTES = 64 << 20;
    private static final String STDIN = "-";

    private InputFiles() {}

    /** @param name as the person named it */
    record Input(String name, Parsed parsed) {}

    /** Reads everything the patterns name: paths, globs, {@code -} for stdin. */
    static List<Input> read(Session session, List<String> patterns) {
        var inputs = new ArrayList<Input>();
        boolean stdinRead = false;
        for (String pattern : patterns) {
            if (pattern.equals(STDIN)) {
                if (stdinRead) {
                    throw Failure.usage("stdin can be read only once");
                }
                stdinRead = true;
                inputs.add(new Input("stdin", Documents.parse("stdin", stdin(session))));
                continue;
            }
            for (String name : expand(session, pattern)) {
                inputs.add(new Input(name, Documents.parse(name, bytes(session, name))));
            }
        }
        return inputs;
    }

    /** As {@link #read}, but says every problem and fails when there is one. Notices are said too. */
    static List<Document> documents(Session session, List<String> patterns) {
        return checked(session, read(session, patterns));
    }

    static List<Document> checked(Session session, List<Input> inputs) {
        var errors = inputs.stream()
                .flatMap(input -> input.parsed().errors().stream())
                .toList();
        errors.forEach(problem -> session.talk().error(Failure.because(problem.toString())));
        if (!errors.isEmpty()) {
            throw Failure.silent(Failure.FAILED);
        }
        inputs.stream()
                .flatMap(input -> input.parsed().notices().stream())
                .forEach(notice -> session.talk().warn(notice.toString()));
        return inputs.stream()
                .flatMap(input -> input.parsed().documents().stream())
                .toList();
    }

    private static byte[] stdin(Session session) {
        try {
            byte[] bytes = session.world().in().readNBytes(MAX_BYTES + 1);
            return checkSize(bytes, "stdin");
        } catch (IOException unreadable) {
            throw Failure.because("cannot read stdin: " + unreadable.getMessage());
        }
    }

    static byte[] bytes(Session session, String name) {
        var path = session.world().path(name);
        if (Files.isDirectory(path)) {
            throw Failure.because("cannot read `" + name + "`: it is a directory");
        }
        try (var in = Files.newInputStream(path)) {
            return checkSize(in.readNBytes(MAX_BYTES + 1), name);
        } catch (java.nio.file.NoSuchFileException _) {
            throw Failure.because("no such file `" + name + "`");
        } catch (java.nio.file.AccessDeniedException _) {
            throw Failure.because("cannot read `" + name + "`: permission denied");
        } catch (IOException unreadable) {
            throw Failure.because("cannot read `" + name + "`: " + unreadable.getMessage());
        }
    }

    private static byte[] checkSize(byte[] bytes, String name) {
        if (bytes.length > MAX_BYTES) {
            throw Failure.because("`" + name + "` is larger than " + (MAX_BYTES >> 20) + " MiB, split it");
        }
        return bytes;
    }

    /** The pattern itself if such a file exists, else the files it matches, sorted. */
    private static List<String> expand(Session session, String pattern) {
        var path = session.world().path(pattern);
        boolean isGlob = pattern.matches(".*[*?\\[].*");
        if (Files.exists(path) || !isGlob) {
            return List.of(pattern);
        }
        int slash = pattern.lastIndexOf('/');
        String directory = pattern.substring(0, slash + 1);
        var found = new ArrayList<String>();
        Path folder = directory.isEmpty()
                ? session.world().directory()
                : session.world().path(directory);
        try (var entries = Files.newDirectoryStream(folder, pattern.substring(slash + 1))) {
            for (var entry : entries) {
                if (Files.isRegularFile(entry)) {
                    found.add(directory + entry.getFileName());
                }
            }
        } catch (IOException | java.util.regex.PatternSyntaxException _) {
            throw Failure.because("no file matches `" + pattern + "`");
        }
        if (found.isEmpty()) {
            throw Failure.because("no file matches `" + pattern + "`");
        }
        found.sort(null);
        return found;
    }
}
