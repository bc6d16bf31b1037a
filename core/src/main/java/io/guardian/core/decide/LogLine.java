package io.guardian.core.decide;

import io.guardian.core.net.Protocol;
import io.guardian.core.policy.PolicyMode;

/**
 * The lines of the policy log, word for word. Names and paths are chosen by whoever runs the process, so they are
 * escaped: quotes and backslashes get a backslash, control characters become {@code \xHH}, and what turns text round or
 * hides it {@code \}{@code uHHHH}.
 */
public final class LogLine {
    private LogLine() {}

    /** {@code Process "NAME" using executable "EXE"}. */
    static String process(String name, String exe) {
        return "Process " + quoted(name) + " using executable " + quoted(exe);
    }

    static String processShort(String name, String exe) {
        return "Process " + quoted(name) + " exe " + quoted(exe);
    }

    static String connection(String process, Connection connection) {
        String start = switch (connection.direction()) {
            case EGRESS -> "Egress ";
            case INGRESS -> "Ingress ";
        };
        String side = switch (connection.direction()) {
            case EGRESS -> " to ";
            case INGRESS -> " from ";
        };
        String peer = connection.names().isEmpty()
                ? connection.remote().toString()
                : connection.names().getFirst();
        return start + connection.protocol() + " connection of process " + quoted(process) + side + quoted(peer)
                + " port " + connection.serverPort();
    }

    static String socket(String process, Protocol protocol, int port) {
        return "Listening socket " + protocol + " port " + port + " of process " + quoted(process);
    }

    /** Parts without a value are left out. */
    public static String container(String image, String namespace, String cluster) {
        return "Container image " + quoted(image)
                + (namespace.isEmpty() ? "" : " ns:" + quoted(namespace))
                + (cluster.isEmpty() ? "" : " cluster:" + quoted(cluster));
    }

    public static String deviatedFrom(String policy) {
        return " deviated from policy " + quoted(policy) + ".";
    }

    /** The line of a deviation that is described like this, with the mark of audit mode. */
    public static String deviation(PolicyMode mode, String description) {
        return marked(mode, description);
    }

    /** The line of a deviation, with the mark of audit mode. */
    public static String deviation(PolicyMode mode, Deviation deviation) {
        return marked(mode, deviation.description());
    }

    /**
     * What was begun, or would have been.
     *
     * @param action key of the action, such as {@code agentKillProcess}
     * @param target from {@link #target} or {@link #podTarget}
     */
    public static String action(PolicyMode mode, String action, String target) {
        String begun = "nitiated \"" + action + "\" action for " + target + ".";
        return switch (mode) {
            case AUDIT -> marked(mode, "Would have i" + begun + " Not initiated due to \"audit\" mode.");
            case ENFORCE -> "I" + begun;
        };
    }

    public static String completed(String action, String target, String result) {
        return ended("Completed", action, target, result);
    }

    public static String failed(String action, String target, String result) {
        return ended("Failed", action, target, result);
    }

    public static String expired(String action, String target, String result) {
        return ended("Expired", action, target, result);
    }

    private static String ended(String how, String action, String target, String result) {
        return how + " \"" + action + "\" action for " + target + ". Result: " + escaped(result) + ".";
    }

    /** Ends the lines of one kind when an hour's limit is reached. */
    public static String andMore(PolicyMode mode, String description, long count) {
        return marked(mode, description + " … and " + count + " more");
    }

    /** An object by its uid. */
    public static String target(String uid) {
        return quoted(uid);
    }

    public static String podTarget(String podName) {
        return quoted(podName) + " pod";
    }

    private static String marked(PolicyMode mode, String line) {
        return switch (mode) {
            case AUDIT -> "(audit mode): " + line;
            case ENFORCE -> line;
        };
    }

    private static String quoted(String value) {
        return '"' + escaped(value) + '"';
    }

    /** Shows nothing itself, but may turn round, hide or break what is around it. */
    private static boolean turnsText(char c) {
        int type = Character.getType(c);
        return type == Character.FORMAT || type == Character.LINE_SEPARATOR || type == Character.PARAGRAPH_SEPARATOR;
    }

    static String escaped(String value) {
        var out = new StringBuilder(value.length());
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c == '"' || c == '\\') {
                out.append('\\').append(c);
            } else if (Character.isISOControl(c)) {
                out.append("\\x").append(Character.forDigit(c >> 4, 16)).append(Character.forDigit(c & 0xf, 16));
            } else if (turnsText(c)) {
                out.append(String.format("\\u%04x", (int) c));
            } else {
                out.append(c);
            }
        }
        return out.toString();
    }
}
