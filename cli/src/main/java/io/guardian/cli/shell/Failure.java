package io.guardian.cli.shell;

import java.util.List;

/**
 * Ends a command early: what to tell the person, and the exit code.
 *
 * <p>Unchecked, since it crosses every layer up to the one place that prints it, and nothing in between can do better.
 */
public final class Failure extends RuntimeException {
    public static final int FAILED = 1;
    public static final int WRONG_USAGE = 2;
    public static final int INTERRUPTED = 130;

    private final int exitCode;
    private final List<String> more;

    private Failure(int exitCode, String message, List<String> more) {
        super(message);
        this.exitCode = exitCode;
        this.more = List.copyOf(more);
    }

    /** Refused, failed, not found: exit code 1. */
    public static Failure because(String message) {
        return new Failure(FAILED, message, List.of());
    }

    /** @param more further lines, printed below the first as they are */
    public static Failure because(String message, List<String> more) {
        return new Failure(FAILED, message, more);
    }

    /** A bad value: exit code 2. */
    public static Failure usage(String message) {
        return new Failure(WRONG_USAGE, message, List.of());
    }

    /** All that had to be said is on the screen already. */
    public static Failure silent(int exitCode) {
        return new Failure(exitCode, "", List.of());
    }

    public String reason() {
        return String.valueOf(getMessage());
    }

    public int exitCode() {
        return exitCode;
    }

    public List<String> more() {
        return more;
    }
}
