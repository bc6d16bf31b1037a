package io.guardian.cluster.act;

import io.guardian.core.event.Seconds;
import io.guardian.core.text.Json;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A pod that the server wants deleted.
 *
 * @param uid of the action
 * @param podUid Kubernetes uid of the pod; no other pod of that name may be touched
 * @param untilMicros when the request is void
 */
public record KillRequest(
        String uid, String clusterUid, String namespace, String pod, String podUid, long untilMicros) {

    /** RFC 1123 subdomains, as the API server demands them of these names. */
    private static final Pattern NAME = Pattern.compile("[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?");

    private static final Pattern UID = Pattern.compile("[A-Za-z0-9-]{1,128}");

    /** Reads an action; absent if it isn't a whole kill-pod. */
    static Optional<KillRequest> read(Json.Obj action) {
        var params = action.object("params");
        String namespace = params.text("namespace");
        String pod = params.text("pod_name");
        String podUid = params.text("pod_uid");
        boolean whole = action.text("action_type").equals("kill-pod")
                && NAME.matcher(namespace).matches()
                && NAME.matcher(pod).matches()
                && UID.matcher(podUid).matches();
        if (!whole) {
            return Optional.empty();
        }
        return Optional.of(new KillRequest(
                action.text("action_uid"), params.text("cluster_uid"), namespace, pod, podUid, until(action)));
    }

    /** Both forms of a time occur: seconds, and ISO-8601. */
    private static long until(Json.Obj action) {
        var seconds = action.number("valid_to").map(Seconds::micros);
        if (seconds.isPresent()) {
            return seconds.get();
        }
        try {
            return action.string("valid_to")
                    .map(text -> java.time.Instant.parse(text).toEpochMilli() * 1000)
                    .orElse(Long.MAX_VALUE);
        } catch (java.time.format.DateTimeParseException unreadable) {
            return Long.MAX_VALUE;
        }
    }
}
