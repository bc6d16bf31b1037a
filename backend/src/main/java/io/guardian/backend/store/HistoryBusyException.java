package io.guardian.backend.store;

/** The history can't answer now; the same question may be answered later. */
public final class HistoryBusyException extends RuntimeException {
    public HistoryBusyException(String message) {
        super(message);
    }

    public HistoryBusyException(String message, Throwable cause) {
        super(message, cause);
    }
}
