package io.guardian.backend.log;

import java.io.IOException;

/** There is no room for the entry now: the disk is full, or the limit is reached while a reader lags. */
public final class LogFullException extends IOException {
    public LogFullException(String message) {
        super(message);
    }

    public LogFullException(String message, IOException cause) {
        super(message, cause);
    }
}
