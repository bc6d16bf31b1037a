package io.guardian.cli.command;

import io.guardian.cli.line.Command;
import io.guardian.cli.line.Option;
import io.guardian.cli.line.UsageException;
import io.guardian.cli.output.OutputFormat;
import io.guardian.cli.session.Session;
import io.guardian.cli.shell.Failure;
import io.guardian.core.document.PolicyEdits;
import io.guardian.core.fingerprint.CreatePolicy;
import io.guardian.core.policy.PolicyMode;
import io.guardian.core.policy.Switches;
import io.guardian.core.policy.Switches.Directions;
import io.guardian.core.text.Json;
import java.util.List;

/** {@code create policy}: a policy that allows what fingerprints show. Changes nothing on the server. */
final class CreatePolicyAction {
    private CreatePolicyAction() {}

    static Command.Body<Action> body() {
        return Command.does((Action) CreatePolicyAction::run)
                .describe(
                        "Makes a policy that allows what the fingerprints show, and nothing else. Prints it; nothing is"
                                + " changed on the server until it is applied. Needs no server, unless an input is a list of uids.")
                .option(Option.many(
                        "FILE",
                        "Fingerprints, groups of them, baselines or policies; - is stdin.",
                        "-f",
                        "--from-file",
                        "--filename"))
                .option(Option.value("NAME", "The policy's name (that of the first input).", "-n", "--name"))
                .option(Option.value("", "What the policy does about deviations (audit).", "-m", "--mode")
                        .oneOf("audit", "enforce"))
                .option(Option.value("", "Don't look at processes.", "-d", "--disable-processes")
                        .oneOf("all"))
                .option(Option.value("", "Don't look at these connections.", "-D", "--disable-connections")
                        .oneOf(
                                "all",
                                "egress",
                                "ingress",
                                "private",
                                "private-egress",
                                "private-ingress",
                                "public",
                                "public-egress",
                                "public-ingress"))
                .option(Option.flag("Also cover other builds of the image.", "--omit-imageid"))
                .option(Option.flag("Keep the image id, which is the default.", "--include-imageid"))
                .option(CommonOptions.outputForDocuments())
                .example(
                        "spyctl create policy --from-file fprints.yaml --name mongo-policy --mode audit > policy.yaml",
                        "from fingerprints in a file")
                .example(
                        "spyctl get fingerprints -T container -o yaml redis | spyctl create policy -f - -n redis",
                        "from a pipe")
                .build();
    }

    private static int run(Session session) throws UsageException {
        var arguments = session.arguments();
        var files = arguments.values("--from-file");
        if (files.isEmpty()) {
            throw new UsageException("option `--from-file` is needed");
        }
        var inputs = Inputs.of(session, InputFiles.documents(session, files));
        var options = new CreatePolicy.Options(
                arguments.value("--name").orElse(""),
                arguments.value("--mode").flatMap(PolicyMode::parse).orElse(PolicyMode.AUDIT),
                switches(session),
                arguments.has("--omit-imageid"));
        switch (PolicyEdits.create(inputs, options)) {
            case PolicyEdits.Creation.Refused(String reason) -> throw Failure.because(reason);
            case PolicyEdits.Creation.Created(var document, List<String> notices) -> {
                notices.forEach(session.talk()::warn);
                print(session, List.of(document.toJson()));
            }
        }
        return 0;
    }

    static void print(Session session, List<Json.Obj> documents) {
        var format = CommonOptions.format(session.arguments());
        session.printer().document(documents, format.isTable() ? OutputFormat.YAML : format);
    }

    private static Switches switches(Session session) {
        var arguments = session.arguments();
        String connections = arguments.value("--disable-connections").orElse("");
        var none = Directions.NONE;
        return new Switches(
                arguments.has("--disable-processes"),
                switch (connections) {
                    case "all", "egress", "ingress" -> directions(connections);
                    default -> none;
                },
                connections.startsWith("private") ? directions(connections) : none,
                connections.startsWith("public") ? directions(connections) : none);
    }

    private static Directions directions(String text) {
        return text.endsWith("egress")
                ? Directions.EGRESS
                : text.endsWith("ingress") ? Directions.INGRESS : Directions.ALL;
    }
}
