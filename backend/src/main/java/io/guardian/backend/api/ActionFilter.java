package io.guardian.backend.api;

import io.guardian.backend.http.Query;
import io.guardian.backend.meta.AgentAction;
import java.util.Comparator;

/** Filters and orders of the list of agent actions. */
final class ActionFilter {
    private ActionFilter() {}

    static boolean wanted(AgentAction action, Query query) {
        return equal(query, "state_equals", action.state().toString())
                && query.text("state_not_equals")
                        .map(state -> !state.equals(action.state().toString()))
                        .orElse(true)
                && equal(query, "action_type_equals", action.actionType())
                && equal(query, "agent_uid_equals", action.agentUid())
                && equal(query, "object_uid_equals", action.objectUid())
                && equal(query, "action_uid_equals", action.uid())
                && equal(query, "policy_uid_equals", action.analyticUid())
                && equal(query, "action_taken_by", action.actionTakenBy())
                && query.text("reason_contains")
                        .map(part -> Wire.contains(action.reason(), part))
                        .orElse(true)
                && query.number("result_code_equals")
                        .map(code -> code == action.resultCode())
                        .orElse(true);
    }

    private static boolean equal(Query query, String filter, String value) {
        return query.text(filter).map(value::equals).orElse(true);
    }

    /** Newest first unless asked otherwise. */
    static Comparator<AgentAction> order(Query query) {
        Comparator<AgentAction> order = switch (query.text("sort_by").orElse("")) {
            case "state" -> Comparator.comparing(action -> action.state().toString());
            case "resultcode" -> Comparator.comparingInt(AgentAction::resultCode);
            case "completed" -> Comparator.comparing(AgentAction::completed);
            case "validfrom" -> Comparator.comparing(action -> action.validity().from());
            case "validto" -> Comparator.comparing(action -> action.validity().to());
            default ->
                Comparator.comparing((AgentAction action) -> action.validity().from())
                        .reversed();
        };
        return query.isTrue("reversed") ? order.reversed() : order;
    }
}
