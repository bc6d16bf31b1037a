package io.guardian.cluster.act;

import io.fabric8.kubernetes.api.model.DeleteOptions;
import io.fabric8.kubernetes.api.model.DeleteOptionsBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.guardian.agent.log.Log;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Deletes one pod and no other: the request carries the pod's uid as a precondition, so a pod that took the name
 * meanwhile (a stateful set gives the same names again) is left alone, and asking twice deletes once.
 *
 * <p>It is a deletion and not an eviction, since a disruption budget must not protect a pod that should not be.
 */
public final class PodKiller {
    private static final int TRIES = 3;
    private static final long PAUSE_MILLIS = 300;

    private final KubernetesClient client;
    private final KillGuards guards;
    private final long graceSeconds;
    private final LongSupplier nowMicros;
    private final Log log;

    /** @param graceSeconds how long the pod's processes get between SIGTERM and SIGKILL */
    public PodKiller(KubernetesClient client, KillGuards guards, long graceSeconds, LongSupplier nowMicros, Log log) {
        this.client = client;
        this.guards = guards;
        this.graceSeconds = graceSeconds;
        this.nowMicros = nowMicros;
        this.log = log;
    }

    /** Deletes the pod unless a guard refuses; tries again while the API server is busy or away. */
    public KillResult kill(KillRequest request) throws InterruptedException {
        long now = nowMicros.getAsLong();
        if (request.untilMicros() < now) {
            return KillResult.failed("the request came too late");
        }
        var refusal = guards.refusal(request, now);
        if (refusal.isPresent()) {
            return KillResult.guarded(refusal.get());
        }
        var result = attempt(request);
        for (int tries = 1; result.retry && tries < TRIES && nowMicros.getAsLong() < request.untilMicros(); tries++) {
            TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
            result = attempt(request);
        }
        return result.result;
    }

    private record Attempt(KillResult result, boolean retry) {
        static Attempt last(KillResult result) {
            return new Attempt(result, false);
        }
    }

    private Attempt attempt(KillRequest request) {
        String place = request.namespace() + "/" + request.pod();
        try {
            client.raw(path(request), "DELETE", options(request));
            log.info("kill", "deleted a pod", "pod", place, "uid", request.podUid(), "action", request.uid());
            return Attempt.last(KillResult.done("deleted"));
        } catch (KubernetesClientException answer) {
            return switch (answer.getCode()) {
                case 404 -> Attempt.last(KillResult.done("already gone"));
                case 409 -> conflict(request);
                case 401 ->
                    new Attempt(KillResult.failed("the API server doesn't accept the monitor's credentials"), true);
                case 403 ->
                    Attempt.last(KillResult.failed("the API server forbids it: the monitor's service account"
                            + " needs `delete` on pods in namespace `" + request.namespace() + "`"));
                case 422 ->
                    Attempt.last(
                            KillResult.failed("the API server finds the deletion invalid: " + answer.getMessage()));
                default ->
                    new Attempt(
                            KillResult.failed(
                                    "the API server could not delete `" + place + "`: " + answer.getMessage()),
                            answer.getCode() == 0 || answer.getCode() == 429 || answer.getCode() >= 500);
            };
        }
    }

    /** Either the name belongs to another pod now, or the pod changed while it was being deleted. */
    private Attempt conflict(KillRequest request) {
        try {
            var pod = client.pods()
                    .inNamespace(request.namespace())
                    .withName(request.pod())
                    .get();
            boolean same =
                    pod != null && request.podUid().equals(pod.getMetadata().getUid());
            return same
                    ? new Attempt(KillResult.failed("the pod changed while it was being deleted"), true)
                    : Attempt.last(KillResult.done("already gone; the name belongs to another pod now"));
        } catch (KubernetesClientException unknown) {
            // The precondition is the only cause of a conflict that concerns identity, so this much is sure.
            return Attempt.last(KillResult.done("already gone; the name belongs to another pod now"));
        }
    }

    private static String path(KillRequest request) {
        return "/api/v1/namespaces/" + request.namespace() + "/pods/" + request.pod();
    }

    private DeleteOptions options(KillRequest request) {
        return new DeleteOptionsBuilder()
                .withApiVersion("v1")
                .withKind("DeleteOptions")
                .withGracePeriodSeconds(graceSeconds)
                .withNewPreconditions()
                .withUid(request.podUid())
                .endPreconditions()
                .build();
    }
}
