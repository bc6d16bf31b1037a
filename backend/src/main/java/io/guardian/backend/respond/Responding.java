package io.guardian.backend.respond;

import io.guardian.core.decide.LogLine;
import io.guardian.core.event.DeviationEvent.ActionResult;
import io.guardian.core.policy.Action;
import io.guardian.core.policy.PolicyMode;
import io.guardian.core.selector.Subject;
import io.guardian.core.text.Json;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Which records follow from one deviation. Decides only; nothing is stored or done here.
 *
 * <p>Every selected action has two line numbers, for its beginning and its end, by its place in the selection; so lines
 * keep their ids when an agent reports an action later than the deviation.
 */
final class Responding {
    private final Case found;
    private final List<Action> selected;
    private final List<Json.Obj> records = new ArrayList<>();
    private final List<Integer> podKills = new ArrayList<>();

    private Responding(Case found, Subject object) {
        this.found = found;
        this.selected = found.policy().responses().select(object, found.kind()).actions();
    }

    /**
     * @param records lines and flags, in order
     * @param podKills numbers of the lines that tell how each wanted kill of a pod ends
     */
    record Outcome(List<Json.Obj> records, List<Integer> podKills) {}

    /** @param first false when only what the agent did since is new */
    static Outcome to(Case found, Subject object, boolean first) {
        var responding = new Responding(found, object);
        if (first) {
            responding.records.add(Lines.deviation(found));
            responding.selected();
        }
        responding.reported();
        return new Outcome(responding.records, responding.podKills);
    }

    private void selected() {
        for (int i = 0; i < selected.size(); i++) {
            var action = selected.get(i);
            switch (found.mode()) {
                case AUDIT -> begin(i, action.type(), "");
                case ENFORCE -> enforce(i, action);
            }
        }
    }

    private void enforce(int index, Action action) {
        switch (action) {
            case Action.MakeRedFlag flag -> {
                begin(index, action.type(), "");
                records.add(Flags.red(found, flag));
            }
            case Action.MakeOpsFlag flag -> {
                begin(index, action.type(), "");
                records.add(Flags.ops(found, flag));
            }
            case Action.KillPod() -> {
                if (!found.event().uncertain()) {
                    begin(index, action.type(), "");
                    podKills.add(endNumber(index));
                }
            }
            case Action.KillProcess(), Action.KillProcessGroup(), Action.KillProcessTree(), Action.ReniceProcess _ -> {
                // The agent takes these by itself, and reports them.
            }
        }
    }

    /** What the agent did. Reported again, a line has the same id. */
    private void reported() {
        if (found.mode() == PolicyMode.AUDIT) {
            return;
        }
        int unselected = selected.size();
        var used = new HashSet<Integer>();
        for (ActionResult result : found.event().actions()) {
            int index = index(result.type(), used);
            index = index < 0 ? unselected++ : index;
            used.add(index);
            begin(index, result.type(), result.uid());
            String text = result.result().isEmpty() ? text(result) : result.result();
            String line = result.resultCode() == 0
                    ? LogLine.completed(result.type(), target(result.type()), text)
                    : LogLine.failed(result.type(), target(result.type()), text);
            records.add(Lines.action(found, endNumber(index), result.type(), line, result.uid()));
        }
    }

    private static String text(ActionResult result) {
        return result.resultCode() == 0 ? "done" : "code " + result.resultCode();
    }

    private int index(String type, Set<Integer> used) {
        for (int i = 0; i < selected.size(); i++) {
            if (selected.get(i).type().equals(type) && !used.contains(i)) {
                return i;
            }
        }
        return -1;
    }

    private void begin(int index, String type, String actionUid) {
        String line = LogLine.action(found.mode(), type, target(type));
        records.add(Lines.action(found, 1 + 2 * index, type, line, actionUid));
    }

    private static int endNumber(int index) {
        return 2 + 2 * index;
    }

    private String target(String type) {
        boolean pod =
                type.equals("agentKillPod") && !found.entry().text("pod_name").isEmpty();
        return pod
                ? LogLine.podTarget(found.entry().text("pod_name"))
                : LogLine.target(found.event().ref());
    }
}
