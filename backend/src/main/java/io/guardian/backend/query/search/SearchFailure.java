package io.guardian.backend.query.search;

/** A search that can't be finished; the message is one line for the person who asked. */
public final class SearchFailure extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final int status;

    /** @param status of the answer, never 200 */
    public SearchFailure(int status, String message) {
        super(message, null, false, false);
        this.status = status;
    }

    public int status() {
        return status;
    }

    /** Never null. */
    public String message() {
        return String.valueOf(getMessage());
    }
}
