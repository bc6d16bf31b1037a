package io.guardian.cli.command;

import io.guardian.cli.get.Clusters;
import io.guardian.cli.get.ContainerFilter;
import io.guardian.cli.line.Command;
import io.guardian.cli.line.Option;
import io.guardian.cli.line.UsageException;
import io.guardian.cli.session.ClusterRecords;
import io.guardian.cli.session.Names;
import io.guardian.cli.session.Session;
import io.guardian.cli.session.Window;
import io.guardian.cli.shell.Failure;
import io.guardian.core.document.ClusterPolicy;
import io.guardian.core.document.Rule;
import io.guardian.core.document.Ruleset;
import io.guardian.core.policy.PolicyMode;
import io.guardian.core.policy.Response;
import io.guardian.core.ruleset.GeneratedRules;
import io.guardian.core.ruleset.GeneratedRules.Scoping;
import io.guardian.core.selector.Scope;
import io.guardian.core.selector.Selectors;
import io.guardian.core.selector.Term;
import io.guardian.core.selector.Term.Operator;
import io.guardian.core.selector.Term.Spelling;
import io.guardian.core.text.Json;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** {@code create cluster-policy} and {@code create cluster-ruleset}. */
final class CreateClusterAction {
    private static final int LONGEST_NAME = 64;

    private final Session session;

    private CreateClusterAction(Session session) {
        this.session = session;
    }

    static Command.Body<Action> policyBody() {
        return Command.does((Action) session -> new CreateClusterAction(session).policy())
                .describe(
                        "Makes a policy for clusters, and for each cluster a ruleset of the images that run there. With"
                                + " `--namespace` and no value, rules are limited to the namespaces the images were seen in; with"
                                + " values, only those namespaces are looked at; without it, rules hold everywhere. The context's"
                                + " filters limit which containers are looked at.")
                .option(Option.value("NAME", "The policy's name.", "-n", "--name"))
                .option(Option.value("LIST", "Clusters, by name or uid.", "-C", "--cluster"))
                .option(Option.optionalValue("LIST", "Limit rules to namespaces.", "-N", "--namespace"))
                .option(Option.flag("Only the policy, without rulesets.", "-g", "--no-ruleset-gen"))
                .option(Option.value("", "What the policy does about deviations (audit).", "-m", "--mode")
                        .oneOf("audit", "enforce"))
                .options(Window.options(Window.SHORT))
                .option(CommonOptions.outputForDocuments())
                .example(
                        "spyctl create cluster-policy -C demo-cluster --namespace -n demo-cluster-policy > cluster-policy.yaml",
                        "what runs in each namespace of a cluster")
                .build();
    }

    static Command.Body<Action> rulesetBody() {
        return Command.does((Action) session -> new CreateClusterAction(session).ruleset())
                .describe("Makes a ruleset for a cluster: empty, or of the images that run there.")
                .option(Option.value("NAME", "The ruleset's name.", "-n", "--name"))
                .option(Option.value("NAME_OR_UID", "The cluster.", "-C", "--cluster"))
                .option(Option.optionalValue("LIST", "Limit rules to namespaces.", "-N", "--namespace"))
                .option(Option.flag("Make rules from what runs.", "-g", "--generate-rules"))
                .options(Window.options(Window.SHORT))
                .option(CommonOptions.outputForDocuments())
                .build();
    }

    private int policy() throws UsageException {
        var arguments = session.arguments();
        String name = arguments.value("--name").orElseThrow(() -> new UsageException("option `--name` is needed"));
        var wanted = wanted();
        if (wanted.isEmpty()) {
            throw Failure.because("no cluster is named, give one with `-C`");
        }
        session.talk().say("Validating cluster(s) exist within the system.");
        var clusters = clusters(wanted);
        var rulesets = new ArrayList<Ruleset>();
        if (!arguments.has("--no-ruleset-gen")) {
            for (var cluster : clusters) {
                String clusterName = cluster.text("name");
                session.talk().say("Creating ruleset for cluster " + clusterName);
                var limit = clusters.size() > 1 ? GeneratedRules.ofCluster(clusterName) : Selectors.NONE;
                rulesets.add(ruleset(freeName(clusterName, rulesets), rules(cluster, limit)));
            }
        }
        session.talk().say("Cluster(s) validated... creating policy.");
        var documents = new ArrayList<>(rulesets.stream().map(Ruleset::toJson).toList());
        var names = clusters.stream().map(cluster -> cluster.text("name")).toList();
        documents.add(policy(name, names, rulesets.stream().map(Ruleset::name).toList())
                .toJson());
        CreatePolicyAction.print(session, documents);
        return 0;
    }

    /** {@code CLUSTER_ruleset} as a ruleset may be called; another one of the same call keeps its own name. */
    private static String freeName(String cluster, List<Ruleset> taken) {
        String name = rulesetName(cluster);
        int number = 2;
        for (String wanted = name; taken.stream().map(Ruleset::name).anyMatch(name::equals); number++) {
            String suffix = "_" + number;
            name = wanted.substring(0, Math.min(wanted.length(), LONGEST_NAME - suffix.length())) + suffix;
        }
        return name;
    }

    static String rulesetName(String cluster) {
        String name = (cluster + "_ruleset").replaceAll("\\s", "-");
        return name.substring(0, Math.min(LONGEST_NAME, name.length()));
    }

    private int ruleset() throws UsageException {
        var arguments = session.arguments();
        var wanted = wanted();
        List<Rule> rules = List.of();
        String name = arguments.value("--name").orElse("");
        if (!wanted.isEmpty()) {
            session.talk().say("Validating cluster(s) exist within the system.");
            var found = clusters(wanted);
            if (found.size() > 1) {
                throw new UsageException("a ruleset is made for one cluster, give one with `--cluster`");
            }
            var cluster = found.getFirst();
            session.talk().say("Creating ruleset for cluster " + cluster.text("name"));
            name = name.isEmpty() ? rulesetName(cluster.text("name")) : name;
            rules = arguments.has("--generate-rules") ? rules(cluster, Selectors.NONE) : List.of();
        } else if (arguments.has("--generate-rules")) {
            throw new UsageException("option `--cluster` is needed to generate rules");
        }
        if (name.isEmpty()) {
            throw new UsageException("option `--name` is needed without `--cluster`");
        }
        CreatePolicyAction.print(session, List.of(ruleset(name, rules).toJson()));
        return 0;
    }

    /** The clusters of the option, or of the context where there is none. */
    private List<String> wanted() throws UsageException {
        return session.arguments().has("--cluster")
                ? session.arguments().list("--cluster")
                : session.contextFilters().getOrDefault("cluster", List.of());
    }

    /** A filter of the context may stand for several, an option for one. */
    private List<Json.Obj> clusters(List<String> wanted) throws UsageException {
        var known = Clusters.all(session);
        boolean named = session.arguments().has("--cluster");
        var found = new LinkedHashSet<Json.Obj>();
        for (String text : wanted) {
            var matches = Clusters.NAMES.all(known, text, named ? Names.Reach.EXACT : Names.Reach.GLOBS);
            if (matches.isEmpty()) {
                throw Failure.because("cluster `" + text + "` does not exist");
            }
            found.addAll(named ? List.of(matches.getFirst()) : matches);
        }
        return List.copyOf(found);
    }

    /** Rules of what ran in the time window. */
    private List<Rule> rules(Json.Obj cluster, Selectors limit) throws UsageException {
        session.talk().say("Generating container rules...");
        var window = Window.of(session, Window.SHORT);
        var containers = new ArrayList<Json.Obj>();
        var wanted = ContainerFilter.of(session);
        ClusterRecords.stream(session, cluster.text("uid"), "model_container", window, container -> {
            if (wanted.test(container)) {
                containers.add(container);
            }
        });
        var generated = GeneratedRules.of(containers, scoping(), limit);
        generated.notices().forEach(session.talk()::warn);
        return generated.rules();
    }

    private Scoping scoping() {
        if (!session.arguments().has("--namespace")) {
            return new Scoping.Everywhere();
        }
        var names = session.arguments().list("--namespace");
        return names.isEmpty() ? new Scoping.EachNamespace() : new Scoping.Only(Set.copyOf(names));
    }

    private static Ruleset ruleset(String name, List<Rule> rules) {
        return new Ruleset("", 0, name, "cluster", rules);
    }

    private ClusterPolicy policy(String name, List<String> clusters, List<String> rulesets) {
        var selectors = clusters.size() == 1
                ? GeneratedRules.ofCluster(clusters.getFirst())
                : new Selectors(Map.of(
                        Scope.CLUSTER,
                        List.of(new Term("name", Operator.IN, clusters, Spelling.MATCH_FIELDS_EXPRESSIONS))));
        var mode =
                session.arguments().value("--mode").flatMap(PolicyMode::parse).orElse(PolicyMode.AUDIT);
        return new ClusterPolicy("", 0, name, true, mode, selectors, rulesets, Response.DEFAULT);
    }
}
