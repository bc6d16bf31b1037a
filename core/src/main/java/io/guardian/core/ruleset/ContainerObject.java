package io.guardian.core.ruleset;

import io.guardian.core.selector.Scope;
import io.guardian.core.selector.Subject;
import io.guardian.core.text.Json;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * A container as cluster policies see it: what is known of it, what may still become known, and what it lacks.
 *
 * <p>A fact that every container has and that its record doesn't give (the image of a container that is being made, the
 * machine of a pod that waits for one, the labels of a namespace whose record is on its way) is unknown, never absent:
 * a verdict that depends on it is held.
 */
public final class ContainerObject implements Subject {
    /** The label that names the namespace; Kubernetes sets it on every one. */
    public static final String NAMESPACE_NAME = "kubernetes.io/metadata.name";

    /** The scopes of a container, in the order in which documents write them. */
    static final List<Scope> SCOPES =
            List.of(Scope.CLUSTER, Scope.MACHINE, Scope.NAMESPACE, Scope.POD, Scope.CONTAINER);

    private final Map<Scope, Facts> facts;

    private ContainerObject(Map<Scope, Facts> facts) {
        this.facts = facts;
    }

    /**
     * Reads a {@code model_container} record, with {@code hostname} and {@code source_name} of its machine added where
     * they are known.
     *
     * @return empty for a sandbox (pause) container, which policies are not about
     */
    public static Optional<ContainerObject> ofRecord(Json.Obj container) {
        if (container.bool("sandbox").orElse(false)) {
            return Optional.empty();
        }
        var facts = new EnumMap<Scope, Facts>(Scope.class);
        boolean inPod = !container.text("pod_name").isEmpty()
                || !container.text("pod_uid").isEmpty()
                || !container.text("pod_namespace").isEmpty();
        facts.put(Scope.CONTAINER, container(container));
        facts.put(
                Scope.MACHINE,
                fields(container, Map.of("hostname", "hostname", "uid", "muid", "sourceName", "source_name")));
        facts.put(Scope.CLUSTER, cluster(container));
        facts.put(Scope.POD, inPod ? pod(container) : Facts.ABSENT);
        facts.put(Scope.NAMESPACE, inPod ? namespace(container) : Facts.ABSENT);
        return Optional.of(new ContainerObject(Collections.unmodifiableMap(facts)));
    }

    /** The same facts, as far as cluster policies look at them. */
    public static ContainerObject of(Subject subject) {
        var facts = new EnumMap<Scope, Facts>(Scope.class);
        SCOPES.forEach(scope -> facts.put(scope, subject.facts(scope)));
        return new ContainerObject(Collections.unmodifiableMap(facts));
    }

    private static Facts container(Json.Obj container) {
        var known = (Facts.Present) fields(
                container, Map.of("image", "image", "containerName", "container_name", "containerID", "container_id"));
        var values = new LinkedHashMap<>(known.values());
        var unknown = new HashSet<>(known.unknown());
        var digests = new ArrayList<String>();
        String imageId = container.text("image_id");
        if (imageId.isEmpty()) {
            unknown.add("imageID");
        } else {
            digests.add(imageId);
        }
        for (String digest : container.array("image_repo_digests").strings()) {
            digests.add(digest.substring(digest.indexOf('@') + 1));
        }
        if (!digests.isEmpty()) {
            values.put("imageID", digests);
        }
        return new Facts.Present(values, unknown);
    }

    private static Facts cluster(Json.Obj container) {
        boolean none = container.text("clustername").isEmpty()
                && container.text("cluster_uid").isEmpty();
        return none ? Facts.ABSENT : fields(container, Map.of("name", "clustername", "uid", "cluster_uid"));
    }

    /** @param names of the record's fields, by those of the facts */
    private static Facts fields(Json.Obj container, Map<String, String> names) {
        var values = new LinkedHashMap<String, List<String>>();
        var unknown = new HashSet<String>();
        names.forEach((fact, field) -> {
            String text = container.text(field);
            if (text.isEmpty()) {
                unknown.add(fact);
            } else {
                values.put(fact, List.of(text));
            }
        });
        return new Facts.Present(values, unknown);
    }

    private static Facts pod(Json.Obj container) {
        boolean known = container.get("pod_labels").isPresent();
        return new Facts.Present(labels(container.object("pod_labels")), Set.of(), !known);
    }

    /** A namespace always has the label of its name, so that one without labels is one whose labels are not known. */
    private static Facts namespace(Json.Obj container) {
        var labels = labels(container.object("pod_namespace_labels"));
        boolean known = !labels.isEmpty();
        String name = container.text("pod_namespace");
        if (!name.isEmpty()) {
            labels.put(NAMESPACE_NAME, List.of(name));
        }
        return labels.isEmpty() ? Facts.UNKNOWN : new Facts.Present(labels, Set.of(), !known);
    }

    private static Map<String, List<String>> labels(Json.Obj map) {
        var labels = new LinkedHashMap<String, List<String>>();
        map.fields().forEach((key, value) -> {
            if (value instanceof Json.Str(String text)) {
                labels.put(key, List.of(text));
            }
        });
        return labels;
    }

    @Override
    public Facts facts(Scope scope) {
        return facts.getOrDefault(scope, Facts.ABSENT);
    }

    /** The first value of a fact; the empty text when there is none or it is not known. */
    public String text(Scope scope, String key) {
        return facts(scope) instanceof Facts.Present present
                ? present.get(key)
                        .filter(values -> !values.isEmpty())
                        .map(List::getFirst)
                        .orElse("")
                : "";
    }

    /** Known labels of the pod or the namespace. */
    public Map<String, String> labels(Scope scope) {
        var labels = new TreeMap<String, String>();
        if (facts(scope) instanceof Facts.Present present) {
            present.values().forEach((key, values) -> labels.put(key, values.getFirst()));
        }
        return labels;
    }

    /** The normalised name of its image; empty when it is not known. */
    public String image() {
        return text(Scope.CONTAINER, "image");
    }

    /** The name of its namespace; empty when it is in none. */
    public String namespace() {
        return text(Scope.NAMESPACE, NAMESPACE_NAME);
    }
}
