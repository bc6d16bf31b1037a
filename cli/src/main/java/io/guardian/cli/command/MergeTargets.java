package io.guardian.cli.command;

import io.guardian.cli.get.Policies;
import io.guardian.cli.get.Rulesets;
import io.guardian.cli.line.UsageException;
import io.guardian.cli.session.Names;
import io.guardian.cli.session.Session;
import io.guardian.cli.shell.Failure;
import io.guardian.core.document.ClusterPolicy;
import io.guardian.core.document.Document;
import io.guardian.core.document.Documents;
import io.guardian.core.document.Ruleset;
import io.guardian.core.document.WorkloadDocument;
import io.guardian.core.text.Json;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Finds what merge and diff are about: the policies and rulesets of files, or policies that are applied. */
final class MergeTargets {
    private final Session session;
    private final List<InputFiles.Input> files;
    /** Rulesets of the files as they are by now, by name, and those of the server that were merged into. */
    private final Map<String, Json.Obj> working = new LinkedHashMap<>();

    private MergeTargets(Session session, List<InputFiles.Input> files) {
        this.session = session;
        this.files = files;
        InputFiles.checked(session, files).stream()
                .filter(document -> document.resource() instanceof Ruleset)
                .forEach(document -> working.put(document.name(), document.source()));
    }

    static MergeTargets of(Session session) throws UsageException {
        var patterns = session.arguments().values("--filename");
        if (patterns.isEmpty() == !session.arguments().has("--policy")) {
            throw new UsageException("give what to change: either files with `-f` or policies with `-p`");
        }
        return new MergeTargets(session, patterns.isEmpty() ? List.of() : InputFiles.read(session, patterns));
    }

    List<InputFiles.Input> files() {
        return files;
    }

    /** A ruleset was merged into; the next target that uses it starts from here. */
    void changed(Json.Obj ruleset) {
        working.put(Rulesets.name(ruleset), ruleset);
    }

    /** What is no policy or ruleset is said and left out. */
    List<MergeTarget> all() throws UsageException {
        return files.isEmpty() ? applied(session.arguments().list("--policy")) : inFiles();
    }

    private List<MergeTarget> applied(List<String> names) throws UsageException {
        var all = Policies.fetch(session, Optional.empty(), false);
        var targets = new ArrayList<MergeTarget>();
        var chosen = names.isEmpty()
                ? all
                : names.stream()
                        .map(name -> Policies.NAMES.one(all, name, Names.Reach.EXACT))
                        .toList();
        for (var policy : chosen) {
            var document = parsed(Policies.document(policy), "policy " + Policies.uid(policy));
            if (document.resource() instanceof WorkloadDocument workload) {
                targets.add(new MergeTarget.Workload(document.source(), workload, false));
            } else if (document.resource() instanceof ClusterPolicy cluster) {
                String uid = cluster.uid();
                ClusterTarget.Rulesets rulesets = () -> parts(Rulesets.fetch(session, "in_policy=" + uid));
                var latest = ClusterWindow.latest(document.source(), rulesets.now());
                targets.add(new ClusterTarget(cluster.name(), uid, false, latest, rulesets));
            } else {
                skip(document);
            }
        }
        return targets;
    }

    private List<MergeTarget> inFiles() throws UsageException {
        var targets = new ArrayList<MergeTarget>();
        var used = new HashSet<String>();
        var documents = files.stream()
                .flatMap(file -> file.parsed().documents().stream())
                .toList();
        for (var document : documents) {
            if (document.resource() instanceof WorkloadDocument workload) {
                targets.add(new MergeTarget.Workload(document.source(), workload, true));
            } else if (document.resource() instanceof ClusterPolicy cluster) {
                used.addAll(cluster.rulesets());
                targets.add(ofFile(document.source(), cluster));
            } else if (!(document.resource() instanceof Ruleset)) {
                skip(document);
            }
        }
        for (var document : documents) {
            if (document.resource() instanceof Ruleset ruleset
                    && !used.contains(ruleset.name())
                    && (ruleset.uid().isEmpty() || !used.contains(ruleset.uid()))) {
                targets.add(alone(document, ruleset));
            }
        }
        return targets;
    }

    private ClusterTarget ofFile(Json.Obj source, ClusterPolicy policy) throws UsageException {
        boolean offline =
                session.arguments().has("--with-file") && working.keySet().containsAll(policy.rulesets());
        String uid = policy.uid().isEmpty() && !offline ? uidByName(policy.name()) : policy.uid();
        var stored = offline ? List.<Json.Obj>of() : Rulesets.fetch(session, "from_archive=false");
        ClusterTarget.Rulesets rulesets = () -> {
            var found = new ArrayList<ClusterTarget.Part>();
            for (String name : policy.rulesets()) {
                found.add(part(named(name, stored)));
            }
            return found;
        };
        return new ClusterTarget(
                policy.name(), uid, true, ClusterWindow.latest(source, parts(storedOf(policy, stored))), rulesets);
    }

    private static List<Json.Obj> storedOf(ClusterPolicy policy, List<Json.Obj> stored) {
        return stored.stream()
                .filter(ruleset -> policy.rulesets().contains(Rulesets.name(ruleset))
                        || policy.rulesets().contains(Rulesets.uid(ruleset)))
                .toList();
    }

    /** A ruleset of a file or of the server. */
    private Json.Obj named(String name, List<Json.Obj> stored) {
        var known = working.get(name);
        if (known != null) {
            return known;
        }
        for (var ruleset : working.values()) {
            if (Rulesets.uid(ruleset).equals(name)) {
                return ruleset;
            }
        }
        return Rulesets.document(Rulesets.NAMES.one(stored, name, Names.Reach.EXACT));
    }

    private String uidByName(String name) throws UsageException {
        return clusterPolicies().stream()
                .filter(policy -> Policies.name(policy).equals(name))
                .map(Policies::uid)
                .findFirst()
                .orElse("");
    }

    private List<Json.Obj> clusterPolicies() throws UsageException {
        return Policies.fetch(session, Optional.of("cluster"), false);
    }

    /** A ruleset without its policy: what deviated from the one policy that uses it is merged in. */
    private ClusterTarget alone(Document document, Ruleset ruleset) throws UsageException {
        if (session.arguments().has("--with-file")) {
            return new ClusterTarget(
                    ruleset.name(),
                    "",
                    true,
                    Optional.empty(),
                    () -> List.of(part(working.getOrDefault(ruleset.name(), document.source()))));
        }
        var users = SharedRulesets.users(clusterPolicies(), ruleset.name(), ruleset.uid());
        if (users.size() != 1) {
            throw Failure.because(
                    "ruleset `" + ruleset.name() + "` in " + document.place().file() + " is used by "
                            + (users.isEmpty() ? "no policy" : SharedRulesets.words(users))
                            + ", give the policy that is meant: in a file with `-f`, or an applied one with `-p`");
        }
        var policy = parsed(Policies.document(users.getFirst()), "policy " + Policies.uid(users.getFirst()));
        return ofFile(policy.source(), (ClusterPolicy) policy.resource());
    }

    private static List<ClusterTarget.Part> parts(List<Json.Obj> envelopes) {
        return envelopes.stream()
                .map(Rulesets::document)
                .map(MergeTargets::part)
                .toList();
    }

    private static ClusterTarget.Part part(Json.Obj source) {
        var document = parsed(source, "ruleset `" + Rulesets.name(source) + "`");
        return new ClusterTarget.Part(source, (Ruleset) document.resource());
    }

    private static Document parsed(Json.Obj source, String what) {
        var parsed = Documents.parse(source);
        if (!parsed.isValid()) {
            throw Failure.because(what + " can't be read: " + parsed.errors().getFirst());
        }
        return parsed.documents().getFirst();
    }

    private void skip(Document document) {
        session.talk()
                .warn("skipped " + document.kind() + " `" + document.name()
                        + "`: only container, linux-service and cluster policies can be merged");
    }
}
