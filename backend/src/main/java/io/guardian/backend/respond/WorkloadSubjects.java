package io.guardian.backend.respond;

import io.guardian.backend.live.Machines;
import io.guardian.backend.live.RecordSubject;
import io.guardian.backend.store.History;
import io.guardian.core.event.ExeIdentity;
import io.guardian.core.event.Owner;
import io.guardian.core.selector.Scope;
import io.guardian.core.selector.Subject;
import io.guardian.core.text.Json;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The object of a deviation, with the scopes of its workload and of the process that acted. */
final class WorkloadSubjects {
    private static final int MAX_CONTAINERS = 10_000;

    private final History history;
    private final Machines machines;
    private final Map<String, Json.Obj> containers = new LinkedHashMap<>(16, 0.75f, true);
    private final Map<String, Json.Obj> partial = new LinkedHashMap<>(16, 0.75f, true);

    WorkloadSubjects(History history, Machines machines) {
        this.history = history;
        this.machines = machines;
    }

    /**
     * Remembers a container, so that it needn't be looked up. In a cluster a record tells only what its sender knows:
     * what else is known is in the history.
     */
    void container(String org, Json.Obj container) {
        String key = org + " " + container.text("id");
        if (container.text("cluster_uid").isEmpty()) {
            keep(key, container);
        } else {
            partial.put(key, over(partial.getOrDefault(key, Json.Obj.EMPTY), container));
            containers.remove(key);
            if (partial.size() > MAX_CONTAINERS) {
                partial.remove(partial.keySet().iterator().next());
            }
        }
    }

    /** Both records in one; where both say something, the newer. */
    private static Json.Obj over(Json.Obj before, Json.Obj newer) {
        var fields = new LinkedHashMap<>(before.fields());
        newer.fields().forEach((name, value) -> {
            boolean says = !value.equals(Json.of("")) && !value.equals(Json.Obj.EMPTY);
            if (says || !fields.containsKey(name)) {
                fields.put(name, value);
            }
        });
        return new Json.Obj(fields);
    }

    private void keep(String key, Json.Obj container) {
        containers.put(key, container);
        if (containers.size() > MAX_CONTAINERS) {
            containers.remove(containers.keySet().iterator().next());
        }
    }

    /** The container of a deviation; an empty object when there is none. */
    Json.Obj containerOf(String org, String uid) {
        if (uid.isEmpty()) {
            return Json.Obj.EMPTY;
        }
        String key = org + " " + uid;
        var known = containers.get(key);
        if (known != null) {
            return known;
        }
        var told = Optional.ofNullable(partial.remove(key)).orElse(Json.Obj.EMPTY);
        var found = over(history.byIds(org, List.of(uid)).getOrDefault(uid, Json.Obj.EMPTY), told);
        if (!found.equals(Json.Obj.EMPTY)) {
            keep(key, found);
        }
        return found;
    }

    Subject of(Case found) {
        var owner = found.event().owner();
        var names = machines.of(found.org(), owner.muid());
        var workload = workload(found)
                .with("muid", Json.of(owner.muid()))
                .with("hostname", Json.of(names.hostname()))
                .with("source_name", Json.of(names.sourceName()));
        var labels = found.event().inputs().podLabels();
        if (!labels.fields().isEmpty()) {
            workload = workload.with("pod_labels", labels);
        }
        var subject = RecordSubject.of(workload);
        var process = process(found.image());
        return scope -> scope == Scope.PROCESS ? process : subject.facts(scope);
    }

    /** A workload by itself, as the records of its processes name it. */
    Subject of(String org, Owner owner) {
        var names = machines.of(org, owner.muid());
        var container = containerOf(org, owner.containerUid());
        var workload = container.equals(Json.Obj.EMPTY)
                ? Json.object()
                        .put("schema", "model_fingerprint::1.0.0")
                        .putUnlessEmpty("cgroup", owner.isContainer() ? "" : owner.serviceCgroup())
                        .putUnlessEmpty("container_id", owner.containerId())
                        .build()
                : container;
        return RecordSubject.of(workload.with("muid", Json.of(owner.muid()))
                .with("hostname", Json.of(names.hostname()))
                .with("source_name", Json.of(names.sourceName())));
    }

    private Json.Obj workload(Case found) {
        var owner = found.event().owner();
        var container = containerOf(found.org(), owner.containerUid());
        if (!container.equals(Json.Obj.EMPTY)) {
            return container;
        }
        var names = found.event().workload();
        return Json.object()
                .put("schema", "model_fingerprint::1.0.0")
                .putUnlessEmpty("cgroup", owner.isContainer() ? "" : owner.serviceCgroup())
                .putUnlessEmpty("container_id", owner.containerId())
                .putUnlessEmpty("image", names.image())
                .putUnlessEmpty("cluster_uid", names.clusterUid())
                .putUnlessEmpty("cluster_name", names.clusterName())
                .putUnlessEmpty("pod_namespace", names.namespace())
                .build();
    }

    private static Subject.Facts process(Json.Obj image) {
        return image.text("exe").isEmpty()
                ? Subject.Facts.ABSENT
                : new Subject.Facts.Present(Map.of(
                        "name", List.of(image.text("name")),
                        "exe", ExeIdentity.findable(image.text("exe"), image.text("path")),
                        "euser", List.of(image.text("euser"))));
    }
}
