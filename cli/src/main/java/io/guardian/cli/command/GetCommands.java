package io.guardian.cli.command;

import io.guardian.cli.get.Actions;
import io.guardian.cli.get.Agents;
import io.guardian.cli.get.Clusters;
import io.guardian.cli.get.DataListing;
import io.guardian.cli.get.Deviations;
import io.guardian.cli.get.Fingerprints;
import io.guardian.cli.get.Policies;
import io.guardian.cli.get.Rulesets;
import io.guardian.cli.get.Sources;
import io.guardian.cli.line.Command;
import io.guardian.cli.line.Option;
import io.guardian.cli.line.Positional;
import io.guardian.cli.session.Window;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** The commands below {@code get}. */
final class GetCommands {
    private static final Positional NAME =
            Positional.optional("NAME_OR_UID", "Only those with this name or uid; a part of it or a glob will do.");

    private GetCommands() {}

    static Command.Body<Action> body() {
        var data = new java.util.ArrayList<Command<Action>>();
        for (var listing : DataListing.all()) {
            data.add(list(listing.name(), listing.aliases(), listing.summary(), listing::options, listing::get));
        }
        return Command.<Action>group()
                .describe("Lists what the server knows.")
                .words(new Positional("RESOURCE [NAME_OR_UID]", "What to list, and what to look for in it.", 1, 1))
                .child(list(
                        "clusters",
                        List.of("cluster", "clust", "clus"),
                        "Kubernetes clusters.",
                        List::of,
                        Clusters::get))
                .child(new Command<>(
                        "fingerprints",
                        ResourceNames.FINGERPRINTS,
                        "What instances of workloads did, by image or service.",
                        GetCommands::fingerprints))
                .child(list(
                        "policies",
                        ResourceNames.POLICIES,
                        "Policies that were applied.",
                        GetCommands::policyOptions,
                        Policies::get))
                .child(policies("container-policies", ResourceNames.CONTAINER_POLICIES, "container"))
                .child(policies("linux-svc-policies", ResourceNames.SERVICE_POLICIES, "linux-service"))
                .child(policies("cluster-policies", ResourceNames.CLUSTER_POLICIES, "cluster"))
                .child(policies("trace-suppression-policies", ResourceNames.TRACE_POLICIES, "trace"))
                .child(list(
                        "rulesets",
                        ResourceNames.RULESETS,
                        "Rules that cluster policies refer to.",
                        Rulesets::options,
                        Rulesets::get))
                .child(list(
                        "cluster-rulesets",
                        ResourceNames.CLUSTER_RULESETS,
                        "Rulesets of type cluster.",
                        Rulesets::options,
                        session -> Rulesets.get(session, Optional.of("cluster"))))
                .child(list("agents", List.of("agent", "ag"), "Agents and their health.", Agents::options, Agents::get))
                .child(list(
                        "sources", List.of("source", "src"), "Where data comes from.", Sources::options, Sources::get))
                .child(list(
                        "deviations",
                        List.of("deviation", "dev"),
                        "What was outside policies.",
                        Deviations::options,
                        Deviations::get))
                .child(list(
                        "actions",
                        List.of("action"),
                        "Actions of agents, and what came of them.",
                        Actions::options,
                        Actions::get))
                .children(data)
                .build();
    }

    private static List<Option> policyOptions() {
        var options = new java.util.ArrayList<>(Policies.options());
        options.addAll(Window.options(Window.DAY));
        return options;
    }

    private static Command<Action> policies(String name, List<String> aliases, String type) {
        return list(
                name,
                aliases,
                "Policies of type " + type + ".",
                GetCommands::policyOptions,
                session -> Policies.get(session, Optional.of(type)));
    }

    private static Command.Body<Action> fingerprints() {
        return Command.does((Action) Fingerprints::get)
                .describe(
                        "Lists what instances of workloads did. A table has one row per image or service, with how many"
                                + " of its instances a policy covers; YAML and JSON give groups to make policies from.")
                .words(NAME)
                .options(CommonOptions.forLists())
                .options(Fingerprints.options())
                .example("spyctl get fingerprints --type container mongo", "images whose name contains mongo")
                .example(
                        "spyctl get fingerprints --type container -o yaml --namespace dev mongo:latest > fprints.yaml",
                        "what one image does in one namespace, to make a policy from")
                .example("spyctl get fingerprints --type linux-service -t 1d", "services of the last day")
                .build();
    }

    private static Command<Action> list(
            String name, List<String> aliases, String summary, Supplier<List<Option>> options, Action action) {
        return new Command<>(
                name,
                aliases,
                summary,
                () -> Command.does(action)
                        .words(NAME)
                        .options(CommonOptions.forLists())
                        .options(options.get())
                        .build());
    }
}
