package io.guardian.core.document;

import io.guardian.core.policy.Action;
import io.guardian.core.policy.PolicyType;
import io.guardian.core.policy.Response.Entry;
import io.guardian.core.policy.Severity;
import io.guardian.core.selector.Scope;
import io.guardian.core.selector.Selectors;
import io.guardian.core.text.Json;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Reads one item of a response: a mapping whose only key is the action. */
final class ActionReader {
    static final List<String> TYPES = List.of(
            "makeRedFlag",
            "makeOpsFlag",
            "agentKillPod",
            "agentKillProcess",
            "agentKillProcessGroup",
            "agentKillProcessTree",
            "agentReniceProcess");
    static final Set<Scope> SCOPES = SelectorReader.scopes(
            Scope.CLUSTER, Scope.CONTAINER, Scope.MACHINE, Scope.NAMESPACE, Scope.POD, Scope.PROCESS);
    private static final int MAX_CONTENT = 350;
    private static final int MAX_IMPACT = 100;

    private final PolicyType policyType;
    private final boolean selective;

    /** @param selective whether the item needs selectors (actions) or may have none (defaults) */
    ActionReader(PolicyType policyType, boolean selective) {
        this.policyType = policyType;
        this.selective = selective;
    }

    Optional<Entry> read(Slot item) {
        var outer = item.fields();
        if (outer.isEmpty()) {
            return Optional.empty();
        }
        var entries = outer.get().mapping().entries();
        if (entries.size() != 1) {
            item.error("an item has " + entries.size() + " keys", "write one action per item, as its only key");
            return Optional.empty();
        }
        String type = entries.getFirst().key();
        var body = outer.get().take(type).orElseThrow();
        if (!TYPES.contains(type)) {
            var near = io.guardian.core.text.Nearest.of(type, TYPES);
            item.error(
                    "`" + type + "` is not an action",
                    near.map(word -> "did you mean `" + word + "`?").orElse("use one of " + String.join(", ", TYPES)));
            return Optional.empty();
        }
        if (!canBeTaken(type)) {
            body.notice("a " + policyType + " policy can't carry out " + type, "the action is kept and never taken");
        }
        if (body.isNull()) {
            return bare(type, body);
        }
        return body.fields().map(fields -> entry(type, fields));
    }

    private Optional<Entry> bare(String type, Slot body) {
        if (selective) {
            body.error("the action has no selector", "add at least one, such as `processSelector`");
            return Optional.empty();
        }
        var action = Action.bare(type);
        if (action.isEmpty()) {
            String field = type.equals("agentReniceProcess") ? "priority" : "severity";
            body.error(type + " needs `" + field + "`", "add it");
        }
        return action.map(found -> new Entry(found, true, Selectors.NONE));
    }

    private Entry entry(String type, Fields fields) {
        boolean enabled = fields.take("enabled").map(Slot::bool).orElse(true);
        var action = action(type, fields);
        var selectors = selective ? SelectorReader.readAll(fields, SCOPES) : Selectors.NONE;
        if (selective && selectors.isEmpty()) {
            fields.error("the action has no selector", "add at least one, such as `processSelector`");
        }
        if (!selective && SCOPES.stream().anyMatch(scope -> fields.has(scope.key()))) {
            SCOPES.forEach(scope -> fields.know(scope.key()));
            fields.error("a default action has no selectors", "move it to `actions`");
        }
        fields.refuseUnknown();
        return new Entry(action, enabled, selectors);
    }

    private static Action action(String type, Fields fields) {
        return switch (type) {
            case "makeRedFlag" ->
                new Action.MakeRedFlag(
                        severity(fields),
                        limited(fields, "content", MAX_CONTENT),
                        limited(fields, "impact", MAX_IMPACT));
            case "makeOpsFlag" ->
                new Action.MakeOpsFlag(
                        severity(fields),
                        limited(fields, "content", MAX_CONTENT),
                        limited(fields, "description", MAX_CONTENT));
            case "agentReniceProcess" ->
                new Action.ReniceProcess(
                        fields.require("priority").map(ActionReader::priority).orElse(0));
            default -> Action.bare(type).orElseThrow();
        };
    }

    private static int priority(Slot slot) {
        int priority = (int) slot.integer(-20, 19);
        if (slot.isScalar()) {
            slot.reading().means(slot.tree(), Json.of(Integer.toString(priority)));
        }
        return priority;
    }

    private static Severity severity(Fields fields) {
        return fields.require("severity")
                .map(slot -> Choice.read(slot, Severity::parse, Severity.values(), Severity.HIGH))
                .orElse(Severity.HIGH);
    }

    private static String limited(Fields fields, String key, int maxLength) {
        return fields.take(key).map(slot -> slot.text(maxLength)).orElse("");
    }

    private boolean canBeTaken(String type) {
        return switch (type) {
            case "makeRedFlag", "makeOpsFlag" -> true;
            case "agentKillPod" -> policyType != PolicyType.LINUX_SERVICE;
            default -> policyType.isWorkload();
        };
    }
}
