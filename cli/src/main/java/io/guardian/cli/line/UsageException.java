package io.guardian.cli.line;

/** The line can't be understood; the message says why and what may be meant. */
public final class UsageException extends Exception {
    public UsageException(String message) {
        super(message);
    }
}
