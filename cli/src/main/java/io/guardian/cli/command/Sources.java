package io.guardian.cli.command;

import io.guardian.cli.api.Call;
import io.guardian.cli.line.UsageException;
import io.guardian.cli.shell.Failure;
import io.guardian.core.document.DeviationDocument;
import io.guardian.core.document.Document;
import io.guardian.core.document.Documents;
import io.guardian.core.document.Fingerprint;
import io.guardian.core.document.FingerprintGroup;
import io.guardian.core.document.Resource;
import io.guardian.core.document.Span;
import io.guardian.core.document.UidList;
import io.guardian.core.document.WorkloadDocument;
import io.guardian.core.fingerprint.Source;
import io.guardian.core.selector.Scope;
import io.guardian.core.text.Json;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;

/**
 * Inputs of create, merge and diff, taken out of the documents that hold them; uids are replaced by what they stand
 * for.
 *
 * @param span of all inputs together
 */
record Sources(List<Source> sources, List<DeviationDocument> deviations, Span span) {
    private static final int OBJECTS_PER_REQUEST = 500;

    Sources {
        sources = List.copyOf(sources);
        deviations = List.copyOf(deviations);
    }

    static Sources of(Session session, List<Document> documents) throws UsageException {
        var collecting = new Collecting(session);
        for (var document : documents) {
            collecting.add(document.resource());
        }
        return new Sources(collecting.sources, collecting.deviations, collecting.span);
    }

    private static final class Collecting {
        private final Session session;
        private final List<Source> sources = new ArrayList<>();
        private final List<DeviationDocument> deviations = new ArrayList<>();
        private Span span = Span.UNKNOWN;

        Collecting(Session session) {
            this.session = session;
        }

        void add(Resource resource) throws UsageException {
            switch (resource) {
                case Fingerprint fingerprint -> add(fingerprint);
                case FingerprintGroup group -> group.fingerprints().forEach(this::add);
                case WorkloadDocument policy -> {
                    span = span.union(policy.span());
                    sources.add(source(policy));
                }
                case DeviationDocument deviation -> deviations.add(deviation);
                case UidList list -> {
                    for (var object : objects(session, list.uids())) {
                        addStored(object);
                    }
                }
                default ->
                    throw Failure.because(
                            "a " + resource.kind() + " can't be an input here; give fingerprints, groups of"
                                    + " them, policies or lists of uids");
            }
        }

        private void add(Fingerprint fingerprint) {
            span = span.union(fingerprint.metadata().span());
            sources.add(source(fingerprint));
        }

        /** A record as the server keeps it: a fingerprint, or a deviation around its document. */
        private void addStored(Json.Obj record) throws UsageException {
            var document = record.get("deviation").isPresent() ? record.object("deviation") : record;
            var parsed = Documents.parse(document);
            if (!parsed.isValid()) {
                throw Failure.because("`" + record.text("id") + "` can't be used: "
                        + parsed.errors().getFirst());
            }
            for (var found : parsed.documents()) {
                add(found.resource());
            }
        }
    }

    private static Source source(WorkloadDocument document) {
        var policy = document.policy();
        return new Source(
                policy.type(),
                policy.name(),
                policy.selectors(),
                policy.switches(),
                policy.behaviour(),
                Map.of(),
                false,
                false);
    }

    private static Source source(Fingerprint fingerprint) {
        var metadata = fingerprint.metadata();
        var facts = new HashMap<Scope, Map<String, List<String>>>();
        put(facts, Scope.CONTAINER, "containerName", metadata.containerName());
        put(facts, Scope.CONTAINER, "containerID", metadata.containerId());
        put(facts, Scope.CLUSTER, "name", metadata.clusterName());
        put(facts, Scope.CLUSTER, "uid", metadata.clusterUid());
        put(facts, Scope.MACHINE, "uid", metadata.muid());
        put(facts, Scope.SERVICE, "cgroup", metadata.cgroup());
        put(facts, Scope.NAMESPACE, "kubernetes.io/metadata.name", metadata.namespace());
        return new Source(
                fingerprint.type(),
                fingerprint.name(),
                fingerprint.selectors(),
                fingerprint.switches(),
                fingerprint.behaviour(),
                facts,
                metadata.uncertain(),
                metadata.truncated());
    }

    private static void put(Map<Scope, Map<String, List<String>>> facts, Scope scope, String key, String value) {
        if (!value.isEmpty()) {
            var known = new HashMap<>(facts.getOrDefault(scope, Map.of()));
            known.put(key, List.of(value));
            facts.put(scope, known);
        }
    }

    /** Full records by uid; those that can't be found are warned of. */
    static List<Json.Obj> objects(Session session, List<String> uids) throws UsageException {
        var found = new ArrayList<Json.Obj>();
        var client = session.org();
        for (int from = 0; from < uids.size(); from += OBJECTS_PER_REQUEST) {
            var part = uids.subList(from, Math.min(uids.size(), from + OBJECTS_PER_REQUEST));
            var body = Json.object().put("ids", Json.strings(part)).build();
            found.addAll(client.sendForObject(org -> Call.query("/org/" + org + "/objects", body))
                    .array("results")
                    .objects());
        }
        var known = new HashSet<String>();
        found.forEach(record -> known.add(record.text("id")));
        uids.stream()
                .filter(uid -> !known.contains(uid))
                .distinct()
                .forEach(uid -> session.talk().warn("`" + uid + "` was not found"));
        return found;
    }
}
