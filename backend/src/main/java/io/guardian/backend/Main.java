package io.guardian.backend;

import io.guardian.backend.server.Logging;
import io.guardian.backend.server.Server;
import io.guardian.backend.server.ServerOptions;
import java.time.Clock;
import java.util.List;
import java.util.Optional;

/** The server program: {@code --data DIR [--listen ADDR] [--port N] [--tls-cert F --tls-key F] [--insecure-http]}. */
public final class Main {
    private Main() {}

    /** Standard output says when the server answers; everything else is logged to standard error. */
    public static void main(String[] arguments) {
        Logging.begin();
        try {
            var options = ServerOptions.parse(List.of(arguments));
            var chosenKey =
                    Optional.ofNullable(System.getenv("GUARDIAN_API_KEY")).filter(key -> !key.isBlank());
            var server = Server.start(options, chosenKey, Clock.systemUTC());
            Runtime.getRuntime()
                    .addShutdownHook(Thread.ofPlatform().name("stop").unstarted(server::close));
            System.out.println("ready on " + server.url());
        } catch (ServerOptions.BadOption | Server.CannotStart refused) {
            System.err.println("guardian server: " + refused.getMessage());
            System.exit(1);
        }
    }
}
