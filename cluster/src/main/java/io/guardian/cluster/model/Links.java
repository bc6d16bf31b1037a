package io.guardian.cluster.model;

import io.guardian.core.text.Json;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Adds to a record what only other objects tell: the uids of its owners, its node, the labels of its namespace. Objects
 * arrive in any order, so what is looked for and not there yet is reported, and the record is linked again when it
 * comes. Linking is idempotent: it sets or removes its own fields and touches no other.
 */
public final class Links {
    private final Lookup lookup;
    private final Set<Wanted> missing = new HashSet<>();

    /** What a link leads to or waits for. */
    public sealed interface Wanted {
        /** @param kuid uid of the object in the Kubernetes API */
        record ByUid(String kuid) implements Wanted {}

        record ByName(ObjectKey key) implements Wanted {}
    }

    /**
     * Another object.
     *
     * @param id of its record
     * @param controller the reference to its own owner, with {@code kind}, {@code name} and {@code uid}
     */
    public record Target(ObjectKey key, String id, Map<String, String> labels, Optional<Json.Obj> controller) {
        public Target {
            labels = Map.copyOf(labels);
        }
    }

    /** Finds objects that are there now. */
    @FunctionalInterface
    public interface Lookup {
        Optional<Target> find(Wanted wanted);
    }

    /** A record with its links, and what it still waits for. */
    public record Linked(RecordDraft draft, Set<Wanted> missing) {
        public Linked {
            missing = Set.copyOf(missing);
        }
    }

    private Links(Lookup lookup) {
        this.lookup = lookup;
    }

    public static Linked link(RecordDraft draft, Lookup lookup) {
        var links = new Links(lookup);
        var body = links.body(draft);
        return new Linked(draft.with(body), links.missing);
    }

    private Json.Obj body(RecordDraft draft) {
        var body = draft.body();
        return switch (draft.type()) {
            case ContainerDrafts.TYPE -> container(body);
            case "model_k8s_pod" -> pod(body);
            case "model_k8s_endpoint" -> endpoint(body);
            case "model_k8s_rolebinding", "model_k8s_clusterrolebinding" -> binding(body);
            default -> owner(body);
        };
    }

    private Optional<Target> find(Wanted wanted) {
        var found = lookup.find(wanted);
        if (found.isEmpty()) {
            missing.add(wanted);
        }
        return found;
    }

    private Optional<Target> named(Kind kind, String namespace, String name) {
        return name.isEmpty() ? Optional.empty() : find(new Wanted.ByName(new ObjectKey(kind, namespace, name)));
    }

    private Json.Obj container(Json.Obj body) {
        var linked = set(
                body, "node_uid", named(Kind.NODE, "", body.text("node_name")).map(Target::id));
        String namespace = body.text("pod_namespace");
        var labels = named(Kind.NAMESPACE, "", namespace).map(Target::labels);
        // Labels that are not known yet must stay unknown; an empty map would say that there are none.
        return labels.isEmpty()
                ? linked.without("pod_namespace_labels")
                : linked.with("pod_namespace_labels", Texts.object(named(labels.get(), namespace)));
    }

    /** API servers before 1.21 don't set the label of the name by themselves. */
    private static Map<String, String> named(Map<String, String> labels, String namespace) {
        var all = new TreeMap<>(labels);
        all.put("kubernetes.io/metadata.name", namespace);
        return all;
    }

    private Json.Obj pod(Json.Obj body) {
        var linked = set(
                owner(body),
                "node_uid",
                named(Kind.NODE, "", body.object("spec").text("nodeName")).map(Target::id));
        var deployment = ObjectFields.controller(body)
                .filter(Links::isWatched)
                .flatMap(owner -> find(new Wanted.ByUid(owner.text("uid"))))
                .flatMap(Target::controller)
                .filter(owner -> owner.text("kind").equals(Kind.DEPLOYMENT.kubernetesName()))
                .flatMap(owner -> find(new Wanted.ByUid(owner.text("uid"))));
        linked = set(linked, "deployment_uid", deployment.map(Target::id));
        return set(
                linked, "deployment_name", deployment.map(target -> target.key().name()));
    }

    private Json.Obj owner(Json.Obj body) {
        var owner = ObjectFields.controller(body);
        if (owner.isEmpty()) {
            return body;
        }
        var uid = owner.filter(Links::isWatched)
                .flatMap(known -> find(new Wanted.ByUid(known.text("uid"))))
                .map(Target::id);
        return set(
                body.with("owner_kind", Json.of(owner.get().text("kind")))
                        .with("owner_name", Json.of(owner.get().text("name"))),
                "owner_uid",
                uid);
    }

    private static boolean isWatched(Json.Obj owner) {
        for (var kind : Kind.values()) {
            if (kind.isOwner() && kind.kubernetesName().equals(owner.text("kind"))) {
                return true;
            }
        }
        return false;
    }

    private Json.Obj endpoint(Json.Obj body) {
        return set(
                body,
                "service_uid",
                named(Kind.SERVICE, body.text("service_namespace"), body.text("service_name"))
                        .map(Target::id));
    }

    private Json.Obj binding(Json.Obj body) {
        var role = body.object("roleRef");
        String namespace = body.object("metadata").text("namespace");
        boolean clusterWide = role.text("kind").equals(Kind.CLUSTER_ROLE.kubernetesName());
        var roleUid = clusterWide
                ? named(Kind.CLUSTER_ROLE, "", role.text("name"))
                : named(Kind.ROLE, namespace, role.text("name"));
        var uids = new ArrayList<String>();
        List<Json> subjects = new ArrayList<>();
        for (var subject : body.array("subjects").objects()) {
            boolean account = subject.text("kind").equals(Kind.SERVICE_ACCOUNT.kubernetesName());
            var uid = account
                    ? named(Kind.SERVICE_ACCOUNT, subject.text("namespace"), subject.text("name"))
                            .map(Target::id)
                    : Optional.<String>empty();
            uid.ifPresent(uids::add);
            subjects.add(set(subject, "subject_uid", uid));
        }
        return body.with("roleRef", set(role, "role_uid", roleUid.map(Target::id)))
                .with("subjects", new Json.Arr(subjects))
                .with("subject_uids", Json.strings(uids));
    }

    private static Json.Obj set(Json.Obj body, String key, Optional<String> value) {
        return value.isPresent() ? body.with(key, Json.of(value.get())) : body.without(key);
    }
}
