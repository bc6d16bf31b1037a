package io.guardian.core.text;

/**
 * Something wrong, or worth saying, about one place of a document.
 *
 * @param path such as {@code spec.networkPolicy.egress[2].ports[0].endPort}; empty for the text as a whole
 * @param message lower case, no final period, user input in backticks
 * @param help what to do about it; empty when the message says so already
 */
public record Problem(Kind kind, Place place, String path, String message, String help) {

    public Problem {
        path = printable(path);
        message = printable(message);
        help = printable(help);
    }

    /** What is quoted comes from strangers and goes to terminals: no control characters. */
    private static String printable(String text) {
        return text.codePoints().noneMatch(Character::isISOControl)
                ? text
                : text.codePoints()
                        .map(c -> Character.isISOControl(c) ? '\ufffd' : c)
                        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                        .toString();
    }

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
