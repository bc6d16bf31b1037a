package io.guardian.core.document;

import io.guardian.core.fingerprint.CreatePolicy;
import io.guardian.core.fingerprint.Diff;
import io.guardian.core.fingerprint.Merge;
import io.guardian.core.policy.BehaviourJson;
import io.guardian.core.text.Json;
import java.util.ArrayList;
import java.util.List;

/** Create and merge on whole documents, so that every program does them the same way. */
public final class PolicyEdits {
    private PolicyEdits() {}

    /** What became of a creation. */
    public sealed interface Creation {
        record Created(WorkloadDocument document, List<String> notices) implements Creation {}

        /** @param reason one line, with what to do */
        record Refused(String reason) implements Creation {}
    }

    /** A policy from fingerprints, groups, baselines and policies; its latest time is the latest of theirs. */
    public static Creation create(List<Resource> inputs, CreatePolicy.Options options) {
        var sources =
                inputs.stream().flatMap(input -> Sources.of(input).stream()).toList();
        return switch (CreatePolicy.create(sources, options)) {
            case CreatePolicy.Outcome.Refused(var reason) -> new Creation.Refused(reason);
            case CreatePolicy.Outcome.Created(var policy, var notices) -> {
                var latest = inputs.stream().map(PolicyEdits::span).reduce(Span.UNKNOWN, Span::union);
                var document =
                        new WorkloadDocument(policy, new Span(java.util.OptionalDouble.empty(), latest.latest()));
                yield new Creation.Created(document, notices);
            }
        };
    }

    /**
     * @param document the target with what was merged in; its own order of keys, and everything else, as it was
     * @param changed whether the {@code spec} is another
     * @param notices what was skipped, and why
     * @param diff what was added and changed
     */
    public record Merged(Json.Obj document, boolean changed, List<String> notices, Diff diff) {}

    /**
     * @param source the target as written, of which {@code target} is the meaning
     * @param force take in also what lies outside the target's selectors
     */
    public static Merged merge(Json.Obj source, WorkloadDocument target, List<Resource> incoming, boolean force) {
        var notices = new ArrayList<String>();
        var taken = new ArrayList<Merge.Incoming>();
        for (var resource : incoming) {
            var items = incoming(resource);
            if (items.isEmpty()) {
                notices.add("skipped " + resource.kind() + " `" + resource.name() + "`: nothing of it belongs in a "
                        + target.policy().type() + " policy");
            }
            taken.addAll(items);
        }
        var result = Merge.merge(target.policy(), taken, force);
        notices.addAll(result.notices());
        var diff = Diff.of(target.policy().behaviour(), result.policy().behaviour());
        if (!result.changed()) {
            return new Merged(source, false, List.copyOf(notices), diff);
        }
        var latest = incoming.stream().map(PolicyEdits::span).reduce(target.span(), Span::union);
        var spec = source.object("spec");
        var behaviour = result.policy().behaviour();
        var network = BehaviourJson.network(behaviour);
        var written = spec.object("networkPolicy")
                .with("egress", network.array("egress"))
                .with("ingress", network.array("ingress"));
        var edited = source.with(
                "spec",
                spec.with("processPolicy", BehaviourJson.processes(behaviour.processes()))
                        .with("networkPolicy", written));
        return new Merged(withLatest(edited, latest), true, List.copyOf(notices), diff);
    }

    private static Json.Obj withLatest(Json.Obj document, Span span) {
        return span.latest().isEmpty()
                ? document
                : document.with(
                        "metadata",
                        document.object("metadata")
                                .with("latestTimestamp", Json.of(span.latest().getAsDouble())));
    }

    private static List<Merge.Incoming> incoming(Resource resource) {
        if (resource instanceof DeviationDocument deviation) {
            return deviation.type() == DeviationDocument.Type.CLUSTER
                    ? List.of()
                    : List.of(new Merge.Incoming.Deviation(deviation.uid(), deviation.policyUid(), deviation.patch()));
        }
        return Sources.of(resource).stream()
                .<Merge.Incoming>map(Merge.Incoming.Document::new)
                .toList();
    }

    private static Span span(Resource resource) {
        return switch (resource) {
            case Fingerprint fingerprint -> fingerprint.metadata().span();
            case FingerprintGroup group ->
                group.fingerprints().stream()
                        .map(fingerprint -> fingerprint.metadata().span())
                        .reduce(group.span(), Span::union);
            case WorkloadDocument document -> document.span();
            case ClusterPolicy _,
                    TracePolicy _,
                    Ruleset _,
                    DeviationDocument _,
                    UidList _,
                    Config _,
                    ApiSecret _,
                    OtherDocument _ -> Span.UNKNOWN;
        };
    }
}
