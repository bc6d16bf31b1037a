package io.guardian.backend.ingest;

import io.guardian.core.text.Json;
import io.guardian.core.text.JsonReader;
import io.guardian.core.text.JsonSyntaxException;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Whether one line is a record that may be stored. Depends on nothing but its arguments, so that the answer is the same
 * when the log is replayed.
 */
final class LineCheck {
    /** A record may be dated so far ahead of the server; beyond, it gets the server's time. */
    static final double MAX_AHEAD_SECONDS = 600;

    private static final int MAX_ID_CHARS = 512;
    private static final Pattern SCHEMA =
            Pattern.compile("(?:model|event)_[a-z0-9_]{1,60}:[A-Za-z0-9_]{0,60}:\\d{1,9}\\.\\d{1,9}\\.\\d{1,9}");
    /** What follows from other records is made by the server alone; but for red flags of other systems' alerts. */
    private static final Set<String> SERVER_MADE =
            Set.of("event_log", "event_redflag", "event_opsflag", "model_fingerprint", "model_spydertrace");

    /** Containers of clusters are judged by the server, and by nobody else. */
    private static final String CLUSTER_DEVIATION = "event_deviation:cluster:";

    private LineCheck() {}

    /** What was found. */
    sealed interface Found {
        /** @param clamped whether its time lay too far ahead and was replaced */
        record Accepted(Json.Obj entry, boolean clamped) implements Found {}

        /** @param id empty when the line has none */
        record Rejected(String id, String message) implements Found {}
    }

    static Found check(byte[] bytes, int from, int length, Sender sender, long receivedMicros, int maxBytes) {
        if (length > maxBytes) {
            return new Found.Rejected("", "the line is longer than " + maxBytes + " bytes");
        }
        try {
            return JsonReader.read(bytes, from, length) instanceof Json.Obj entry
                    ? check(entry, sender, receivedMicros)
                    : new Found.Rejected("", "the line is not a JSON object");
        } catch (JsonSyntaxException bad) {
            return new Found.Rejected("", "the line is not JSON: " + bad.getMessage());
        }
    }

    private static Found check(Json.Obj entry, Sender sender, long receivedMicros) {
        String id = entry.text("id");
        var problem = problem(entry, id, sender);
        if (problem.isPresent()) {
            return new Found.Rejected(id.length() > MAX_ID_CHARS ? "" : id, problem.get());
        }
        double received = receivedMicros / 1e6;
        double time = number(entry, "time").orElse(0.0);
        return time > received + MAX_AHEAD_SECONDS
                ? new Found.Accepted(entry.with("time", Json.of(received)), true)
                : new Found.Accepted(entry, false);
    }

    private static Optional<String> problem(Json.Obj entry, String id, Sender sender) {
        if (id.isEmpty() || id.length() > MAX_ID_CHARS) {
            return Optional.of("`id` must be a text of 1 to " + MAX_ID_CHARS + " characters");
        }
        String schema = entry.text("schema");
        if (!SCHEMA.matcher(schema).matches()) {
            return Optional.of("`schema` must look like `model_process::1.0.0`");
        }
        if (number(entry, "time").filter(time -> time >= 0 && time < 1e11).isEmpty()) {
            return Optional.of("`time` must be a number of seconds since the epoch");
        }
        if (schema.startsWith("model_") && number(entry, "version").isEmpty()) {
            return Optional.of("`version` must be a number");
        }
        String kind = schema.substring(0, schema.indexOf(':'));
        boolean imported = sender.isForwarder() && kind.equals("event_redflag");
        boolean serverMade = SERVER_MADE.contains(kind) || schema.startsWith(CLUSTER_DEVIATION);
        if (!sender.isServer() && !imported && serverMade) {
            return Optional.of("records of the schema `" + schema + "` are made by the server only");
        }
        if (!sender.isServer() && schema.startsWith("event_redflag:") && namesAPolicy(entry)) {
            return Optional.of("a red flag of another system can't name a deviation or a policy");
        }
        String muid = entry.text("muid");
        if (!muid.isEmpty() && !sender.muid().isEmpty() && !muid.equals(sender.muid())) {
            return Optional.of("`muid` names another machine than the agent's");
        }
        return Optional.empty();
    }

    private static boolean namesAPolicy(Json.Obj flag) {
        return !flag.text("deviation_uid").isEmpty() || !flag.text("policy_uid").isEmpty();
    }

    private static Optional<Double> number(Json.Obj entry, String key) {
        return entry.number(key).map(Json.Num::asDouble).filter(Double::isFinite);
    }
}
