package io.guardian.cli.command;

import io.guardian.cli.api.Call;
import io.guardian.cli.get.Policies;
import io.guardian.cli.line.Command;
import io.guardian.cli.line.Option;
import io.guardian.cli.line.Positional;
import io.guardian.cli.line.UsageException;
import io.guardian.cli.output.Moments;
import io.guardian.cli.output.Table;
import io.guardian.cli.session.Names;
import io.guardian.cli.session.Session;
import io.guardian.cli.shell.Failure;
import io.guardian.cli.shell.Prompt;
import io.guardian.core.text.Json;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** {@code policy enable|disable|mode|history|rollback}. */
final class PolicyCommands {
    private static final Positional NAMES = Positional.oneOrMore("NAME_OR_UID", "Policies, by exact name or uid.");

    private PolicyCommands() {}

    static Command.Body<Action> body() {
        return Command.<Action>group()
                .describe("Switches policies, and goes through their versions.")
                .child(new Command<>(
                        "enable",
                        List.of(),
                        "Put disabled policies back to work.",
                        () -> Command.does((Action) session -> enabled(session, true))
                                .words(NAMES)
                                .option(CommonOptions.YES)
                                .build()))
                .child(new Command<>(
                        "disable",
                        List.of(),
                        "Stop policies without deleting them.",
                        () -> Command.does((Action) session -> enabled(session, false))
                                .words(NAMES)
                                .option(CommonOptions.YES)
                                .build()))
                .child(new Command<>(
                        "mode",
                        List.of(),
                        "Only log deviations, or act on them.",
                        () -> Command.does((Action) PolicyCommands::mode)
                                .describe(
                                        "Sets the mode of policies. For enforce it first shows what deviated in the last 24"
                                                + " hours and what would be hit now.")
                                .words(new Positional(
                                        "audit|enforce NAME_OR_UID", "The mode, then policies.", 2, Integer.MAX_VALUE))
                                .option(CommonOptions.YES)
                                .build()))
                .child(new Command<>(
                        "history",
                        List.of(),
                        "Versions of a policy, the newest first.",
                        () -> Command.does((Action) PolicyCommands::history)
                                .words(Positional.required("NAME_OR_UID", "The policy."))
                                .option(Option.value(
                                        "N[..M]", "Show what changed from version N to M, or to the newest.", "--diff"))
                                .option(CommonOptions.output("default", "yaml", "json", "ndjson"))
                                .build()))
                .child(new Command<>(
                        "rollback",
                        List.of(),
                        "Store an old version as a new one.",
                        () -> Command.does((Action) PolicyCommands::rollback)
                                .words(Positional.required("NAME_OR_UID", "The policy."))
                                .option(Option.value("N", "The version to go back to.", "--to"))
                                .option(CommonOptions.YES)
                                .build()))
                .build();
    }

    private static List<Json.Obj> named(Session session, List<String> names) throws UsageException {
        var all = Policies.fetch(session, Optional.empty(), false);
        return names.stream()
                .map(name -> Policies.NAMES.one(all, name, Names.Reach.EXACT))
                .toList();
    }

    private static Json.Obj post(Session session, Json.Obj policy, String what, Json.Obj body) throws UsageException {
        String uid = Policies.uid(policy);
        return session.org()
                .sendForObject(org -> Call.post("/org/" + org + "/analyticspolicy/" + uid + "/" + what, body)
                        .ifVersion(Policies.version(policy)));
    }

    private static String described(Json.Obj policy) {
        return "`" + Policies.name(policy) + "` (" + Policies.uid(policy) + ")";
    }

    private static int enabled(Session session, boolean enabled) throws UsageException {
        for (var policy : named(session, session.arguments().words())) {
            boolean sure =
                    enabled || session.prompt().confirm("Disable policy " + described(policy) + "?", Prompt.Default.NO);
            if (sure) {
                var answer = post(
                        session,
                        policy,
                        "enabled",
                        Json.object().put("enabled", enabled).build());
                session.talk()
                        .say("Successfully " + (enabled ? "enabled" : "disabled") + " policy " + Policies.uid(policy)
                                + ", now version " + Policies.version(answer));
            }
        }
        return 0;
    }

    private static int mode(Session session) throws UsageException {
        var words = session.arguments().words();
        String mode = words.getFirst().toLowerCase(java.util.Locale.ROOT);
        if (!mode.equals("audit") && !mode.equals("enforce")) {
            throw new UsageException("invalid mode `" + words.getFirst() + "`: choose audit or enforce");
        }
        for (var policy : named(session, words.subList(1, words.size()))) {
            if (mode.equals("enforce") && !confirmEnforce(session, policy)) {
                continue;
            }
            var answer = post(
                    session, policy, "mode", Json.object().put("mode", mode).build());
            session.talk()
                    .say("Successfully set policy " + Policies.uid(policy) + " to " + mode + ", now version "
                            + Policies.version(answer));
        }
        return 0;
    }

    private static boolean confirmEnforce(Session session, Json.Obj policy) throws UsageException {
        var document = Policies.document(policy);
        var enforcing = document.with("spec", document.object("spec").with("mode", Json.of("enforce")));
        var answer = session.org()
                .sendForObject(org ->
                        Call.put("/org/" + org + "/analyticspolicy/?dry_run=true", PolicyWriter.wrap(enforcing)));
        var deviations = answer.object("deviations_24h");
        session.talk()
                .say("Deviations from policy " + described(policy) + " in the last 24 hours: "
                        + count(deviations, "unique") + " distinct, " + count(deviations, "total") + " in all");
        var hits = answer.object("would_hit").fields();
        session.talk().say(hits.isEmpty() ? "No running object would be hit now" : "Would hit now: " + hits);
        return session.prompt().confirm("Enforce policy " + described(policy) + "?", Prompt.Default.NO);
    }

    private static long count(Json.Obj object, String key) {
        return object.number(key).map(Json.Num::asLong).orElse(0L);
    }

    private static int history(Session session) throws UsageException {
        var policy = named(session, session.arguments().words()).getFirst();
        String uid = Policies.uid(policy);
        var diff = session.arguments().value("--diff");
        if (diff.isPresent()) {
            var range = VersionRange.parse(diff.get(), Policies.version(policy));
            var versions = versions(session, uid);
            session.printer()
                    .raw(TextDiff.of(
                            spec(VersionRange.document(versions, range.from())),
                            spec(VersionRange.document(versions, range.to())),
                            5,
                            session.colour()));
            return 0;
        }
        var rows = new ArrayList<>(
                session.org().sendForList(org -> Call.get("/org/" + org + "/analyticspolicy/" + uid + "/history")));
        rows.sort(Comparator.comparingLong((Json.Obj row) -> count(row, "version"))
                .reversed());
        var format = CommonOptions.format(session.arguments());
        if (!format.isTable()) {
            session.printer().records(rows, format);
            return 0;
        }
        var statuses = new java.util.HashMap<Long, String>();
        versions(session, uid)
                .forEach(version ->
                        statuses.put(Policies.version(version), Policies.status(Policies.document(version))));
        var table = new Table(List.of(
                Table.Column.number("VERSION"),
                Table.Column.text("TIME"),
                Table.Column.text("BY"),
                Table.Column.text("CHANGE"),
                Table.Column.text("STATUS")));
        for (var row : rows) {
            table.add(List.of(
                    Long.toString(count(row, "version")),
                    Moments.text(row.get("time").flatMap(Moments::read)),
                    row.string("by").orElse(Moments.UNKNOWN),
                    row.text("change"),
                    statuses.getOrDefault(count(row, "version"), Moments.UNKNOWN)));
        }
        session.printer().table(table);
        return 0;
    }

    /** What a person compares; the metadata of two versions always differs. */
    private static Json.Obj spec(Json.Obj document) {
        return Json.object().put("spec", document.object("spec")).build();
    }

    private static List<Json.Obj> versions(Session session, String uid) throws UsageException {
        return Policies.fetch(session, Optional.empty(), true).stream()
                .filter(version -> Policies.uid(version).equals(uid))
                .toList();
    }

    private static int rollback(Session session) throws UsageException {
        var policy = named(session, session.arguments().words()).getFirst();
        int to = session.arguments().number("--to", 0, 1, Integer.MAX_VALUE);
        if (to == 0) {
            throw new UsageException("option `--to` is needed");
        }
        var old = VersionRange.document(versions(session, Policies.uid(policy)), to);
        session.world().err().print(TextDiff.of(spec(Policies.document(policy)), spec(old), 5, false));
        var going = Policies.document(policy).with("spec", old.object("spec"));
        new PolicyWriter(session).confirmEnforcement(going);
        if (!session.prompt()
                .confirm("Roll policy " + described(policy) + " back to version " + to + "?", Prompt.Default.NO)) {
            throw Failure.because("not sent, as you chose");
        }
        var answer = post(
                session, policy, "rollback", Json.object().put("version", to).build());
        session.talk()
                .say("Successfully rolled policy " + Policies.uid(policy) + " back to version " + to + ", now version "
                        + Policies.version(answer));
        return 0;
    }
}
