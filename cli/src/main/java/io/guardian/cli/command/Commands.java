package io.guardian.cli.command;

import io.guardian.cli.line.Command;
import java.util.List;

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
                .child(new Command<>("config", List.of(), "Contexts, API keys and workspaces.", ConfigCommands::body))
                .child(new Command<>("get", List.of(), "List what the server knows.", GetCommands::body))
                .child(new Command<>("apply", List.of("import"), "Put documents to work.", ApplyAction::body))
                .child(new Command<>("create", List.of(), "Make documents from what was seen.", CreateCommands::body))
                .child(new Command<>("edit", List.of(), "Change a file or an object in your editor.", EditAction::body))
                .child(new Command<>("delete", List.of(), "Remove objects from the server.", DeleteAction::body))
                .child(new Command<>(
                        "policy", List.of(), "Switch policies and go through their versions.", PolicyCommands::body))
                .child(new Command<>("validate", List.of(), "Check documents.", ValidateAction::body))
                .child(new Command<>("logs", List.of(), "Show what happened under a policy.", LogsAction::body))
                .example("spyctl get fingerprints --type container mongo:latest", "what runs from one image")
                .example("spyctl create policy -f fprints.yaml -n mongo-policy > policy.yaml", "a policy from it")
                .example("spyctl apply -f policy.yaml", "put it to work")
                .build();
    }
}
