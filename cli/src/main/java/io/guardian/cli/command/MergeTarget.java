package io.guardian.cli.command;

import io.guardian.cli.get.Policies;
import io.guardian.cli.line.UsageException;
import io.guardian.cli.session.Names;
import io.guardian.cli.session.Session;
import io.guardian.cli.shell.Failure;
import io.guardian.core.document.Document;
import io.guardian.core.document.Documents;
import io.guardian.core.document.WorkloadDocument;
import io.guardian.core.text.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A policy that something is merged into or compared with.
 *
 * @param source as written
 * @param file where it came from; empty for an applied policy
 */
record MergeTarget(Json.Obj source, WorkloadDocument document, Optional<String> file) {

    String uid() {
        return document.uid();
    }

    /** {@code mongo-policy - pol:…}. */
    String title() {
        return document.name() + (uid().isEmpty() ? "" : " - " + uid());
    }

    /** The policies of files, or those that are applied; what is no workload policy is said and left out. */
    static List<MergeTarget> of(Session session) throws UsageException {
        var arguments = session.arguments();
        var files = arguments.values("--filename");
        if (files.isEmpty() == !arguments.has("--policy")) {
            throw new UsageException("give what to change: either files with `-f` or policies with `-p`");
        }
        return files.isEmpty() ? applied(session, arguments.list("--policy")) : inFiles(session, files);
    }

    private static List<MergeTarget> inFiles(Session session, List<String> files) {
        var targets = new ArrayList<MergeTarget>();
        for (var input : InputFiles.read(session, files)) {
            for (var document : InputFiles.checked(session, List.of(input))) {
                add(session, document, Optional.of(input.name()), targets);
            }
        }
        return targets;
    }

    private static List<MergeTarget> applied(Session session, List<String> names) throws UsageException {
        var all = Policies.fetch(session, Optional.empty(), false);
        var chosen = names.isEmpty()
                ? all
                : names.stream()
                        .map(name -> Policies.NAMES.one(all, name, Names.Reach.EXACT))
                        .toList();
        var targets = new ArrayList<MergeTarget>();
        for (var policy : chosen) {
            var parsed = Documents.parse(Policies.document(policy));
            if (!parsed.isValid()) {
                throw Failure.because("policy " + Policies.uid(policy) + " can't be read: "
                        + parsed.errors().getFirst());
            }
            parsed.documents().forEach(document -> add(session, document, Optional.empty(), targets));
        }
        return targets;
    }

    private static void add(Session session, Document document, Optional<String> file, List<MergeTarget> targets) {
        if (document.resource() instanceof WorkloadDocument workload) {
            targets.add(new MergeTarget(document.source(), workload, file));
        } else {
            session.talk()
                    .warn("skipped " + document.kind() + " `" + document.name()
                            + "`: only container and linux-service policies can be merged");
        }
    }
}
