package io.guardian.backend.meta;

/** What a key may be allowed to do, as verbs; {@link Role} says which role has which. */
public enum Permission {
    READ_ORG("org:Read"),
    UPDATE_ORG("org:Update"),
    MANAGE_KEYS("org:ManageApiKey"),
    READ_AUDIT("org:ListAudit"),
    LIST_POLICY("org:ListAnalyticsPolicy"),
    UPDATE_POLICY("org:UpdateAnalyticsPolicy"),
    LIST_RULESET("org:ListAnalyticsRuleset"),
    UPDATE_RULESET("org:UpdateAnalyticsRuleset"),
    LIST_QUERY("org:ListSavedQuery"),
    UPDATE_QUERY("org:UpdateSavedQuery"),
    LIST_SOURCE("org:ListSource"),
    UPDATE_SOURCE("org:UpdateSource"),
    LIST_AGENT("org:ListAgent"),
    UPDATE_AGENT("org:UpdateAgent"),
    LIST_REGISTRATION("org:ListAgentRegistration"),
    MANAGE_REGISTRATION("org:UpdateAgentRegistration"),
    LIST_ACTION("org:ListAgentAction"),
    KILL_POD("agent:KillPod"),
    KILL_PROCESS("agent:KillProcess"),
    SCAN_CONTAINER("agent:ScanContainer"),
    QUERY_DATA("source_data:Query"),
    IMPORT_DATA("source_data:Import");

    private final String verb;

    Permission(String verb) {
        this.verb = verb;
    }

    /** The published name, such as {@code agent:KillPod}. */
    @Override
    public String toString() {
        return verb;
    }
}
