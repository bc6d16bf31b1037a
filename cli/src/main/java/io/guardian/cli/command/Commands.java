package io.guardian.cli.command;

import io.guardian.cli.line.Command;
import java.util.List;
import java.util.function.Supplier;

/** The tree of all commands. Bodies are made only for the command that is called. */
public final class Commands {
    private Commands() {}

    public static Command<Action> root() {
        return new Command<>("spyctl", List.of(), "Learn what workloads do, and lock them down.", Commands::body);
    }

    private static Command.Body<Action> body() {
        return Command.<Action>group()
                .describe("""
                        Learns what workloads do, turns that into policies, and shows what deviates from them.

                        Data goes to stdout, everything else to stderr, so `spyctl ... > file` is always a clean file.""")
                .child(command("config", "Contexts, API keys and workspaces.", ConfigCommands::body))
                .child(command("get", "List what the server knows.", GetCommands::body))
                .child(command("create", "Make documents from what was seen.", CreateCommands::body))
                .child(new Command<>("apply", List.of("import"), "Put documents to work.", ApplyAction::body))
                .child(command("edit", "Change a file or an object in your editor.", EditAction::body))
                .child(command("validate", "Check documents.", ValidateAction::body))
                .child(command("diff", "Show what a merge would change.", DiffAction::body))
                .child(command("merge", "Make what was seen part of policies.", MergeAction::body))
                .child(command("policy", "Switch policies and go through their versions.", PolicyCommands::body))
                .child(command("logs", "Show what happened under a policy.", LogsAction::body))
                .child(command("describe", "Say in words what a policy allows.", DescribeAction::body))
                .child(command("export", "Documents ready to apply elsewhere.", ExportAction::body))
                .child(command("delete", "Remove objects from the server.", DeleteAction::body))
                .child(command("kill", "Kill a process or a pod.", MoreActions::kill))
                .child(command("search", "Ask for records in the query language.", SearchAction::body))
                .child(new Command<>(
                        "get-object", List.of("get-objects"), "Print whole records by uid.", MoreActions::getObject))
                .child(command("show-schema", "Print the JSON Schema of a kind of document.", MoreActions::showSchema))
                .child(command("completion", "Print a completion script for a shell.", CompletionAction::body))
                // An empty summary keeps a command out of help and completion.
                .child(command("complete-words", "", CompletionAction::wordsBody))
                .child(command("print", "", () -> MoreActions.notOffered("`spyctl get RESOURCE -o yaml`")))
                .example("spyctl get fingerprints --type container mongo:latest", "what runs from one image")
                .example("spyctl create policy -f fprints.yaml -n mongo-policy > policy.yaml", "a policy from it")
                .example("spyctl apply -f policy.yaml", "put it to work")
                .build();
    }

    private static Command<Action> command(String name, String summary, Supplier<Command.Body<Action>> body) {
        return new Command<>(name, List.of(), summary, body);
    }
}
