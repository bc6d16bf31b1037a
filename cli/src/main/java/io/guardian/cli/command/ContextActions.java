package io.guardian.cli.command;

import io.guardian.cli.config.ConfigFile;
import io.guardian.cli.config.Context;
import io.guardian.cli.config.Settings;
import io.guardian.cli.line.UsageException;
import io.guardian.cli.output.OutputFormat;
import io.guardian.cli.output.Table;
import io.guardian.cli.session.OrgClient;
import io.guardian.cli.session.Session;
import io.guardian.cli.shell.Failure;
import io.guardian.cli.shell.Prompt;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Contexts and workspaces. */
final class ContextActions {
    /** Option of each filter, by the filter's key in the file. */
    private static final Map<String, String> FILTER_OPTIONS = Map.of(
            "cluster", "--cluster",
            "namespace", "--namespace",
            "machines", "--machines",
            "pod", "--pod",
            "image", "--image",
            "imageID", "--image-id",
            "containerName", "--container-name",
            "containerID", "--container-id",
            "cgroup", "--cgroup");

    private ContextActions() {}

    static int set(Session session) throws UsageException {
        var arguments = session.arguments();
        String name = arguments.word().orElse("");
        if (name.equals(ConfigFile.NONE)) {
            throw new UsageException("`" + name + "` means that no context is current, choose another name");
        }
        String secretName =
                arguments.value("--secret").orElseThrow(() -> new UsageException("option `--secret` is needed"));
        String organization = arguments
                .value("--organization")
                .orElseThrow(() -> new UsageException("option `--organization` is needed"));
        var secret = session.settings().secret(secretName);
        if (!arguments.has("--no-check")) {
            var _ = new OrgClient(session.client(secret.server()), organization, session.settings()).uid();
        }
        var filters = new LinkedHashMap<String, List<String>>();
        for (String key : Context.FILTERS) {
            var values = arguments.list(String.valueOf(FILTER_OPTIONS.get(key)));
            if (!values.isEmpty()) {
                filters.put(key, values);
            }
        }
        var directory = session.settings().target(arguments.has("--global"));
        session.settings()
                .save(new Context(name, secretName, organization, filters), directory, arguments.has("--use-context"));
        session.talk().say("Set context `" + name + "` in " + directory.configPath());
        return 0;
    }

    static int use(Session session) {
        String name = session.arguments().word().orElse("");
        var directory = session.settings().target(session.arguments().has("--global"));
        if (!name.equals(ConfigFile.NONE)) {
            var _ = session.settings().context(name);
        }
        session.settings().use(name, directory);
        session.talk().say("Current context is now `" + name + "`");
        return 0;
    }

    static int current(Session session) {
        var current = session.arguments().has("--global")
                ? session.settings().global().config(new ArrayList<>()).current()
                : session.settings().current();
        session.printer().line(current.orElse(ConfigFile.NONE));
        return 0;
    }

    static int delete(Session session) {
        String name = session.arguments().word().orElse("");
        var directory = session.settings().target(session.arguments().has("--global"));
        if (directory.config(new ArrayList<>()).context(name).isEmpty()) {
            throw Failure.because("no context `" + name + "` in " + directory.configPath());
        }
        if (session.prompt().confirm("Delete context `" + name + "`?", Prompt.Default.NO)) {
            session.settings().deleteContext(name, directory);
            session.talk().say("Deleted context `" + name + "`");
        }
        return 0;
    }

    private static List<Settings.Located> located(Session session) {
        var settings = session.settings();
        var chosen = new ArrayList<>(settings.contexts());
        if (session.arguments().has("--global")) {
            chosen.removeIf(found -> !found.file().equals(settings.global().configPath()));
        }
        if (session.arguments().has("--workspace")) {
            chosen.removeIf(found -> found.file().equals(settings.global().configPath()));
        }
        session.arguments()
                .word()
                .ifPresent(
                        name -> chosen.removeIf(found -> !found.context().name().equals(name)));
        chosen.sort(Comparator.comparing(found -> found.context().name()));
        settings.warnings().forEach(session.talk()::warn);
        return chosen;
    }

    static int list(Session session) {
        var format = CommonOptions.format(session.arguments());
        var chosen = located(session);
        var current = session.settings().current();
        if (!format.isTable()) {
            session.printer().document(List.of(view(chosen, current).toJson()), format);
            return 0;
        }
        boolean wide = format == OutputFormat.WIDE;
        var table = wide
                ? Table.of("CURRENT", "NAME", "ORGANIZATION", "FILTERS", "LOCATION")
                : Table.of("CURRENT", "NAME", "ORGANIZATION", "FILTERS");
        for (var found : chosen) {
            var context = found.context();
            var cells = new ArrayList<String>(List.of(
                    current.filter(context.name()::equals).isPresent() ? "*" : "",
                    context.name(),
                    context.organization(),
                    context.filterText()));
            if (wide) {
                cells.add(found.file().toString());
            }
            table.add(cells);
        }
        session.printer().table(table);
        return 0;
    }

    static int view(Session session) {
        var format = CommonOptions.format(session.arguments());
        session.printer()
                .document(
                        List.of(view(located(session), session.settings().current())
                                .toJson()),
                        format.isTable() ? OutputFormat.YAML : format);
        return 0;
    }

    private static ConfigFile view(List<Settings.Located> chosen, Optional<String> current) {
        return new ConfigFile(chosen.stream().map(Settings.Located::context).toList(), current);
    }

    static int initWorkspace(Session session) {
        var file = session.world().directory().resolve(".spyctl").resolve("config");
        if (Files.exists(file) && !session.prompt().confirm("Replace " + file + "?", Prompt.Default.NO)) {
            return 0;
        }
        var directory = Settings.createWorkspace(session.world());
        session.talk().say("Made the workspace " + directory.configPath());
        return 0;
    }
}
