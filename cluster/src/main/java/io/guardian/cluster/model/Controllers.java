package io.guardian.cluster.model;

import io.fabric8.kubernetes.api.model.LabelSelector;
import io.fabric8.kubernetes.api.model.apps.DaemonSet;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.ReplicaSet;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.batch.v1.CronJob;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.guardian.core.text.Json;
import org.jspecify.annotations.Nullable;

/** Own fields of what makes pods. */
final class Controllers {
    private Controllers() {}

    static Json.Obj deployment(Deployment object) {
        var spec = object.getSpec();
        var status = object.getStatus();
        var counts = Json.object();
        if (status != null) {
            number(counts, "replicas", status.getReplicas());
            number(counts, "readyReplicas", status.getReadyReplicas());
            number(counts, "availableReplicas", status.getAvailableReplicas());
            number(counts, "updatedReplicas", status.getUpdatedReplicas());
        }
        return with(spec == null ? Json.Obj.EMPTY : replicated(spec.getReplicas(), spec.getSelector()), counts);
    }

    static Json.Obj replicaSet(ReplicaSet object) {
        var spec = object.getSpec();
        var status = object.getStatus();
        var counts = Json.object();
        if (status != null) {
            number(counts, "replicas", status.getReplicas());
            number(counts, "readyReplicas", status.getReadyReplicas());
            number(counts, "availableReplicas", status.getAvailableReplicas());
        }
        return with(spec == null ? Json.Obj.EMPTY : replicated(spec.getReplicas(), spec.getSelector()), counts);
    }

    static Json.Obj statefulSet(StatefulSet object) {
        var spec = object.getSpec();
        var status = object.getStatus();
        var counts = Json.object();
        if (status != null) {
            number(counts, "replicas", status.getReplicas());
            number(counts, "readyReplicas", status.getReadyReplicas());
            number(counts, "availableReplicas", status.getAvailableReplicas());
            number(counts, "updatedReplicas", status.getUpdatedReplicas());
        }
        return with(spec == null ? Json.Obj.EMPTY : replicated(spec.getReplicas(), spec.getSelector()), counts);
    }

    static Json.Obj daemonSet(DaemonSet object) {
        var spec = object.getSpec();
        var status = object.getStatus();
        var counts = Json.object();
        if (status != null) {
            number(counts, "desiredNumberScheduled", status.getDesiredNumberScheduled());
            number(counts, "currentNumberScheduled", status.getCurrentNumberScheduled());
            number(counts, "numberReady", status.getNumberReady());
            number(counts, "numberAvailable", status.getNumberAvailable());
        }
        return with(
                spec == null
                        ? Json.Obj.EMPTY
                        : selector(Json.object(), spec.getSelector()).build(),
                counts);
    }

    static Json.Obj job(Job object) {
        var spec = object.getSpec();
        var status = object.getStatus();
        var wanted = Json.object();
        if (spec != null) {
            number(wanted, "parallelism", spec.getParallelism());
            number(wanted, "completions", spec.getCompletions());
            number(wanted, "backoffLimit", spec.getBackoffLimit());
        }
        var counts = Json.object();
        if (status != null) {
            number(counts, "active", status.getActive());
            number(counts, "succeeded", status.getSucceeded());
            number(counts, "failed", status.getFailed());
        }
        return with(wanted.build(), counts);
    }

    static Json.Obj cronJob(CronJob object) {
        var spec = object.getSpec();
        var status = object.getStatus();
        var wanted = Json.object();
        if (spec != null) {
            wanted.putUnlessEmpty("schedule", Texts.cut(spec.getSchedule(), 256))
                    .put("suspend", Boolean.TRUE.equals(spec.getSuspend()));
        }
        var seen = Json.object();
        if (status != null) {
            seen.putUnlessEmpty("lastScheduleTime", Texts.cut(status.getLastScheduleTime(), 64))
                    .putUnlessEmpty("lastSuccessfulTime", Texts.cut(status.getLastSuccessfulTime(), 64));
        }
        return with(wanted.build(), seen);
    }

    private static Json.Obj replicated(@Nullable Integer replicas, @Nullable LabelSelector selector) {
        var out = Json.object();
        number(out, "replicas", replicas);
        return selector(out, selector).build();
    }

    private static Json.ObjBuilder selector(Json.ObjBuilder out, @Nullable LabelSelector selector) {
        if (selector != null) {
            out.put(
                    "selector",
                    Json.object()
                            .put("matchLabels", Texts.object(Texts.labels(selector.getMatchLabels())))
                            .build());
        }
        return out;
    }

    private static void number(Json.ObjBuilder out, String key, @Nullable Integer value) {
        if (value != null) {
            out.put(key, value);
        }
    }

    private static Json.Obj with(Json.Obj spec, Json.ObjBuilder status) {
        return Json.object().put("spec", spec).put("k8s_status", status.build()).build();
    }
}
