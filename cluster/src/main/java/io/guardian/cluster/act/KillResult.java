package io.guardian.cluster.act;

/**
 * How a request ended.
 *
 * @param code 0 when the pod is gone or going, else {@link #FAILED} or {@link #GUARDED}
 */
public record KillResult(int code, String text) {
    /** The API server refused, or there was no answer. */
    public static final int FAILED = 1;
    /** A guard refused before anything was asked of the API server. */
    public static final int GUARDED = 2;

    static KillResult done(String text) {
        return new KillResult(0, text);
    }

    static KillResult failed(String text) {
        return new KillResult(FAILED, text);
    }

    static KillResult guarded(String text) {
        return new KillResult(GUARDED, "guarded: " + text);
    }

    /** {@code guarded} or {@code failed}; empty for a success. */
    public String reason() {
        return code == 0 ? "" : code == GUARDED ? "guarded" : "failed";
    }
}
