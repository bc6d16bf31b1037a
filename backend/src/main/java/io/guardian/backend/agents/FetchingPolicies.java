package io.guardian.backend.agents;

import io.guardian.backend.http.Access;
import io.guardian.backend.http.Answer;
import io.guardian.backend.http.Call;
import io.guardian.backend.http.Endpoint;
import io.guardian.backend.http.Refusal;
import io.guardian.backend.meta.Changes;
import java.time.Duration;
import java.util.List;

/** Hands out policies; a caller that has the newest waits for the next. */
final class FetchingPolicies {
    private final Bundles bundles;
    private final Changes changes;

    FetchingPolicies(Bundles bundles, Changes changes) {
        this.bundles = bundles;
        this.changes = changes;
    }

    List<Endpoint> endpoints() {
        return List.of(Endpoint.get(
                "/api/v1/agent/policy", Access.AGENT, "The policies that concern an agent; a long poll.", this::fetch));
    }

    private Answer fetch(Call call) {
        var agent = Registering.agentOf(call);
        String known = call.header("If-None-Match").orElse("").replace("\"", "").replace("W/", "");
        long deadline = System.nanoTime() + Waiting.of(call).toNanos();
        while (true) {
            long seen = changes.count(Changes.bundles(agent.orgUid()));
            long revision = bundles.revision(agent);
            if (!Long.toString(revision).equals(known)) {
                var bundle = bundles.of(agent);
                return Answer.json(bundle)
                        .withHeader("ETag", "\"" + bundle.number("revision").orElseThrow() + "\"");
            }
            long left = deadline - System.nanoTime();
            if (left <= 0 || !await(Changes.bundles(agent.orgUid()), seen, Duration.ofNanos(left))) {
                return Answer.notModified("\"" + revision + "\"");
            }
        }
    }

    private boolean await(String topic, long seen, Duration longest) {
        try {
            return changes.await(topic, seen, longest);
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
            throw Refusal.notReady("the server is stopping", 1);
        }
    }
}
