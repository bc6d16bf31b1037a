package io.guardian.cli.line;

/**
 * The words of a command that are no options.
 *
 * @param least how many must be given
 * @param most how many may be given
 */
public record Positional(String label, String help, int least, int most) {
    public static final Positional NONE = new Positional("", "", 0, 0);

    public static Positional required(String label, String help) {
        return new Positional(label, help, 1, 1);
    }

    public static Positional optional(String label, String help) {
        return new Positional(label, help, 0, 1);
    }

    public static Positional oneOrMore(String label, String help) {
        return new Positional(label, help, 1, Integer.MAX_VALUE);
    }

    /** As in a usage line: {@code NAME}, {@code [NAME]}, {@code NAME…}. */
    public String usage() {
        if (most == 0) {
            return "";
        }
        String shown = most > 1 ? label + "..." : label;
        return least == 0 ? "[" + shown + "]" : shown;
    }
}
