package io.guardian.backend.meta;

import io.guardian.core.text.Json;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Agent actions: queued, delivered, and ended by a result or by time. */
public interface Actions {
    record NewAction(
            String orgUid,
            String agentUid,
            String actionType,
            String objectUid,
            String analyticUid,
            String principal,
            String actionTakenBy,
            String reason,
            Json.Obj params,
            Validity validity) {}

    record Result(int resultCode, String errorReason, String errorMessage, Instant completed, Json.Obj detail) {}

    /** What became of a result that an agent sent. */
    sealed interface Finish {
        record Accepted(AgentAction action) implements Finish {}

        /** The same result was there already. */
        record Repeated(AgentAction action) implements Finish {}

        /** Another result was there already; it stays. */
        record Contradicts(AgentAction action) implements Finish {}

        record Unknown() implements Finish {}
    }

    AgentAction queue(NewAction action);

    /** All unfinished actions of an agent that still hold; queued ones become delivered. */
    List<AgentAction> deliver(String agentUid, Instant now);

    Finish finish(String agentUid, String actionUid, Result result);

    /** Keeps an action that the agent took by itself; a uid that is there already changes nothing. */
    boolean reported(AgentAction action);

    /** Ends the unfinished actions whose time is over, and returns them as they are now. */
    List<AgentAction> expire(Instant now);

    /** Kills asked for by a policy on one agent since then, whatever became of them. */
    int killsSince(String policyUid, String agentUid, Instant since);

    /** Newest first. */
    List<AgentAction> list(String orgUid);

    Optional<AgentAction> get(String orgUid, String uid);
}
