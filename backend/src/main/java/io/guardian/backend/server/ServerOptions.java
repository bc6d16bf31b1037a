package io.guardian.backend.server;

import io.guardian.backend.respond.KillLimits;
import io.guardian.backend.store.Retention;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * How the server was asked to run.
 *
 * @param data where everything is kept
 * @param listen address to listen on
 * @param port 0 takes a free one
 * @param insecureHttp plain HTTP off loopback
 * @param kills how far policies may go in killing pods
 * @param remoteMetrics whether {@code /metrics} answers others than this machine
 * @param retention how much history is kept
 */
public record ServerOptions(
        Path data,
        String listen,
        int port,
        Optional<Path> tlsCert,
        Optional<Path> tlsKey,
        boolean insecureHttp,
        boolean remoteMetrics,
        Retention retention,
        KillLimits kills) {

    /** The arguments can't be used; the message says what to do. */
    public static final class BadOption extends Exception {
        BadOption(String message) {
            super(message);
        }
    }

    public static ServerOptions parse(List<String> arguments) throws BadOption {
        var rest = new ArrayList<>(arguments);
        var data = Path.of(value(rest, "--data")
                .orElseThrow(() -> new BadOption("`--data DIR` is missing: say where to keep the data")));
        var options = new ServerOptions(
                data.toAbsolutePath().normalize(),
                value(rest, "--listen").orElse("127.0.0.1"),
                port(value(rest, "--port").orElse("8480")),
                value(rest, "--tls-cert").map(Path::of),
                value(rest, "--tls-key").map(Path::of),
                rest.remove("--insecure-http"),
                rest.remove("--remote-metrics"),
                retention(rest),
                kills(rest));
        if (!rest.isEmpty()) {
            throw new BadOption(
                    "unknown option `" + rest.getFirst()
                            + "`; known are --data, --listen, --port, --tls-cert, --tls-key, --insecure-http, --remote-metrics, --keep-days, --keep-gib, --kills-a-minute, --protected-namespaces");
        }
        if (options.tlsCert.isPresent() != options.tlsKey.isPresent()) {
            throw new BadOption("`--tls-cert` and `--tls-key` go together: give both or none");
        }
        return options;
    }

    private static Optional<String> value(List<String> arguments, String name) throws BadOption {
        for (int i = 0; i < arguments.size(); i++) {
            if (arguments.get(i).startsWith(name + "=")) {
                return Optional.of(arguments.remove(i).substring(name.length() + 1));
            }
            if (arguments.get(i).equals(name)) {
                if (i + 1 == arguments.size()) {
                    throw new BadOption("`" + name + "` needs a value");
                }
                arguments.remove(i);
                return Optional.of(arguments.remove(i));
            }
        }
        return Optional.empty();
    }

    private static Retention retention(List<String> arguments) throws BadOption {
        long days = whole(arguments, "--keep-days", Retention.DEFAULT.age().toDays(), 3650);
        long gib = whole(arguments, "--keep-gib", Retention.DEFAULT.maxBytes() >> 30, 65_536);
        return new Retention(Duration.ofDays(days), gib << 30);
    }

    private static KillLimits kills(List<String> arguments) throws BadOption {
        long aMinute = whole(arguments, "--kills-a-minute", KillLimits.DEFAULT.aMinute(), 1_000_000);
        var namespaces = value(arguments, "--protected-namespaces")
                .map(text -> Arrays.stream(text.split(",", -1))
                        .map(String::strip)
                        .filter(name -> !name.isEmpty())
                        .collect(Collectors.toSet()))
                .orElse(KillLimits.DEFAULT.protectedNamespaces());
        return KillLimits.DEFAULT.with((int) aMinute, namespaces);
    }

    /** A whole number from 1 to {@code most}. */
    private static long whole(List<String> arguments, String name, long otherwise, long most) throws BadOption {
        var given = value(arguments, name);
        if (given.isEmpty()) {
            return otherwise;
        }
        try {
            long number = Long.parseLong(given.get());
            if (number >= 1 && number <= most) {
                return number;
            }
        } catch (NumberFormatException notANumber) {
            // said below
        }
        throw new BadOption("`" + name + " " + given.get() + "`: give a whole number from 1 to " + most);
    }

    private static int port(String text) throws BadOption {
        try {
            int port = Integer.parseInt(text);
            if (port >= 0 && port <= 65_535) {
                return port;
            }
        } catch (NumberFormatException notANumber) {
            // said below
        }
        throw new BadOption("`--port " + text + "` is not a port: give a number from 0 to 65535");
    }
}
