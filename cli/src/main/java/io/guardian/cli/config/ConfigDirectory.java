package io.guardian.cli.config;

import io.guardian.cli.shell.Failure;
import io.guardian.core.text.Json;
import io.guardian.core.text.Problems;
import io.guardian.core.text.TreeJson;
import io.guardian.core.text.TreeReader;
import io.guardian.core.text.YamlWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** One {@code .spyctl} directory: the global one, or that of a workspace. */
public record ConfigDirectory(Path path) {

    public Path configPath() {
        return path.resolve("config");
    }

    public Path secretsPath() {
        return path.resolve(".secrets").resolve("secrets");
    }

    /** @param skipped gets a line for every context that can't be used */
    public ConfigFile config(List<String> skipped) {
        var documents = documents(configPath());
        if (documents.isEmpty() || !(documents.getFirst() instanceof Json.Obj document)) {
            return ConfigFile.EMPTY;
        }
        var contexts = new ArrayList<Context>();
        for (var entry : document.array("contexts").objects()) {
            Context.read(entry)
                    .ifPresentOrElse(
                            contexts::add,
                            () -> skipped.add("context `" + entry.text("name") + "` in " + configPath()
                                    + " is not valid and was skipped"));
        }
        var current = document.string("current-context").filter(name -> !name.isEmpty());
        return new ConfigFile(contexts, current);
    }

    void write(ConfigFile config) {
        Files600.replace(configPath(), YamlWriter.write(config.toJson()));
    }

    public List<Secret> secrets() {
        var secrets = new ArrayList<Secret>();
        for (var document : documents(secretsPath())) {
            var items = document instanceof Json.Arr list ? list.items() : List.of(document);
            for (var item : items) {
                if (item instanceof Json.Obj object) {
                    Secret.read(object).ifPresent(secrets::add);
                }
            }
        }
        return secrets;
    }

    void write(List<Secret> secrets) {
        var list = new Json.Arr(
                secrets.stream().map(secret -> (Json) secret.toJson()).toList());
        Files600.replace(secretsPath(), YamlWriter.write(list));
    }

    private static List<Json> documents(Path file) {
        Optional<String> text = Files600.read(file);
        if (text.isEmpty()) {
            return List.of();
        }
        var problems = new Problems();
        var documents = TreeReader.read(file.toString(), text.get(), problems).stream()
                .map(TreeJson::toJson)
                .toList();
        if (problems.errorCount() > 0) {
            throw Failure.because(problems.errors().getFirst().toString());
        }
        return documents;
    }
}
