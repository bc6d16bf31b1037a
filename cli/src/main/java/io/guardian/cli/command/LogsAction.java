package io.guardian.cli.command;

import io.guardian.cli.get.Policies;
import io.guardian.cli.line.Command;
import io.guardian.cli.line.Option;
import io.guardian.cli.line.Positional;
import io.guardian.cli.line.UsageException;
import io.guardian.cli.output.Moments;
import io.guardian.cli.session.Names;
import io.guardian.cli.session.PolicyRecords;
import io.guardian.cli.session.Session;
import io.guardian.cli.session.Window;
import io.guardian.cli.shell.Failure;
import io.guardian.core.text.Json;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * {@code logs policy}: what happened under a policy, oldest first, each line once.
 *
 * <p>Records can reach the server a little late, so while following, every request looks back {@link #OVERLAP} and what
 * was shown already is left out by its id.
 */
final class LogsAction {
    private static final Duration POLL = Duration.ofMillis(2500);
    private static final Duration OVERLAP = Duration.ofMinutes(2);

    private final Session session;
    private final String policyUid;
    private final String schema;
    /** When each line was that may come again, by id. */
    private final Map<String, Double> shown = new HashMap<>();

    private Optional<Json.Num> lastTime = Optional.empty();
    private final List<String> idsOfLastTime = new ArrayList<>();

    private LogsAction(Session session, String policyUid, String schema) {
        this.session = session;
        this.policyUid = policyUid;
        this.schema = schema;
    }

    static Command.Body<Action> body() {
        return Command.<Action>group()
                .describe("Shows what happened under a policy.")
                .child(new Command<>(
                        "policy",
                        ResourceNames.ANY_POLICY,
                        "Deviations, actions and flags of a policy.",
                        LogsAction::policyBody))
                .build();
    }

    private static Command.Body<Action> policyBody() {
        return Command.does((Action) LogsAction::run)
                .describe(
                        "Shows the deviations, actions and flags of a policy, oldest first. In audit mode the lines say"
                                + " what would have been done.")
                .words(Positional.required("NAME_OR_UID", "The policy; a unique part of its name will do."))
                .option(Option.flag("Go on showing new lines until interrupted.", "-f", "--follow"))
                .options(Window.options(Window.DAY))
                .option(Option.value("N", "Only the last N lines; -1 is all.", "--tail"))
                .option(Option.flag("Begin each line with its time.", "--timestamps"))
                .option(Option.flag("Show whole records, one JSON object a line.", "--full"))
                .option(Option.value("IT", "Go on behind the line an earlier call ended with.", "--since-iterator"))
                .option(Option.value("", "Only this kind of line.", "--type").oneOf("deviation", "action", "flag"))
                .example("spyctl logs policy mongo-policy -t 1h", "the last hour")
                .example("spyctl logs policy mongo-policy --follow", "as it happens")
                .build();
    }

    private static int run(Session session) throws UsageException {
        var arguments = session.arguments();
        var policy = Policies.NAMES.one(
                Policies.fetch(session, Optional.empty(), false),
                arguments.word().orElse(""),
                arguments.has("--exact") ? Names.Reach.EXACT : Names.Reach.PARTS);
        String schema = arguments
                .value("--type")
                .map(type -> "event_log:guardian_" + type)
                .orElse("event_log");
        return new LogsAction(session, Policies.uid(policy), schema).show();
    }

    private int show() throws UsageException {
        var arguments = session.arguments();
        var window = Window.of(session, Window.DAY);
        var iterator = arguments.value("--since-iterator").map(LogsAction::readIterator);
        if (iterator.isPresent()) {
            double time = iterator.get().number("time").map(Json.Num::asDouble).orElse(0.0);
            // Records of the same instant may come in any later request; ids tell what was shown.
            window = new Window(
                    Moments.ofEpochSeconds(Math.max(0.001, time)), session.now().plusMillis(1));
            iterator.get().array("ids").strings().forEach(id -> shown.put(id, time));
        }
        int tail = arguments.number("--tail", -1, -1, Integer.MAX_VALUE);
        var lines = new ArrayDeque<Json.Obj>();
        read(window, lines, tail);
        lines.forEach(this::print);
        if (arguments.has("--follow")) {
            follow(window.end());
        }
        if (arguments.has("--full") || iterator.isPresent()) {
            session.world().err().println("Last Log Iterator: " + (lastTime.isPresent() ? iterator() : "N/A"));
        }
        return 0;
    }

    private void follow(Instant from) throws UsageException {
        var start = from.minus(OVERLAP);
        while (true) {
            session.world().pause().of(POLL);
            var now = session.world().clock().instant();
            var lines = new ArrayDeque<Json.Obj>();
            read(new Window(start, now.plusSeconds(1)), lines, -1);
            lines.forEach(this::print);
            var next = now.minus(OVERLAP);
            start = next.isAfter(start) ? next : start;
            double oldest = Moments.toEpochSeconds(start);
            shown.values().removeIf(time -> time < oldest);
            if (Thread.currentThread().isInterrupted()) {
                return;
            }
        }
    }

    /** @param most how many of the newest to keep; -1 is all */
    private void read(Window window, ArrayDeque<Json.Obj> lines, int most) throws UsageException {
        PolicyRecords.stream(session, policyUid, schema, window, record -> {
            if (shown.putIfAbsent(record.text("id"), time(record)) == null) {
                lines.add(record);
                if (most >= 0 && lines.size() > most) {
                    lines.removeFirst();
                }
            }
        });
    }

    private void print(Json.Obj record) {
        var time = record.number("time");
        if (!time.equals(lastTime)) {
            idsOfLastTime.clear();
        }
        lastTime = time;
        idsOfLastTime.add(record.text("id"));
        if (session.arguments().has("--full")) {
            session.printer().line(record.toText());
            return;
        }
        String prefix = session.arguments().has("--timestamps")
                ? Moments.text(record.get("time").flatMap(Moments::read)) + " -- "
                : "";
        session.printer().line(prefix + record.text("message"));
    }

    private static double time(Json.Obj record) {
        return record.number("time").map(Json.Num::asDouble).orElse(0.0);
    }

    /** Time of the last line, and the ids of the lines of that very time. */
    private String iterator() {
        var text = Json.object()
                .put("time", lastTime.orElse(Json.of(0)))
                .put("ids", Json.strings(idsOfLastTime))
                .build()
                .toText();
        return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    private static Json.Obj readIterator(String text) {
        try {
            byte[] bytes = Base64.getUrlDecoder().decode(text);
            return io.guardian.core.text.JsonReader.readObject(new String(bytes, StandardCharsets.UTF_8));
        } catch (IllegalArgumentException | io.guardian.core.text.JsonSyntaxException _) {
            throw Failure.usage("invalid iterator `" + text + "`");
        }
    }
}
