package io.guardian.cluster.model;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.guardian.core.id.KubernetesUids;
import io.guardian.core.text.Json;
import java.util.List;
import java.util.Optional;

/** The fields that records of all kinds share. */
final class ObjectFields {
    private static final int OWNERS_MAX = 16;

    private ObjectFields() {}

    static Json.ObjBuilder begin(Kind kind, HasMetadata object, ClusterIdentity cluster) {
        return begin(kind.kubernetesName(), object, cluster);
    }

    private static Json.ObjBuilder begin(String kind, HasMetadata object, ClusterIdentity cluster) {
        String kuid = kuid(object);
        return Json.object()
                .put("kind", kind)
                .put("cluster_uid", cluster.uid())
                .put("cluster_name", cluster.name())
                .put("cluid", cluster.uid())
                .put("clusterid", cluster.kubernetesUid())
                .put("kuid", kuid)
                .put("metadata", metadata(object.getMetadata()))
                .put("red_flag_count", 0)
                .put("ops_flag_count", 0);
    }

    private static Json.Obj metadata(ObjectMeta metadata) {
        return Json.object()
                .put("name", Texts.orEmpty(metadata.getName()))
                .putUnlessEmpty("namespace", Texts.orEmpty(metadata.getNamespace()))
                .put("uid", Texts.orEmpty(metadata.getUid()))
                .put("labels", Texts.object(Texts.labels(metadata.getLabels())))
                .put("annotations", Texts.object(Texts.annotations(metadata.getAnnotations())))
                .put("creationTimestamp", Texts.orEmpty(metadata.getCreationTimestamp()))
                .put("ownerReferences", owners(metadata.getOwnerReferences()))
                .build();
    }

    private static Json.Arr owners(List<OwnerReference> owners) {
        return new Json.Arr(owners.stream()
                .limit(OWNERS_MAX)
                .map(owner -> (Json) Json.object()
                        .put("kind", Texts.orEmpty(owner.getKind()))
                        .put("name", Texts.orEmpty(owner.getName()))
                        .put("uid", Texts.orEmpty(owner.getUid()))
                        .put("controller", Boolean.TRUE.equals(owner.getController()))
                        .build())
                .toList());
    }

    static String kuid(HasMetadata object) {
        return Texts.orEmpty(object.getMetadata().getUid());
    }

    static long createdMicros(HasMetadata object) {
        return Texts.micros(object.getMetadata().getCreationTimestamp());
    }

    /** The record's id. */
    static String id(Kind kind, HasMetadata object, ClusterIdentity cluster) {
        return KubernetesUids.object(kind.uidType(), cluster.uid(), createdMicros(object) / 1_000_000, kuid(object));
    }

    /** A draft of what lives as long as the object. */
    static RecordDraft draft(Kind kind, HasMetadata object, ClusterIdentity cluster, Json.ObjBuilder body) {
        return new RecordDraft(
                id(kind, object, cluster), kind.recordType(), createdMicros(object), RecordDraft.ALIVE, body.build());
    }

    /** The reference to the owner that controls the object, from a body's metadata. */
    static Optional<Json.Obj> controller(Json.Obj body) {
        return body.object("metadata").array("ownerReferences").objects().stream()
                .filter(owner -> owner.bool("controller").orElse(false))
                .findFirst();
    }
}
