package io.guardian.backend.meta;

import io.guardian.core.text.Json;
import java.time.Instant;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/**
 * Something an agent was asked to do, or did by itself under an enforcing policy.
 *
 * @param analyticUid the policy that asked; empty when a person did
 * @param resultCode 0 when done; meaningless before {@link State#COMPLETED}
 * @param completed {@link Validity#OPEN} before the end
 */
public record AgentAction(
        String orgUid,
        String uid,
        String agentUid,
        String actionType,
        String objectUid,
        String analyticUid,
        String principal,
        String actionTakenBy,
        String reason,
        Json.Obj params,
        State state,
        int resultCode,
        String errorReason,
        String errorMessage,
        Json.Obj detail,
        Validity validity,
        Instant completed) {

    /** A failed action is completed, with a code other than 0. */
    public enum State {
        QUEUED,
        DELIVERED,
        COMPLETED,
        EXPIRED;

        public static Optional<State> parse(String text) {
            return Arrays.stream(values())
                    .filter(state -> state.toString().equals(text))
                    .findFirst();
        }

        public boolean isFinal() {
            return this == COMPLETED || this == EXPIRED;
        }

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
