package io.guardian.core.text;

/**
 * Something wrong, or worth saying, about one place of a document.
 *
 * @param path such as {@code spec.networkPolicy.egress[2].ports[0].endPort}; empty for the text as a whole
 * @param message lower case, no final period, user input in backticks
 * @param help what to do about it; empty when the message says so already
 */
public record Problem(Kind kind, Place place, String path, String message, String help) {

    /** Whether the document can still be used. */
    public enum Kind {
        ERROR,
        NOTICE
    }

    /** {@code policy.yaml:14:7: spec.mode: `on` is not a mode}, without the help. */
    public String headline() {
        String where = place.toString();
        return (where.isEmpty() ? "" : where + ": ") + (path.isEmpty() ? "" : path + ": ") + message;
    }

    /** The headline, and the help behind a semicolon. */
    @Override
    public String toString() {
        return help.isEmpty() ? headline() : headline() + "; " + help;
    }
}
