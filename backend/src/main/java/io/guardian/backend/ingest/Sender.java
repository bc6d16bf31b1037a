package io.guardian.backend.ingest;

/**
 * Who delivers, and for what it may speak.
 *
 * @param uid of the agent
 * @param muid machine of the agent; records of another machine are refused; empty for a sender that speaks for many
 */
public record Sender(String org, String uid, String muid) {
    /** The server itself. */
    public static Sender server(String org) {
        return new Sender(org, "server", "");
    }

    public boolean isServer() {
        return uid.equals("server");
    }

    /** Whether it passes on records of another system, with an API key. */
    public boolean isForwarder() {
        return !isServer() && !uid.startsWith("agent:");
    }
}
