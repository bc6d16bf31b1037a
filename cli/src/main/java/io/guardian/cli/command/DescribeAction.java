package io.guardian.cli.command;

import io.guardian.cli.get.Policies;
import io.guardian.cli.line.Command;
import io.guardian.cli.line.Option;
import io.guardian.cli.line.Positional;
import io.guardian.cli.line.UsageException;
import io.guardian.cli.session.Names;
import io.guardian.cli.session.Session;
import io.guardian.core.document.ClusterPolicy;
import io.guardian.core.document.Document;
import io.guardian.core.document.Documents;
import io.guardian.core.document.Ruleset;
import io.guardian.core.document.WorkloadDocument;
import io.guardian.core.policy.NetworkEntry;
import io.guardian.core.policy.Peer;
import io.guardian.core.policy.ProcessNode;
import io.guardian.core.ruleset.RulesetNotices;
import io.guardian.core.selector.SelectorsJson;
import io.guardian.core.text.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** {@code describe policy}: what a policy allows, in words. */
final class DescribeAction {
    private DescribeAction() {}

    static Command.Body<Action> body() {
        return Command.<Action>group()
                .describe("Says in words what a document means.")
                .child(new Command<>(
                        "policy",
                        ResourceNames.ANY_POLICY,
                        "What a policy allows.",
                        () -> Command.does((Action) DescribeAction::run)
                                .describe("Says in words which processes and connections a policy allows, or which"
                                        + " containers the rulesets of a cluster policy allow.")
                                .words(Positional.optional(
                                        "NAME_OR_UID", "The policy; a unique part of its name will do."))
                                .option(Option.many("FILE", "A policy in a file instead.", "-f", "--filename"))
                                .example("spyctl describe policy mongo-policy", "an applied policy")
                                .build()))
                .child(new Command<>(
                        "ruleset",
                        ResourceNames.ANY_RULESET,
                        "What the rules of a ruleset allow and deny.",
                        () -> Command.does((Action) DescribeAction::ruleset)
                                .describe("Says in words what the rules of a ruleset allow and deny, and where.")
                                .words(Positional.optional(
                                        "NAME_OR_UID", "The ruleset; a unique part of its name will do."))
                                .option(Option.many("FILE", "A ruleset in a file instead.", "-f", "--filename"))
                                .example("spyctl describe ruleset demo-cluster_ruleset", "a ruleset that was applied")
                                .build()))
                .child(new Command<>(
                        "deviation", List.of("deviations", "dev"), "Why something deviated.", DescribeDeviation::body))
                .build();
    }

    private static int run(Session session) throws UsageException {
        var files = session.arguments().values("--filename");
        var documents = files.isEmpty() ? List.of(applied(session)) : InputFiles.documents(session, files);
        for (var document : documents) {
            lines(document).forEach(session.printer()::line);
            if (document.resource() instanceof ClusterPolicy cluster) {
                describe(session, DescribedRules.ofPolicy(session, cluster, documents));
            }
        }
        return 0;
    }

    private static int ruleset(Session session) throws UsageException {
        var files = session.arguments().values("--filename");
        var rulesets = files.isEmpty()
                ? List.of(DescribedRules.applied(
                        session,
                        session.arguments()
                                .word()
                                .orElseThrow(() -> new UsageException("give a ruleset, or a file with `-f`"))))
                : DescribedRules.of(InputFiles.documents(session, files));
        describe(session, rulesets);
        return 0;
    }

    private static void describe(Session session, List<Ruleset> rulesets) {
        rulesets.forEach(ruleset -> DescribedRules.lines(ruleset).forEach(session.printer()::line));
        RulesetNotices.of(rulesets).forEach(notice -> session.printer().line("Note: " + notice));
    }

    private static Document applied(Session session) throws UsageException {
        String name =
                session.arguments().word().orElseThrow(() -> new UsageException("give a policy, or a file with `-f`"));
        var policy = Policies.NAMES.one(Policies.fetch(session, Optional.empty(), false), name, Names.Reach.PARTS);
        return InputFiles.checked(
                        session,
                        List.of(new InputFiles.Input(Policies.uid(policy), Documents.parse(Policies.document(policy)))))
                .getFirst();
    }

    private static List<String> lines(Document document) {
        var lines = new ArrayList<String>();
        String status = Policies.status(document.source());
        lines.add(document.kind() + " `" + document.name() + "`"
                + (document.uid().isEmpty() ? "" : " (" + document.uid() + ")") + ": "
                + status.toLowerCase(Locale.ROOT));
        if (document.resource() instanceof WorkloadDocument workload) {
            workload(workload, lines);
        } else if (document.resource() instanceof ClusterPolicy cluster) {
            lines.add("");
            lines.add("Applies to containers of:");
            SelectorsJson.fields(cluster.selectors())
                    .forEach((key, value) -> lines.add("  " + key + " " + words(value)));
            lines.add("");
            lines.add("On a deviation: " + words(cluster.toJson().object("spec").object("response")));
        }
        return lines;
    }

    private static void workload(WorkloadDocument document, List<String> lines) {
        var policy = document.policy();
        lines.add("");
        lines.add("Applies to:");
        var selectors = SelectorsJson.fields(policy.selectors());
        selectors.forEach((key, value) -> lines.add("  " + key + " " + words(value)));
        lines.add("");
        lines.add("Processes:");
        var behaviour = policy.behaviour();
        if (policy.switches().processes()) {
            lines.add("  any; they are not checked");
        } else if (behaviour.processes().isEmpty()) {
            lines.add("  none is allowed");
        }
        behaviour.processes().forEach(node -> process(node, "  ", lines));
        lines.add("");
        lines.add("Connections in:");
        entries(behaviour.ingress(), "from", lines);
        lines.add("");
        lines.add("Connections out:");
        entries(behaviour.egress(), "to", lines);
        lines.add("");
        lines.add("On a deviation: " + words(document.toJson().object("spec").object("response")));
    }

    static String words(Json value) {
        return switch (value) {
            case Json.Obj object ->
                object.fields().entrySet().stream()
                        .map(field -> field.getKey() + " " + words(field.getValue()))
                        .collect(Collectors.joining(", "));
            case Json.Arr list ->
                list.items().isEmpty()
                        ? "none"
                        : list.items().stream().map(DescribeAction::words).collect(Collectors.joining(" or "));
            case Json.Str(String text) -> text;
            case Json.Num _, Json.Bool _, Json.Null _ -> value.toText();
        };
    }

    private static void process(ProcessNode node, String indent, List<String> lines) {
        String users = node.euser().isEmpty() ? "as its parent's user" : "as " + String.join(" or ", node.euser());
        String sockets = switch (node.sockets()) {
            case ProcessNode.ListeningSockets.Any() -> "";
            case ProcessNode.ListeningSockets.Listed(var ports) ->
                ports.isEmpty()
                        ? ", may not listen"
                        : ", may listen on "
                                + ports.stream().map(Object::toString).collect(Collectors.joining(", "));
        };
        lines.add(indent + node.name() + " (" + String.join(" or ", node.exe()) + ") " + users + sockets);
        node.children().forEach(child -> process(child, indent + "  ", lines));
    }

    private static void entries(List<NetworkEntry> entries, String preposition, List<String> lines) {
        if (entries.isEmpty()) {
            lines.add("  none is allowed");
        }
        for (var entry : entries) {
            String peers = entry.peers().stream().map(DescribeAction::peer).collect(Collectors.joining(", "));
            String ports = entry.ports().stream().map(Object::toString).collect(Collectors.joining(", "));
            String processes = entry.processes().isEmpty() ? "any process" : String.join(", ", entry.processes());
            lines.add("  " + processes + " " + preposition + " " + peers + " on " + ports);
        }
    }

    private static String peer(Peer peer) {
        return switch (peer) {
            case Peer.IpBlock(var cidr, var except) ->
                cidr
                        + (except.isEmpty()
                                ? ""
                                : " except "
                                        + except.stream().map(Object::toString).collect(Collectors.joining(", ")));
            case Peer.DnsSelector(var names) -> String.join(" or ", names);
        };
    }
}
