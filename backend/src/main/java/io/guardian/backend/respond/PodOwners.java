package io.guardian.backend.respond;

import io.guardian.core.text.Json;

/** Finds the controller that makes a pod. */
@FunctionalInterface
public interface PodOwners {
    PodOwners NONE = (_, _) -> Owner.NONE;

    /** @param podUid uid of the pod's record */
    Owner of(String org, String podUid);

    /**
     * A controller; of a pod that a deployment's replica set makes, the deployment.
     *
     * @param kind such as {@code ReplicaSet}, of the direct owner; empty when the pod has none
     * @param top what stays the same when the pod is made anew; empty when nothing makes it anew
     * @param podFromMicros when the pod was made, 0 if not known
     */
    record Owner(String kind, String name, String uid, String top, String topName, long podFromMicros) {
        public static final Owner NONE = new Owner("", "", "", "", "", 0);

        /** From a {@code model_k8s_pod}. */
        public static Owner of(Json.Obj pod) {
            boolean deployed = !pod.text("deployment_uid").isEmpty();
            return new Owner(
                    pod.text("owner_kind"),
                    pod.text("owner_name"),
                    pod.text("owner_uid"),
                    deployed ? pod.text("deployment_uid") : pod.text("owner_uid"),
                    deployed
                            ? "Deployment " + pod.text("deployment_name")
                            : pod.text("owner_kind") + " " + pod.text("owner_name"),
                    pod.number("valid_from")
                            .map(io.guardian.core.event.Seconds::micros)
                            .orElse(0L));
        }
    }
}
