package io.guardian.core.document;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** The kinds of document, as their {@code kind} says. */
public enum Kind {
    POLICY("SpyderbatPolicy", Unknown.REFUSED, "container", "linux-service", "cluster", "trace"),
    RULESET("SpyderbatRuleset", Unknown.REFUSED, "cluster", "container"),
    FINGERPRINT("SpyderbatFingerprint", Unknown.REFUSED, "container", "linux-service"),
    BASELINE("SpyderbatBaseline", Unknown.IGNORED, "container", "linux-service"),
    FINGERPRINT_GROUP("FingerprintGroup", Unknown.IGNORED),
    DEVIATION("GuardianDeviation", Unknown.IGNORED, "process", "ingress", "egress", "cluster"),
    UID_LIST("UidList", Unknown.REFUSED),
    NOTIFICATION_TARGET("NotificationTarget", Unknown.REFUSED, "email", "slack", "pagerduty", "webhook"),
    NOTIFICATION_TEMPLATE("NotificationTemplate", Unknown.REFUSED, "email", "slack", "pagerduty", "webhook"),
    AGENT_HEALTH_NOTIFICATION("AgentHealthNotification", Unknown.IGNORED),
    SAVED_QUERY("SpyderbatSavedQuery", Unknown.REFUSED),
    SEARCH_SET("SpyderbatSearchSet", Unknown.IGNORED),
    CUSTOM_FLAG("SpyderbatCustomFlag", Unknown.REFUSED),
    CONFIG("Config", Unknown.REFUSED),
    API_SECRET("APISecret", Unknown.REFUSED);

    /** What is done about unknown keys at the top of the document. */
    enum Unknown {
        REFUSED,
        IGNORED
    }

    private final String text;
    private final Unknown topLevel;
    // List.of is immutable; only its declared type is not.
    @SuppressWarnings("ImmutableEnumChecker")
    private final List<String> types;

    Kind(String text, Unknown topLevel, String... types) {
        this.text = text;
        this.topLevel = topLevel;
        this.types = List.of(types);
    }

    /** Allowed values of {@code metadata.type}; empty when the kind has no type. */
    public List<String> types() {
        return types;
    }

    Unknown topLevel() {
        return topLevel;
    }

    public static Optional<Kind> parse(String text) {
        return Arrays.stream(values()).filter(kind -> kind.text.equals(text)).findFirst();
    }

    /** All kinds as documents name them. */
    public static List<String> names() {
        return Arrays.stream(values()).map(Kind::toString).collect(Collectors.toList());
    }

    @Override
    public String toString() {
        return text;
    }
}
