package io.guardian.cli;

import io.guardian.cli.command.Action;
import io.guardian.cli.command.Commands;
import io.guardian.cli.line.Command;
import io.guardian.cli.line.ManPage;
import io.guardian.cli.session.Globals;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Writes the manual pages into a directory: one for {@code spyctl} and one for each of its commands. */
public final class ManPages {
    private ManPages() {}

    public static void main(String[] words) throws IOException {
        var directory = Path.of(words[0]);
        Files.createDirectories(directory);
        for (var page : all().entrySet()) {
            Files.writeString(directory.resolve(page.getKey()), page.getValue());
        }
    }

    /** Text of every page by file name. */
    static Map<String, String> all() {
        Command<Action> root = Commands.root();
        var pages = new LinkedHashMap<String, String>();
        pages.put("spyctl.1", ManPage.of(List.of(root), Globals.OPTIONS));
        for (var command : root.body().get().children()) {
            if (!command.summary().isEmpty()) {
                pages.put("spyctl-" + command.name() + ".1", ManPage.of(List.of(root, command), Globals.OPTIONS));
            }
        }
        return pages;
    }
}
