package io.guardian.cli.get;

import io.guardian.cli.session.Session;
import io.guardian.cli.shell.Failure;
import io.guardian.core.text.Json;
import io.guardian.core.text.YamlWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.StandardOpenOption;
import java.util.List;

/** Writes each document to a file of its name in the working directory, never over a file that is there. */
final class DocumentFiles {
    private static final int MOST_TRIES = 10_000;

    private DocumentFiles() {}

    static void write(Session session, List<Json.Obj> documents) {
        for (var document : documents) {
            String name = document.object("metadata").text("name").replaceAll("[^A-Za-z0-9._-]", "_");
            session.talk()
                    .say("Wrote " + write(session, name.isEmpty() ? "document" : name, YamlWriter.write(document)));
        }
    }

    private static String write(Session session, String name, String text) {
        for (int number = 0; number < MOST_TRIES; number++) {
            String file = number == 0 ? name + ".yaml" : name + "_" + number + ".yaml";
            var path = session.world().directory().resolve(file);
            if (Files.exists(path)) {
                continue;
            }
            try {
                Files.writeString(path, text, StandardOpenOption.CREATE_NEW);
                return file;
            } catch (IOException unwritable) {
                throw Failure.because("cannot write " + path + ": " + unwritable.getMessage());
            }
        }
        throw Failure.because("too many files are called " + name + ".yaml");
    }
}
