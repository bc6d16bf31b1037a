package io.guardian.core.document;

import java.util.List;

/** Checks the documents around notifications, saved queries, search sets and custom flags. */
final class OtherReader {
    private static final List<String> SEVERITIES = List.of("critical", "high", "medium", "low", "info");

    private OtherReader() {}

    static OtherDocument read(Kind kind, String type, Fields metadata, Fields top) {
        String name = Names.read(metadata);
        String uid = PolicyHead.uid(metadata);
        switch (kind) {
            case NOTIFICATION_TARGET -> top.take("spec").flatMap(Slot::fields).ifPresent(spec -> target(type, spec));
            case NOTIFICATION_TEMPLATE -> spec(top).ifPresent(spec -> template(type, spec));
            case AGENT_HEALTH_NOTIFICATION -> spec(top).ifPresent(OtherReader::agentHealth);
            case SAVED_QUERY -> spec(top).ifPresent(OtherReader::savedQuery);
            case SEARCH_SET -> top.require("spec").ifPresent(list -> list.texts(0));
            case CUSTOM_FLAG -> spec(top).ifPresent(spec -> customFlag(metadata, spec));
            case POLICY, RULESET, FINGERPRINT, BASELINE, FINGERPRINT_GROUP, DEVIATION, UID_LIST, CONFIG, API_SECRET ->
                throw new IllegalArgumentException("a " + kind + " has a type of its own");
        }
        return new OtherDocument(kind, name, uid, type);
    }

    private static java.util.Optional<Fields> spec(Fields top) {
        return top.require("spec").flatMap(Slot::fields);
    }

    private static void target(String type, Fields spec) {
        switch (type) {
            case "email" -> spec.require("emails").ifPresent(list -> list.texts(1));
            case "slack", "webhook" -> spec.requireText("url");
            case "pagerduty" -> spec.requireText("routing_key");
            default -> {}
        }
    }

    private static void template(String type, Fields spec) {
        switch (type) {
            case "email" -> {
                spec.requireText("subject");
                spec.text("body_text");
                spec.text("body_html");
            }
            case "slack" -> {
                spec.requireText("text");
                spec.take("blocks").ifPresent(list -> list.items(0).forEach(Slot::fields));
            }
            case "pagerduty" -> {
                spec.requireText("summary");
                spec.requireText("severity");
                spec.requireText("source");
                spec.take("custom_details").ifPresent(Slot::fields);
            }
            case "webhook" -> {
                spec.take("payload").ifPresent(Slot::fields);
                spec.take("entire_object").ifPresent(Slot::bool);
            }
            default -> {}
        }
    }

    private static void agentHealth(Fields spec) {
        spec.text("scope_query");
        spec.take("notification_settings").flatMap(Slot::fields).ifPresent(settings -> {
            for (var key : List.of("agent_healthy", "agent_unhealthy", "agent_offline", "agent_online")) {
                settings.take(key).ifPresent(OtherReader::notificationSettings);
            }
        });
    }

    private static void notificationSettings(Slot slot) {
        if (slot.isNull()) {
            return;
        }
        slot.fields().ifPresent(fields -> {
            fields.require("is_enabled").ifPresent(Slot::bool);
            fields.text("uid");
            fields.take("target_map").ifPresent(Slot::fields);
            for (var seconds : List.of("cooldown", "aggregate_seconds")) {
                fields.take(seconds).ifPresent(value -> value.integer(0, Integer.MAX_VALUE));
            }
            for (var names : List.of("cooldown_by", "aggregate_by")) {
                fields.take(names).ifPresent(list -> list.texts(0));
            }
            fields.take("aggregate").ifPresent(Slot::bool);
        });
    }

    private static void savedQuery(Fields spec) {
        spec.requireText("schema");
        spec.requireText("query");
        spec.text("description");
        spec.take("notification_settings").ifPresent(OtherReader::notificationSettings);
        spec.take("additional_settings")
                .flatMap(Slot::fields)
                .flatMap(fields -> fields.take("auto_ai_summarization"))
                .ifPresent(Slot::bool);
    }

    private static void customFlag(Fields metadata, Fields spec) {
        spec.take("enabled").ifPresent(Slot::bool);
        String query = spec.text("query");
        String schema = metadata.text("schema");
        boolean saved = !metadata.text("savedQueryUID").isEmpty();
        boolean isNew = PolicyHead.uid(metadata).isEmpty();
        if (isNew && !saved && (query.isEmpty() || schema.isEmpty())) {
            spec.error("the flag has no query", "give `metadata.schema` and `spec.query`, or `metadata.savedQueryUID`");
        }
        spec.take("notification_settings").ifPresent(OtherReader::notificationSettings);
        (isNew ? spec.require("flagSettings") : spec.take("flagSettings"))
                .flatMap(Slot::fields)
                .ifPresent(flag -> {
                    flag.require("type").ifPresent(slot -> Choice.word(slot, List.of("redflag", "opsflag")));
                    flag.requireText("description");
                    flag.require("severity").ifPresent(slot -> Choice.word(slot, SEVERITIES));
                    flag.text("impact");
                    flag.text("content");
                });
    }
}
