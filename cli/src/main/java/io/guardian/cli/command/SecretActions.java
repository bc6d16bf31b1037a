package io.guardian.cli.command;

import io.guardian.cli.api.Server;
import io.guardian.cli.config.Secret;
import io.guardian.cli.line.UsageException;
import io.guardian.cli.output.Moments;
import io.guardian.cli.output.OutputFormat;
import io.guardian.cli.output.Table;
import io.guardian.cli.session.Session;
import io.guardian.cli.shell.Failure;
import io.guardian.cli.shell.Prompt;
import io.guardian.core.text.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Stored keys. */
final class SecretActions {
    private static final int MAX_KEY_BYTES = 4096;

    private SecretActions() {}

    static int set(Session session) throws UsageException {
        var arguments = session.arguments();
        String name = arguments.word().orElse("default");
        String url = arguments.value("--apiurl").orElseGet(() -> ask(session, "API URL", "--apiurl", false));
        if (!url.startsWith("http://") && !url.startsWith("https://")) {
            throw new UsageException("invalid API URL `" + url + "`: it begins with http:// or https://");
        }
        String key = arguments.value("--apikey").orElseGet(() -> ask(session, "API key", "--apikey", true));
        if (key.equals("-")) {
            key = fromStdin(session);
        }
        if (key.isBlank()) {
            throw Failure.because("the API key is empty");
        }
        var pin = arguments.value("--cert-sha256");
        if (pin.isPresent() && !pin.get().replace(":", "").matches("[0-9a-fA-F]{64}")) {
            throw new UsageException("invalid value `" + pin.get() + "` for `--cert-sha256`: give 64 hex digits");
        }
        var created = Json.of(session.now().getEpochSecond());
        session.settings().save(new Secret(name, Optional.of(created), new Server(url, key.strip(), pin)));
        session.talk()
                .say("Set API secret `" + name + "` in "
                        + session.settings().global().secretsPath());
        return 0;
    }

    private static String ask(Session session, String what, String option, boolean hidden) {
        var terminal = session.world().terminal();
        if (!terminal.canAsk()) {
            throw Failure.usage("option `" + option + "` is needed, nobody can be asked here");
        }
        session.world().err().print(what + ": ");
        session.world().err().flush();
        var typed = hidden ? terminal.readSecret() : terminal.readLine();
        if (hidden) {
            session.world().err().println();
        }
        return typed.map(String::strip)
                .filter(text -> !text.isEmpty())
                .orElseThrow(() -> Failure.because("no " + what + " was given"));
    }

    private static String fromStdin(Session session) {
        try {
            return new String(session.world().in().readNBytes(MAX_KEY_BYTES), StandardCharsets.UTF_8).strip();
        } catch (IOException unreadable) {
            throw Failure.because("cannot read the key from stdin: " + unreadable.getMessage());
        }
    }

    static int list(Session session) {
        var chosen = new ArrayList<>(session.settings().secrets());
        session.arguments()
                .word()
                .ifPresent(name -> chosen.removeIf(secret -> !secret.name().equals(name)));
        chosen.sort(Comparator.comparing(Secret::name));
        var format = CommonOptions.format(session.arguments());
        if (!format.isTable()) {
            session.printer().records(chosen.stream().map(Secret::masked).toList(), format);
            return 0;
        }
        boolean wide = format == OutputFormat.WIDE;
        var table = wide ? Table.of("NAME", "AGE", "KEY", "URL") : Table.of("NAME", "AGE");
        for (var secret : chosen) {
            String age = Moments.age(secret.created().flatMap(Moments::read), session.now());
            table.add(
                    wide
                            ? List.of(
                                    secret.name(),
                                    age,
                                    Server.mask(secret.server().key()),
                                    secret.server().url())
                            : List.of(secret.name(), age));
        }
        session.printer().table(table);
        return 0;
    }

    static int delete(Session session) {
        String name = session.arguments().word().orElse("");
        var _ = session.settings().secret(name);
        if (session.prompt().confirm("Delete API secret `" + name + "`?", Prompt.Default.NO)) {
            session.settings().deleteSecret(name);
            session.talk().say("Deleted API secret `" + name + "`");
        }
        return 0;
    }
}
