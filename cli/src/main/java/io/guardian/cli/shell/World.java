package io.guardian.cli.shell;

import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;

/** Everything outside that a run may look at or write to. */
public record World(
        InputStream in,
        PrintStream out,
        PrintStream err,
        Map<String, String> env,
        Path directory,
        Clock clock,
        Pause pause,
        Terminal terminal) {
    public World {
        env = Map.copyOf(env);
    }

    /** The process's own streams and environment. */
    public static World real() {
        var out = new BufferedOutputStream(new FileOutputStream(FileDescriptor.out), 1 << 14);
        var err = new FileOutputStream(FileDescriptor.err);
        return new World(
                System.in,
                new PrintStream(out, false, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                System.getenv(),
                Path.of("").toAbsolutePath(),
                Clock.systemUTC(),
                Pause.REAL,
                new DeviceTerminal());
    }

    /** A variable that is set and not empty. */
    public Optional<String> variable(String name) {
        return Optional.ofNullable(env.get(name)).filter(value -> !value.isEmpty());
    }

    /** A path as typed, seen from the working directory; {@code ~/} is the home directory. */
    public Path path(String typed) {
        if (typed.startsWith("~/")) {
            return home().resolve(typed.substring(2));
        }
        return directory.resolve(typed);
    }

    public Path home() {
        return Path.of(variable("HOME").orElseGet(() -> System.getProperty("user.home", "/")));
    }
}
