package io.guardian.cli.command;

import io.guardian.cli.get.DecidingRules;
import io.guardian.cli.line.Command;
import io.guardian.cli.line.Positional;
import io.guardian.cli.line.UsageException;
import io.guardian.cli.output.Moments;
import io.guardian.cli.session.Session;
import io.guardian.cli.shell.Failure;
import io.guardian.core.text.Json;
import io.guardian.core.text.YamlWriter;
import java.util.List;

/** {@code describe deviation}: what deviated, from what, and which rule decided. */
final class DescribeDeviation {
    private DescribeDeviation() {}

    static Command.Body<Action> body() {
        return Command.does((Action) DescribeDeviation::run)
                .describe("Says what deviated and from which policy, which rules decided if it is a container of a"
                        + " cluster, and what a merge would add to allow it.")
                .words(Positional.required("UID", "The deviation, as in `get deviations -o name`."))
                .example("spyctl describe deviation dev:Tg5nYw8Qf2Lh6Jx3Kc1B:AAZb_uGAz0A:0", "one of them")
                .build();
    }

    private static int run(Session session) throws UsageException {
        String uid = session.arguments().word().orElse("");
        String full = uid.contains(":") && !uid.startsWith("dev:") ? "dev:" + uid : uid;
        var record = Inputs.objects(session, List.of(full)).stream()
                .findFirst()
                .orElseThrow(() -> Failure.because("no deviation `" + uid + "`"));
        var printer = session.printer();
        printer.line(record.text("description"));
        field(session, "Deviation", record.text("id"));
        field(
                session,
                "Policy",
                record.text("policy_name") + " (" + record.text("policy_uid") + ", " + record.text("policy_mode")
                        + ")");
        field(session, "Object", record.text("ref"));
        field(session, "Seen", Moments.text(record.get("time").flatMap(Moments::read)));
        var sentences = DecidingRules.sentences(record);
        String decided = DecidingRules.inShort(record);
        if (!sentences.isEmpty()) {
            printer.line("");
            printer.line("Decided by:");
            sentences.forEach(sentence -> printer.line("  " + sentence));
        } else if (!decided.isEmpty()) {
            field(session, "Decided by", decided);
        }
        printer.line("");
        printer.line("A merge would add:");
        YamlWriter.write(merged(record)).lines().forEach(line -> printer.line("  " + line));
        return 0;
    }

    private static Json.Obj merged(Json.Obj record) {
        return record.object("deviation").object("spec").without("matches");
    }

    private static void field(Session session, String name, String value) {
        if (!value.isEmpty()) {
            session.printer().line(name + ": " + value);
        }
    }
}
