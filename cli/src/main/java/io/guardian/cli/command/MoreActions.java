package io.guardian.cli.command;

import io.guardian.cli.api.Call;
import io.guardian.cli.line.Command;
import io.guardian.cli.line.Option;
import io.guardian.cli.line.Positional;
import io.guardian.cli.line.Suggestion;
import io.guardian.cli.line.UsageException;
import io.guardian.cli.output.OutputFormat;
import io.guardian.cli.session.Globals;
import io.guardian.cli.session.Session;
import io.guardian.cli.shell.Failure;
import io.guardian.cli.shell.Prompt;
import io.guardian.core.document.DocumentSchemas;
import io.guardian.core.text.Json;
import io.guardian.core.text.JsonWriter;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;

/** Small commands: schemas, whole records, kills. */
final class MoreActions {
    private static final Duration POLL = Duration.ofMillis(500);

    private MoreActions() {}

    static Command.Body<Action> showSchema() {
        return Command.does((Action) session -> {
                    String kind = session.arguments().word().orElse("").toLowerCase(java.util.Locale.ROOT);
                    var schema = DocumentSchemas.of(kind)
                            .orElseThrow(() -> new UsageException("no document kind `" + kind + "`: choose "
                                    + String.join(", ", DocumentSchemas.names())
                                    + Suggestion.hint(kind, DocumentSchemas.names())));
                    session.printer().raw(JsonWriter.write(schema));
                    return 0;
                })
                .describe("Prints the JSON Schema of a kind of document, for editors and checks.")
                .words(Positional.required("KIND", "Such as policy or fingerprint."))
                .example("spyctl show-schema policy > policy.schema.json", "for an editor")
                .build();
    }

    static Command.Body<Action> getObject() {
        return Command.does((Action) session -> {
                    var ids = session.arguments().words().stream()
                            .flatMap(word -> Arrays.stream(word.split(",", -1)))
                            .filter(id -> !id.isBlank())
                            .toList();
                    var found = Inputs.objects(session, ids);
                    var format = CommonOptions.format(session.arguments());
                    session.printer().records(found, format.isTable() ? OutputFormat.YAML : format);
                    return found.isEmpty() ? Failure.FAILED : 0;
                })
                .describe("Prints whole records by their uids.")
                .words(Positional.oneOrMore("IDS", "Uids, separated by commas."))
                .option(CommonOptions.output("yaml", "json", "ndjson", "default"))
                .build();
    }

    static Command.Body<Action> kill() {
        return Command.<Action>group()
                .describe("Kills a process or a pod through its agent.")
                .child(new Command<>(
                        "process",
                        List.of("processes", "proc"),
                        "Kill a process.",
                        () -> killBody("process")
                                .option(Option.flag("Its whole process group.", "--group"))
                                .option(Option.flag("It and all its descendants.", "--tree"))
                                .build()))
                .child(new Command<>(
                        "pod",
                        List.of("pods"),
                        "Delete a pod.",
                        () -> killBody("pod").build()))
                .build();
    }

    private static Command.Builder<Action> killBody(String what) {
        return Command.does((Action) session -> kill(session, what))
                .words(Positional.required("UID", "Uid of the " + what + "."))
                .option(Option.value("TEXT", "Why; kept in the audit log.", "-r", "--reason"))
                .option(Option.flag("Wait until there is a result.", "--wait"))
                .option(CommonOptions.YES)
                .example("spyctl kill " + what + " UID -r 'crypto miner' --wait", "and see what came of it");
    }

    private static int kill(Session session, String what) throws UsageException {
        var arguments = session.arguments();
        String uid = arguments.word().orElse("");
        String reason =
                arguments.value("--reason").orElseThrow(() -> new UsageException("option `--reason` is needed"));
        if (arguments.has("--group") && arguments.has("--tree")) {
            throw new UsageException("`--group` and `--tree` exclude each other");
        }
        if (!session.prompt().confirm("Kill " + what + " " + uid + "?", Prompt.Default.NO)) {
            return 0;
        }
        var body = Json.object().put("reason", reason);
        if (what.equals("process")) {
            body.put("kill_process_group", arguments.has("--group")).put("kill_process_tree", arguments.has("--tree"));
        }
        var answer = session.org()
                .sendForObject(
                        org -> Call.post("/org/" + org + "/response/agent/kill" + what + "/" + uid, body.build()));
        String action = answer.text("action_uid");
        session.talk().say("Requested kill of " + what + " " + uid + " with action uid: " + action);
        return arguments.has("--wait") ? await(session, action) : 0;
    }

    private static int await(Session session, String action) throws UsageException {
        var deadline = session.world().clock().instant().plus(Globals.timeout(session.arguments()));
        while (true) {
            var status = session.org()
                    .sendForObject(org -> Call.get("/org/" + org + "/agent_action_status/" + action))
                    .object("action_status");
            String state = status.text("state");
            if (state.equals("completed") || state.equals("expired")) {
                boolean done = state.equals("completed")
                        && status.number("result_code")
                                .filter(code -> code.asLong() == 0)
                                .isPresent();
                session.talk()
                        .say("Action " + action + " " + state
                                + (done ? "" : ": " + status.object("error").text("reason")));
                return done ? 0 : Failure.FAILED;
            }
            if (session.world().clock().instant().isAfter(deadline)) {
                throw Failure.because("action " + action + " is still " + state + ", see `spyctl get actions`");
            }
            session.world().pause().of(POLL);
        }
    }

    static Command.Body<Action> notOffered(String replacement) {
        return Command.does((Action) _ -> {
                    throw new UsageException("this command is not offered; use " + replacement);
                })
                .words(new Positional("WORDS", "", 0, Integer.MAX_VALUE))
                .build();
    }
}
