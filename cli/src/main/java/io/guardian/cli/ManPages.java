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
    private static final List<ManPage.Section> SECTIONS = List.of(
            new ManPage.Section(
                    "EXIT STATUS",
                    List.of(
                            new ManPage.Entry(
                                    "0", "Done; also when nothing was found, and when an edit was cancelled."),
                            new ManPage.Entry("1", "Failed, refused or not found."),
                            new ManPage.Entry("2", "Wrong usage."),
                            new ManPage.Entry("130", "Interrupted."))),
            new ManPage.Section(
                    "ENVIRONMENT",
                    List.of(
                            new ManPage.Entry(
                                    "SPYCTL_API_URL, SPYCTL_API_KEY, SPYCTL_ORG",
                                    "Address, key and organisation instead of the context's; with all three no file is"
                                            + " needed."),
                            new ManPage.Entry(
                                    "SPYCTL_CERT_SHA256", "SHA-256 of the server's certificate, if it is self-signed."),
                            new ManPage.Entry("SPYCTL_CONTEXT", "Context to use."),
                            new ManPage.Entry("SPYCTL_HOME", "Folder of the files, instead of ~/.spyctl."),
                            new ManPage.Entry("VISUAL, EDITOR", "Editor, in this order; else vi."),
                            new ManPage.Entry("PAGER", "Pager; else less -R."),
                            new ManPage.Entry("NO_COLOR, TERM=dumb", "No colour."),
                            new ManPage.Entry(
                                    "HTTPS_PROXY, NO_PROXY, SSL_CERT_FILE", "What they mean to other programs."))),
            new ManPage.Section(
                    "FILES",
                    List.of(
                            new ManPage.Entry("~/.spyctl/config", "Contexts, and which of them is current."),
                            new ManPage.Entry("~/.spyctl/.secrets/secrets", "Keys; only the owner may read them."),
                            new ManPage.Entry(
                                    ".spyctl/config",
                                    "Contexts of a workspace: of the current folder or one above it."))));

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
        pages.put("spyctl.1", ManPage.ofRoot(root, Globals.OPTIONS, SECTIONS));
        for (var command : root.body().get().children()) {
            if (!command.summary().isEmpty()) {
                pages.put("spyctl-" + command.name() + ".1", ManPage.of(List.of(root, command)));
            }
        }
        return pages;
    }
}
