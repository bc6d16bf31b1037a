package io.guardian.backend.respond;

import io.guardian.backend.live.Coverage;
import io.guardian.backend.meta.VersionedDocuments;
import io.guardian.core.decide.CompiledPolicy;
import io.guardian.core.decide.Connection;
import io.guardian.core.decide.NodeSet;
import io.guardian.core.event.AgentHealthEvent;
import io.guardian.core.event.AgentModel;
import io.guardian.core.event.ConnectionModel;
import io.guardian.core.event.ContainerModel;
import io.guardian.core.event.DeviationEvent;
import io.guardian.core.event.Event;
import io.guardian.core.event.ListeningSocketModel;
import io.guardian.core.event.MachineModel;
import io.guardian.core.event.MetricEvent;
import io.guardian.core.event.Owner;
import io.guardian.core.event.ProcessModel;
import io.guardian.core.net.Direction;
import io.guardian.core.policy.PolicyType;
import io.guardian.core.policy.WorkloadPolicy;
import io.guardian.core.selector.Selection;
import io.guardian.core.text.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Which policies explain an object: the live ones that are about its workload, if all of them allow it. What isn't
 * known for sure, such as a process whose place in the tree was not seen, is explained by none.
 */
final class Explaining {
    private static final int MAX_DEPTH = 256;
    private static final int MAX_ORGANISATIONS = 1000;

    private final VersionedDocuments documents;
    private final WorkloadSubjects subjects;
    private final Lookup lookup;
    private final Map<String, Live> live = new LinkedHashMap<>(16, 0.75f, true);

    /** Where records are looked up by organisation and id. */
    @FunctionalInterface
    interface Lookup {
        Optional<Event> find(String org, String id);
    }

    private record Entry(String uid, WorkloadPolicy policy, CompiledPolicy compiled) {}

    private record Live(long revision, List<Entry> policies) {}

    Explaining(VersionedDocuments documents, WorkloadSubjects subjects, Lookup lookup) {
        this.documents = documents;
        this.subjects = subjects;
        this.lookup = lookup;
    }

    /** Uid, name and mode of each policy that allows the object; none if one doesn't, or none is about it. */
    List<Json> policiesFor(String org, String ref) {
        return lookup.find(org, ref)
                .map(object -> switch (object) {
                    case ProcessModel process ->
                        explain(org, process.owner(), process, (policy, set) -> policy.allows(set));
                    case ConnectionModel connection ->
                        by(
                                org,
                                connection.owner(),
                                connection.puid(),
                                (policy, set) -> connection(connection)
                                        .filter(seen -> policy.allows(set) && policy.allows(seen, set))
                                        .isPresent());
                    case ListeningSocketModel socket ->
                        by(
                                org,
                                socket.owner(),
                                socket.puid(),
                                (policy, set) -> policy.allows(set)
                                        && policy.allowsSocket(
                                                set,
                                                socket.protocol(),
                                                socket.local().port()));
                    case ContainerModel container -> List.<Json>of();
                    case MachineModel machine -> List.<Json>of();
                    case AgentModel agent -> List.<Json>of();
                    case AgentHealthEvent health -> List.<Json>of();
                    case DeviationEvent deviation -> List.<Json>of();
                    case MetricEvent metric -> List.<Json>of();
                })
                .orElse(List.of());
    }

    @FunctionalInterface
    private interface Verdict {
        boolean allows(CompiledPolicy policy, NodeSet process);
    }

    private List<Json> by(String org, Owner owner, String puid, Verdict verdict) {
        return lookup.find(org, puid)
                .filter(ProcessModel.class::isInstance)
                .map(process -> explain(org, owner, (ProcessModel) process, verdict))
                .orElse(List.of());
    }

    private static Optional<Connection> connection(ConnectionModel model) {
        boolean ingress = model.direction() == ConnectionModel.Direction.INBOUND;
        int port = ingress ? model.local().port() : model.judged().port();
        return model.judged()
                .address()
                .map(remote -> new Connection(
                        ingress ? Direction.INGRESS : Direction.EGRESS, model.protocol(), remote, port, model.names()));
    }

    private List<Json> explain(String org, Owner owner, ProcessModel process, Verdict verdict) {
        if (owner.fingerprintUid().isEmpty()) {
            return List.of();
        }
        var type = owner.isContainer() ? PolicyType.CONTAINER : PolicyType.LINUX_SERVICE;
        var subject = subjects.of(org, owner);
        var about = live(org).policies().stream()
                .filter(entry ->
                        entry.policy().type() == type && entry.compiled().selects(subject) == Selection.MATCH)
                .toList();
        var chain = about.isEmpty() ? List.<ProcessModel>of() : chain(org, process);
        boolean allowed = !chain.isEmpty()
                && about.stream().allMatch(entry -> verdict.allows(entry.compiled(), match(entry.compiled(), chain)));
        return allowed ? about.stream().map(Explaining::mark).toList() : List.of();
    }

    private static Json mark(Entry entry) {
        return Json.object()
                .put("policy_uid", entry.uid())
                .put("policy_name", entry.policy().name())
                .put("policy_mode", entry.policy().mode().toString())
                .build();
    }

    /** The images of the workload from its root down to this one; nothing if one of them is uncertain or missing. */
    private List<ProcessModel> chain(String org, ProcessModel process) {
        var chain = new ArrayList<ProcessModel>();
        Optional<ProcessModel> next = Optional.of(process);
        while (next.isPresent() && chain.size() < MAX_DEPTH) {
            var image = next.get();
            if (image.place().uncertain()) {
                return List.of();
            }
            chain.addFirst(image);
            if (image.place().root()) {
                return chain;
            }
            next = lookup.find(org, image.ppuid())
                    .filter(ProcessModel.class::isInstance)
                    .map(ProcessModel.class::cast);
        }
        return List.of();
    }

    private static NodeSet match(CompiledPolicy policy, List<ProcessModel> chain) {
        var above = policy.none();
        for (int i = 0; i < chain.size(); i++) {
            var image = chain.get(i);
            String user = image.users().euser();
            above = i == 0
                    ? policy.root(image.name(), image.exeIdentity(), user)
                    : policy.child(above, image.name(), image.exeIdentity(), user);
        }
        return above;
    }

    private Live live(String org) {
        long revision = documents.revision(org);
        var known = live.get(org);
        if (known != null && known.revision() == revision) {
            return known;
        }
        var policies = new ArrayList<Entry>();
        for (var stored : documents.list(org)) {
            Coverage.workload(stored)
                    .filter(WorkloadPolicy::enabled)
                    .ifPresent(policy -> policies.add(new Entry(stored.uid(), policy, CompiledPolicy.compile(policy))));
        }
        var made = new Live(revision, List.copyOf(policies));
        live.put(org, made);
        if (live.size() > MAX_ORGANISATIONS) {
            live.remove(live.keySet().iterator().next());
        }
        return made;
    }
}
