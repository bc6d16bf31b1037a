package io.guardian.cli.command;

import io.guardian.cli.get.Policies;
import io.guardian.cli.get.Rulesets;
import io.guardian.cli.line.Command;
import io.guardian.cli.line.Option;
import io.guardian.cli.line.Positional;
import io.guardian.cli.line.UsageException;
import io.guardian.cli.output.OutputFormat;
import io.guardian.cli.session.Names;
import io.guardian.cli.session.Session;
import io.guardian.cli.shell.Failure;
import io.guardian.core.admission.AdmissionPolicy;
import io.guardian.core.document.ClusterPolicy;
import io.guardian.core.document.Documents;
import io.guardian.core.text.Json;
import io.guardian.core.text.YamlWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;

/** {@code export}: documents without what belongs to this server, ready to apply at another. */
final class ExportAction {
    private static final int LONGEST_NAME = 64;
    private static final String ADMISSION = "validating-admission-policy";
    private static final Positional NAME = Positional.optional("NAME_OR_UID", "Only these.");

    private ExportAction() {}

    static Command.Body<Action> body() {
        return Command.<Action>group()
                .describe("Prints documents without uids and times, ready to apply elsewhere.")
                .child(new Command<>(
                        "policies",
                        ResourceNames.POLICIES,
                        "Policies, and the rulesets they refer to.",
                        () -> Command.does((Action) ExportAction::policies)
                                .words(NAME)
                                .option(Option.value("", "Only this type.", "--type")
                                        .oneOf("linux-service", "container", "trace", "cluster"))
                                .option(CommonOptions.EXACT)
                                .option(Option.value("", "Write it in another system's language.", "--as")
                                        .oneOf(ADMISSION))
                                .option(CommonOptions.outputForDocuments())
                                .example("spyctl export policies mongo-policy > policy.yaml", "to apply elsewhere")
                                .example(
                                        "spyctl export policy demo-cluster-policy --as validating-admission-policy",
                                        "what Kubernetes itself can refuse, before anything runs")
                                .build()))
                .child(new Command<>(
                        "rulesets",
                        ResourceNames.ANY_RULESET,
                        "Rulesets.",
                        () -> Command.does((Action) ExportAction::rulesets)
                                .words(NAME)
                                .option(CommonOptions.EXACT)
                                .option(CommonOptions.outputForDocuments())
                                .build()))
                .build();
    }

    private static Names.Reach reach(Session session) {
        return session.arguments().has("--exact") ? Names.Reach.EXACT : Names.Reach.PARTS;
    }

    private static int policies(Session session) throws UsageException {
        var all = Policies.fetch(session, session.arguments().value("--type"), false);
        var word = session.arguments().word();
        var chosen = word.isEmpty() ? all : Policies.NAMES.all(all, word.get(), reach(session));
        if (session.arguments().has("--as")) {
            return admission(session, chosen);
        }
        var rulesets = new LinkedHashMap<String, Json.Obj>();
        var policies = new ArrayList<Json.Obj>();
        for (var policy : chosen) {
            var document = Policies.document(policy);
            policies.add(reduced(document));
            if (!document.object("spec").array("rulesets").items().isEmpty()) {
                for (var ruleset : Rulesets.fetch(session, "in_policy=" + Policies.uid(policy))) {
                    rulesets.put(Rulesets.uid(ruleset), reduced(Rulesets.document(ruleset)));
                }
            }
        }
        var documents = new ArrayList<>(rulesets.values());
        documents.addAll(policies);
        print(session, documents);
        return 0;
    }

    /** Of each cluster policy a ValidatingAdmissionPolicy and its binding, headed by what they can't express. */
    private static int admission(Session session, List<Json.Obj> chosen) throws UsageException {
        var documents = new ArrayList<Json.Obj>();
        var notes = new ArrayList<String>();
        for (var envelope : chosen) {
            var parsed = Documents.parse(Policies.document(envelope));
            if (!parsed.isValid() || !(parsed.documents().getFirst().resource() instanceof ClusterPolicy policy)) {
                throw Failure.because("policy `" + Policies.name(envelope)
                        + "` is not of a cluster; only cluster policies can be exported as " + ADMISSION);
            }
            var rulesets = DescribedRules.ofPolicy(session, policy, List.of());
            var exported = AdmissionPolicy.of(policy, rulesets)
                    .orElseThrow(() -> Failure.because("policy `" + policy.name()
                            + "` has no rules of container::image or container::containerName to export"));
            documents.add(exported.policy());
            documents.add(exported.binding());
            exported.notes().forEach(note -> notes.add(policy.name() + ": " + note));
        }
        if (documents.isEmpty()) {
            throw Failure.because("nothing found to export");
        }
        notes.forEach(session.talk()::warn);
        var format = CommonOptions.format(session.arguments());
        if (format.isTable() || format == OutputFormat.YAML) {
            notes.forEach(note -> session.printer().line("# " + oneLine(note)));
            session.printer().raw(YamlWriter.writeStream(documents));
        } else {
            var list = Json.object()
                    .put("apiVersion", "v1")
                    .put("kind", "List")
                    .put("items", new Json.Arr(List.copyOf(documents)))
                    .build();
            session.printer().document(List.of(list), format);
        }
        return 0;
    }

    /** A note holds names that somebody chose; no line break of theirs may end the comment. */
    private static String oneLine(String note) {
        var out = new StringBuilder();
        note.codePoints().forEach(c -> {
            boolean breaks = Character.isISOControl(c) || c == 0x2028 || c == 0x2029;
            out.append(breaks ? "\\x" + Integer.toHexString(c) : Character.toString(c));
        });
        return out.toString();
    }

    private static int rulesets(Session session) throws UsageException {
        var all = Rulesets.fetch(session, "from_archive=false");
        var word = session.arguments().word();
        var chosen = word.isEmpty() ? all : Rulesets.NAMES.all(all, word.get(), reach(session));
        print(
                session,
                chosen.stream()
                        .map(Rulesets::document)
                        .map(ExportAction::reduced)
                        .toList());
        return 0;
    }

    private static Json.Obj reduced(Json.Obj document) {
        var metadata = document.object("metadata");
        String name = metadata.text("name");
        return document.with(
                "metadata",
                Json.object()
                        .put("name", name.substring(0, Math.min(LONGEST_NAME, name.length())))
                        .putIfPresent("type", metadata.get("type"))
                        .build());
    }

    private static void print(Session session, List<Json.Obj> documents) {
        if (documents.isEmpty()) {
            session.talk().say("Nothing found to export.");
        }
        var format = Optional.of(CommonOptions.format(session.arguments())).filter(chosen -> !chosen.isTable());
        session.printer().document(documents, format.orElse(OutputFormat.YAML));
    }
}
