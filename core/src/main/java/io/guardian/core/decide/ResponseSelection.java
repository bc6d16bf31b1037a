package io.guardian.core.decide;

import io.guardian.core.policy.Action;
import io.guardian.core.policy.PolicyType;
import io.guardian.core.policy.Response;
import io.guardian.core.selector.Scope;
import io.guardian.core.selector.Selection;
import io.guardian.core.selector.SelectorMatch;
import io.guardian.core.selector.Subject;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * The response of a policy, ready to be asked which actions a deviation takes: for each type of action the entries of
 * {@code actions} whose selectors match, else those of {@code default}. Entries that are disabled, or that the policy's
 * type can't carry out, are as if absent.
 */
public final class ResponseSelection {
    private final Set<String> types = new LinkedHashSet<>();
    private final List<Response.Entry> defaults;
    private final LinkedHashMap<Response.Entry, SelectorMatch> actions = new LinkedHashMap<>();

    public ResponseSelection(PolicyType type, Response response) {
        defaults = response.defaults().stream()
                .filter(entry -> counts(type, entry))
                .toList();
        response.actions().stream()
                .filter(entry -> counts(type, entry))
                .forEach(entry -> actions.put(entry, SelectorMatch.of(entry.selectors())));
        actions.keySet().forEach(entry -> types.add(entry.action().type()));
        defaults.forEach(entry -> types.add(entry.action().type()));
    }

    /**
     * What to do, in the order of the document; equal actions once.
     *
     * @param pending true when a selector depends on something that is not known yet; its action is not among the
     *     selected ones
     */
    public record Selected(List<Action> actions, boolean pending) {
        public Selected {
            actions = List.copyOf(actions);
        }
    }

    /** @param object with the scopes of its workload, and for a process, connection or socket the process scope */
    public Selected select(Subject object, Deviation.Kind kind) {
        var taken = new LinkedHashSet<Action>();
        boolean pending = false;
        for (var type : types) {
            var hits = new ArrayList<Action>();
            boolean unknown = false;
            for (var entry : actions.entrySet()) {
                if (!entry.getKey().action().type().equals(type) || barred(entry.getKey(), kind)) {
                    continue;
                }
                var selection = entry.getValue().match(object);
                if (selection == Selection.MATCH) {
                    hits.add(entry.getKey().action());
                }
                unknown |= selection == Selection.UNKNOWN;
            }
            pending |= unknown;
            taken.addAll(hits.isEmpty() && !unknown ? defaults(type, kind) : hits);
        }
        return new Selected(List.copyOf(taken), pending);
    }

    private List<Action> defaults(String type, Deviation.Kind kind) {
        return defaults.stream()
                .filter(entry -> entry.action().type().equals(type) && !barred(entry, kind))
                .map(Response.Entry::action)
                .toList();
    }

    /** Or any stray packet from outside could kill a server. */
    private static boolean barred(Response.Entry entry, Deviation.Kind kind) {
        return kind == Deviation.Kind.INGRESS
                && entry.action().kills()
                && !entry.selectors().has(Scope.PROCESS);
    }

    private static boolean counts(PolicyType type, Response.Entry entry) {
        return entry.enabled() && canCarryOut(type, entry.action());
    }

    /** Whether policies of the type can take the action at all. */
    public static boolean canCarryOut(PolicyType type, Action action) {
        return switch (action) {
            case Action.MakeRedFlag _, Action.MakeOpsFlag _ -> type.isWorkload() || type == PolicyType.CLUSTER;
            case Action.KillPod() -> type == PolicyType.CONTAINER || type == PolicyType.CLUSTER;
            case Action.KillProcess(), Action.KillProcessGroup(), Action.KillProcessTree() -> type.isWorkload();
            case Action.ReniceProcess _ -> type.isWorkload();
        };
    }
}
