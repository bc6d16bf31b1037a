package io.guardian.cli.command;

import io.guardian.cli.api.Call;
import io.guardian.cli.get.Clusters;
import io.guardian.cli.line.Command;
import io.guardian.cli.line.Option;
import io.guardian.cli.line.UsageException;
import io.guardian.cli.session.Names;
import io.guardian.cli.session.Session;
import io.guardian.cli.session.Window;
import io.guardian.cli.shell.Failure;
import io.guardian.core.text.Json;
import java.util.ArrayList;
import java.util.List;

/** {@code create cluster-policy} and {@code create cluster-ruleset}. */
final class CreateClusterAction {
    private final Session session;

    private CreateClusterAction(Session session) {
        this.session = session;
    }

    static Command.Body<Action> policyBody() {
        return Command.does((Action) session -> new CreateClusterAction(session).policy())
                .describe(
                        "Makes a policy for clusters, and for each cluster a ruleset of the images that run there. With"
                                + " `--namespace` and no value, rules are limited to the namespaces the images were seen in; with"
                                + " values, only those namespaces are looked at; without it, rules hold everywhere.")
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
        var wanted = arguments.list("--cluster");
        if (wanted.isEmpty()) {
            throw Failure.because("no cluster is named, give one with `-C`");
        }
        session.talk().say("Validating cluster(s) exist within the system.");
        var clusters = clusters(wanted);
        var documents = new ArrayList<Json.Obj>();
        if (!arguments.has("--no-ruleset-gen")) {
            for (var cluster : clusters) {
                String clusterName = cluster.text("name");
                session.talk().say("Creating ruleset for cluster " + clusterName);
                documents.add(ruleset(clusterName + "_ruleset", rules(cluster)));
            }
        }
        session.talk().say("Cluster(s) validated... creating policy.");
        var names = clusters.stream().map(cluster -> cluster.text("name")).toList();
        var rulesets = documents.stream()
                .map(document -> document.object("metadata").text("name"))
                .toList();
        documents.add(policy(name, arguments.value("--mode").orElse("audit"), names, rulesets));
        CreatePolicyAction.print(session, documents);
        return 0;
    }

    private int ruleset() throws UsageException {
        var arguments = session.arguments();
        var wanted = arguments.list("--cluster");
        List<Json> rules = List.of();
        String name = arguments.value("--name").orElse("");
        if (!wanted.isEmpty()) {
            var cluster = clusters(wanted.subList(0, 1)).getFirst();
            name = name.isEmpty() ? cluster.text("name") + "_ruleset" : name;
            rules = arguments.has("--generate-rules") ? rules(cluster) : List.of();
        } else if (arguments.has("--generate-rules")) {
            throw new UsageException("option `--cluster` is needed to generate rules");
        }
        if (name.isEmpty()) {
            throw new UsageException("option `--name` is needed without `--cluster`");
        }
        CreatePolicyAction.print(session, List.of(ruleset(name, rules)));
        return 0;
    }

    private List<Json.Obj> clusters(List<String> wanted) throws UsageException {
        var known = Clusters.all(session);
        var found = new ArrayList<Json.Obj>();
        for (String text : wanted) {
            var matches = Clusters.NAMES.all(known, text, Names.Reach.EXACT);
            if (matches.isEmpty()) {
                throw Failure.because("cluster `" + text + "` does not exist");
            }
            found.add(matches.getFirst());
        }
        return found;
    }

    /** Rules of what ran in the time window. */
    private List<Json> rules(Json.Obj cluster) throws UsageException {
        session.talk().say("Generating container rules...");
        var window = Window.of(session, Window.SHORT);
        var namespaces = session.arguments().list("--namespace");
        var containers = new ArrayList<Json.Obj>();
        var pipeline = new Json.Arr(List.of(
                Json.object()
                        .put(
                                "filter",
                                Json.object().put("schema", "model_container").build())
                        .build(),
                Json.object().put("latest_model", Json.Obj.EMPTY).build()));
        session.org().stream(
                org -> Call.query(
                        "/source/query/",
                        window.putInto(Json.object()
                                        .put("org_uid", org)
                                        .put("src_uid", cluster.text("uid") + "_poco")
                                        .put("data_type", "k8s"))
                                .put("pipeline", pipeline)
                                .build()),
                container -> {
                    if (namespaces.isEmpty() || namespaces.contains(ClusterRules.namespace(container))) {
                        containers.add(container);
                    }
                });
        return session.arguments().has("--namespace")
                ? ClusterRules.byNamespace(containers)
                : ClusterRules.global(containers);
    }

    private static Json.Obj ruleset(String name, List<Json> rules) {
        return Json.object()
                .put("apiVersion", "spyderbat/v1")
                .put("kind", "SpyderbatRuleset")
                .put(
                        "metadata",
                        Json.object().put("name", name).put("type", "cluster").build())
                .put("spec", Json.object().put("rules", new Json.Arr(rules)).build())
                .build();
    }

    private static Json.Obj policy(String name, String mode, List<String> clusters, List<String> rulesets) {
        var selector = clusters.size() == 1
                ? Json.object()
                        .put(
                                "matchFields",
                                Json.object().put("name", clusters.getFirst()).build())
                        .build()
                : Json.object()
                        .put(
                                "matchFieldsExpressions",
                                new Json.Arr(List.of(Json.object()
                                        .put("key", "name")
                                        .put("operator", "In")
                                        .put("values", Json.strings(clusters))
                                        .build())))
                        .build();
        var response = Json.object()
                .put(
                        "default",
                        new Json.Arr(List.of(Json.object()
                                .put(
                                        "makeRedFlag",
                                        Json.object().put("severity", "high").build())
                                .build())))
                .put("actions", Json.Arr.EMPTY)
                .build();
        return Json.object()
                .put("apiVersion", "spyderbat/v1")
                .put("kind", "SpyderbatPolicy")
                .put(
                        "metadata",
                        Json.object().put("name", name).put("type", "cluster").build())
                .put(
                        "spec",
                        Json.object()
                                .put("enabled", true)
                                .put("mode", mode)
                                .put("clusterSelector", selector)
                                .put("rulesets", Json.strings(rulesets))
                                .put("response", response)
                                .build())
                .build();
    }
}
