package io.guardian.cli.session;

import io.guardian.cli.api.Server;
import io.guardian.cli.config.Context;
import io.guardian.cli.config.Secret;
import io.guardian.cli.shell.Failure;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Which server and organisation a call is for: options first, then the environment, then the context. There is no
 * built-in address, so a key is never sent to a host that nobody named.
 */
record Target(Server server, String organization, Map<String, List<String>> filters) {

    static Target choose(Session session) {
        var world = session.world();
        var arguments = session.arguments();
        var url = arguments.value("--api-url").or(() -> world.variable("SPYCTL_API_URL"));
        var key = world.variable("SPYCTL_API_KEY");
        var org = arguments.value("--org").or(() -> world.variable("SPYCTL_ORG"));
        boolean complete = url.isPresent() && key.isPresent() && org.isPresent();
        var context = contextName(session, complete).map(session.settings()::context);
        var secret = context.filter(_ -> url.isEmpty() || key.isEmpty())
                .map(Context::secret)
                .map(session.settings()::secret);
        var pin = world.variable("SPYCTL_CERT_SHA256")
                .or(() -> secret.filter(_ -> url.isEmpty())
                        .flatMap(found -> found.server().certificateSha256()));
        var server = new Server(
                url.or(() -> secret.map(Secret::server).map(Server::url)).orElseThrow(Target::nothingSet),
                key.or(() -> secret.map(Secret::server).map(Server::key)).orElseThrow(Target::nothingSet),
                pin);
        return new Target(
                server,
                org.or(() -> context.map(Context::organization)).orElseThrow(Target::nothingSet),
                context.map(Context::filters).orElse(Map.of()));
    }

    /** @param complete whether options and environment say all; then the current context has no say */
    private static Optional<String> contextName(Session session, boolean complete) {
        return session.arguments()
                .value("--context")
                .or(() -> session.world().variable("SPYCTL_CONTEXT"))
                .or(() -> complete ? Optional.empty() : session.settings().current());
    }

    private static Failure nothingSet() {
        return Failure.because(
                "no context is set",
                List.of(" make one with `spyctl config set-apisecret` and `spyctl config set-context`,"
                        + " or set SPYCTL_API_URL, SPYCTL_API_KEY and SPYCTL_ORG"));
    }
}
