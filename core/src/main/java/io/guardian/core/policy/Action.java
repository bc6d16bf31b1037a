package io.guardian.core.policy;

import java.util.Optional;

/** What is done about a deviation. */
public sealed interface Action {

    /** The key of the action in a document, such as {@code makeRedFlag}. */
    String type();

    /** @param content at most 350 characters, empty when not given; {@code impact} at most 100 */
    record MakeRedFlag(Severity severity, String content, String impact) implements Action {
        @Override
        public String type() {
            return "makeRedFlag";
        }
    }

    record MakeOpsFlag(Severity severity, String content, String description) implements Action {
        @Override
        public String type() {
            return "makeOpsFlag";
        }
    }

    record KillPod() implements Action {
        @Override
        public String type() {
            return "agentKillPod";
        }
    }

    record KillProcess() implements Action {
        @Override
        public String type() {
            return "agentKillProcess";
        }
    }

    record KillProcessGroup() implements Action {
        @Override
        public String type() {
            return "agentKillProcessGroup";
        }
    }

    record KillProcessTree() implements Action {
        @Override
        public String type() {
            return "agentKillProcessTree";
        }
    }

    /** @param priority -20 to 19 */
    record ReniceProcess(int priority) implements Action {
        public ReniceProcess {
            if (priority < -20 || priority > 19) {
                throw new IllegalArgumentException("priority " + priority + " is outside -20 to 19");
            }
        }

        @Override
        public String type() {
            return "agentReniceProcess";
        }
    }

    /** Whether the action can kill a process or pod. */
    default boolean kills() {
        return switch (this) {
            case KillPod(), KillProcess(), KillProcessGroup(), KillProcessTree() -> true;
            case MakeRedFlag _, MakeOpsFlag _, ReniceProcess _ -> false;
        };
    }

    /** The action without fields that goes by this key. */
    static Optional<Action> bare(String type) {
        return switch (type) {
            case "agentKillPod" -> Optional.of(new KillPod());
            case "agentKillProcess" -> Optional.of(new KillProcess());
            case "agentKillProcessGroup" -> Optional.of(new KillProcessGroup());
            case "agentKillProcessTree" -> Optional.of(new KillProcessTree());
            default -> Optional.empty();
        };
    }
}
