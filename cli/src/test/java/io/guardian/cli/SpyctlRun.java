package io.guardian.cli;

import io.guardian.cli.shell.Terminal;
import io.guardian.cli.shell.World;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Runs spyctl with streams, directory, clock and terminal of the test's own. */
final class SpyctlRun {
    static final Instant NOW = Instant.parse("2026-11-20T15:22:51Z");

    private final Path directory;
    private final Map<String, String> env = new LinkedHashMap<>();
    private final List<Duration> pauses = new ArrayList<>();
    private String stdin = "";
    private Terminal terminal = Terminal.NONE;

    SpyctlRun(Path directory) {
        this.directory = directory;
        env.put("HOME", directory.resolve("home").toString());
        env.put("PATH", System.getenv().getOrDefault("PATH", "/usr/bin:/bin"));
    }

    /** Points it at a server by the environment alone. */
    SpyctlRun at(ApiFixture server) {
        env.put("SPYCTL_API_URL", server.url());
        env.put("SPYCTL_API_KEY", ApiFixture.KEY);
        env.put("SPYCTL_ORG", "acme");
        return this;
    }

    SpyctlRun env(String name, String value) {
        env.put(name, value);
        return this;
    }

    SpyctlRun stdin(String text) {
        stdin = text;
        return this;
    }

    /** Somebody sits there and types these lines. */
    SpyctlRun typing(String... lines) {
        terminal = new TypingTerminal(List.of(lines));
        return this;
    }

    Path directory() {
        return directory;
    }

    Path file(String name, String text) {
        try {
            return Files.writeString(directory.resolve(name), text);
        } catch (IOException unwritable) {
            throw new UncheckedIOException(unwritable);
        }
    }

    String read(String name) {
        try {
            return Files.readString(directory.resolve(name));
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    List<Duration> pauses() {
        return List.copyOf(pauses);
    }

    /** What a run left behind. */
    record Result(int code, String out, String err) {}

    Result run(String... words) {
        var out = new ByteArrayOutputStream();
        var err = new ByteArrayOutputStream();
        var world = new World(
                new ByteArrayInputStream(stdin.getBytes(StandardCharsets.UTF_8)),
                new PrintStream(out, false, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                env,
                directory,
                Clock.fixed(NOW, ZoneOffset.UTC),
                pauses::add,
                terminal);
        int code = Spyctl.run(List.of(words), world);
        world.out().flush();
        return new Result(code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }
}
