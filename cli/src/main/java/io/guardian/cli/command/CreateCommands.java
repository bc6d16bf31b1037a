package io.guardian.cli.command;

import io.guardian.cli.line.Command;
import java.util.List;

/** The commands below {@code create}. */
final class CreateCommands {
    private CreateCommands() {}

    static Command.Body<Action> body() {
        return Command.<Action>group()
                .describe("Makes documents and prints them. Nothing is changed on the server.")
                .child(new Command<>(
                        "policy",
                        List.of("policies", "pol", "guardian-policy"),
                        "A policy from fingerprints.",
                        CreatePolicyAction::body))
                .child(new Command<>(
                        "cluster-policy",
                        ResourceNames.CLUSTER_POLICIES,
                        "A policy for a cluster, with rulesets of what runs there.",
                        CreateClusterAction::policyBody))
                .child(new Command<>(
                        "cluster-ruleset",
                        ResourceNames.CLUSTER_RULESETS,
                        "A ruleset of what runs in a cluster.",
                        CreateClusterAction::rulesetBody))
                .build();
    }
}
