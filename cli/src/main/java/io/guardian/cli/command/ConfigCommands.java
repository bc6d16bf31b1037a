package io.guardian.cli.command;

import io.guardian.cli.line.Command;
import io.guardian.cli.line.Option;
import io.guardian.cli.line.Positional;
import java.util.List;

/** The commands below {@code config}. */
final class ConfigCommands {
    private static final Positional NAME = Positional.required("NAME", "Its name.");
    private static final Positional MAYBE_NAME = Positional.optional("NAME", "Only this one.");
    private static final Option GLOBAL = Option.flag("In the global files, also inside a workspace.", "-g", "--global");

    private ConfigCommands() {}

    static Command.Body<Action> body() {
        return Command.<Action>group()
                .describe(
                        "Says which server to talk to, with which key, for which organisation. Files are in ~/.spyctl.")
                .child(command(
                        "set-apisecret", "Store an API key and the address it is for.", ConfigCommands::setSecret))
                .child(command(
                        "get-apisecrets",
                        "List stored keys, masked.",
                        () -> Command.does((Action) SecretActions::list)
                                .words(MAYBE_NAME)
                                .option(CommonOptions.output("default", "wide", "yaml", "json"))
                                .build()))
                .child(command(
                        "delete-apisecret",
                        "Remove a stored key.",
                        () -> Command.does((Action) SecretActions::delete)
                                .words(NAME)
                                .option(CommonOptions.YES)
                                .build()))
                .child(command("set-context", "Make or change a context.", ConfigCommands::setContext))
                .child(command(
                        "use-context",
                        "Make a context the current one.",
                        () -> Command.does((Action) ContextActions::use)
                                .words(NAME)
                                .option(GLOBAL)
                                .build()))
                .child(command(
                        "current-context",
                        "Print the current context's name.",
                        () -> Command.does((Action) ContextActions::current)
                                .option(GLOBAL)
                                .build()))
                .child(command(
                        "delete-context",
                        "Remove a context.",
                        () -> Command.does((Action) ContextActions::delete)
                                .words(NAME)
                                .option(GLOBAL)
                                .option(CommonOptions.YES)
                                .build()))
                .child(command(
                        "get-contexts",
                        "List contexts.",
                        () -> Command.does((Action) ContextActions::list)
                                .words(MAYBE_NAME)
                                .options(listing())
                                .build()))
                .child(command(
                        "view",
                        "Print the configuration that holds here.",
                        () -> Command.does((Action) ContextActions::view)
                                .options(listing())
                                .build()))
                .child(command(
                        "init-workspace",
                        "Keep contexts of its own in this directory.",
                        () -> Command.does((Action) ContextActions::initWorkspace)
                                .option(CommonOptions.YES)
                                .build()))
                .build();
    }

    private static Command<Action> command(
            String name, String summary, java.util.function.Supplier<Command.Body<Action>> body) {
        return new Command<>(name, List.of(), summary, body);
    }

    private static List<Option> listing() {
        return List.of(
                GLOBAL,
                Option.flag("Only what the workspace says.", "-w", "--workspace"),
                CommonOptions.output("default", "wide", "yaml", "json"));
    }

    private static Command.Body<Action> setSecret() {
        return Command.does((Action) SecretActions::set)
                .describe("Stores an API key and the address of the API it is for. What is not given is asked for."
                        + " With `-k -` the key is read from stdin, so that no list of processes shows it.")
                .words(Positional.optional("NAME", "Name of the secret (default)."))
                .option(Option.value("KEY", "The key; - reads it from stdin.", "-k", "--apikey"))
                .option(Option.value("URL", "Address of the API.", "-u", "--apiurl"))
                .option(Option.value(
                        "HEX", "SHA-256 of the server's certificate, for one that is self-signed.", "--cert-sha256"))
                .example(
                        "spyctl config set-apisecret prod -u https://guard.acme.test -k - < key.txt",
                        "without showing the key")
                .build();
    }

    private static Command.Body<Action> setContext() {
        return Command.does((Action) ContextActions::set)
                .words(NAME)
                .option(Option.value("NAME", "Secret with key and address.", "-s", "--secret"))
                .option(Option.value("NAME_OR_UID", "Organisation.", "-o", "--organization", "--org"))
                .option(Option.flag("Make it the current one.", "-u", "--use-context"))
                .option(GLOBAL)
                .option(Option.flag("Don't ask the server whether the organisation exists.", "--no-check"))
                .option(Option.value("LIST", "Only these clusters.", "-c", "--cluster"))
                .option(Option.value("LIST", "Only these namespaces.", "-n", "--namespace"))
                .option(Option.value("LIST", "Only these pods.", "-p", "--pod"))
                .option(Option.value("LIST", "Only these machines.", "-m", "--machines"))
                .option(Option.value("LIST", "Only these images.", "-i", "--image"))
                .option(Option.value("LIST", "Only these image ids.", "-d", "--image-id"))
                .option(Option.value("LIST", "Only containers of these names.", "-N", "--container-name"))
                .option(Option.value("LIST", "Only these container ids.", "--container-id"))
                .option(Option.value("LIST", "Only these cgroups.", "-C", "--cgroup"))
                .example(
                        "spyctl config set-context prod -s prod -o acme -c demo-cluster",
                        "one cluster of one organisation")
                .build();
    }
}
