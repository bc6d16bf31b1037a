package io.guardian.cli.config;

import io.guardian.cli.shell.Failure;
import io.guardian.cli.shell.World;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;

/**
 * All configuration that holds in a directory: the global files, and over them those of the workspaces the directory
 * lies in, the nearest winning.
 */
public final class Settings {
    /** Nearest first; the last is the global one. */
    private final List<ConfigDirectory> directories;

    private final List<String> warnings = new ArrayList<>();

    private Settings(List<ConfigDirectory> directories) {
        this.directories = List.copyOf(directories);
    }

    public static Settings of(World world) {
        var global = world.variable("SPYCTL_HOME")
                .map(world::path)
                .orElseGet(() -> world.home().resolve(".spyctl"))
                .toAbsolutePath()
                .normalize();
        var directories = new ArrayList<ConfigDirectory>();
        for (var at = world.directory().toAbsolutePath().normalize(); at != null; at = at.getParent()) {
            var candidate = at.resolve(".spyctl");
            if (!candidate.equals(global)
                    && !candidate.equals(world.home().resolve(".spyctl"))
                    && Files.exists(candidate.resolve("config"))) {
                directories.add(new ConfigDirectory(candidate));
            }
        }
        directories.add(new ConfigDirectory(global));
        return new Settings(directories);
    }

    public ConfigDirectory global() {
        return directories.getLast();
    }

    /** The nearest workspace, if the working directory lies in one. */
    public Optional<ConfigDirectory> workspace() {
        return directories.size() > 1 ? Optional.of(directories.getFirst()) : Optional.empty();
    }

    /** Where changes go: the nearest workspace, else the global directory. */
    public ConfigDirectory target(boolean forceGlobal) {
        return forceGlobal ? global() : workspace().orElseGet(this::global);
    }

    /** A context and the directory that defines it. */
    public record Located(Context context, Path file) {}

    /** Contexts of all directories by name, the nearest definition of each. */
    public List<Located> contexts() {
        var found = new LinkedHashMap<String, Located>();
        for (var directory : directories) {
            for (var context : directory.config(warnings).contexts()) {
                found.putIfAbsent(context.name(), new Located(context, directory.configPath()));
            }
        }
        return List.copyOf(found.values());
    }

    /** Name of the current context, if there is one. */
    public Optional<String> current() {
        return directories.stream()
                .flatMap(directory -> directory.config(warnings).current().stream())
                .filter(name -> !name.equals(ConfigFile.NONE))
                .findFirst();
    }

    /** @throws Failure when no context goes by the name */
    public Context context(String name) {
        return contexts().stream()
                .map(Located::context)
                .filter(context -> context.name().equals(name))
                .findFirst()
                .orElseThrow(() -> Failure.because("no context `" + name + "`, see `spyctl config get-contexts`"));
    }

    /** Secrets of all directories, the nearest of each name. */
    public List<Secret> secrets() {
        var found = new LinkedHashMap<String, Secret>();
        for (var directory : directories) {
            directory.secrets().forEach(secret -> found.putIfAbsent(secret.name(), secret));
        }
        return List.copyOf(found.values());
    }

    /** @throws Failure when no secret goes by the name */
    public Secret secret(String name) {
        return secrets().stream()
                .filter(secret -> secret.name().equals(name))
                .findFirst()
                .orElseThrow(() -> Failure.because(
                        "no secret `" + name + "`, make it with `spyctl config set-apisecret " + name + "`"));
    }

    /** Contexts that were skipped because they are not valid; each is named once. */
    public List<String> warnings() {
        return warnings.stream().distinct().toList();
    }

    public void save(Context context, ConfigDirectory directory, boolean use) {
        var config = directory.config(warnings).with(context);
        boolean first = config.contexts().size() == 1
                && config.current()
                        .filter(name -> !name.equals(ConfigFile.NONE))
                        .isEmpty();
        directory.write(use || first ? config.withCurrent(context.name()) : config);
    }

    public void use(String name, ConfigDirectory directory) {
        directory.write(directory.config(warnings).withCurrent(name));
    }

    public void deleteContext(String name, ConfigDirectory directory) {
        directory.write(directory.config(warnings).without(name));
    }

    public void save(Secret secret) {
        var others = new ArrayList<>(global().secrets());
        others.removeIf(other -> other.name().equals(secret.name()));
        others.add(secret);
        global().write(others);
    }

    public void deleteSecret(String name) {
        global().write(global().secrets().stream()
                .filter(secret -> !secret.name().equals(name))
                .toList());
    }

    /** Makes the working directory a workspace. */
    public static ConfigDirectory createWorkspace(World world) {
        var directory = new ConfigDirectory(world.directory().resolve(".spyctl"));
        directory.write(ConfigFile.EMPTY);
        return directory;
    }
}
